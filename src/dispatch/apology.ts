/** What a person is told when a handler failed in a way that is no business of theirs. */
export const APOLOGY =
  "Sorry, something went wrong here and I could not handle that. Please try again later.";

/** What a person is told when a handler took too long. */
export const TIMEOUT_APOLOGY = "Sorry, that took too long, so I gave up. Please try again later.";

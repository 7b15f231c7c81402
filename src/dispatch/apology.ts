import { textsOf } from "../bot/index.ts";

/** What a person is told in English when a handler failed in a way that is no business of theirs. */
export const APOLOGY: string = textsOf(undefined).say("apology", "en");

/** What a person is told in English when a handler took too long. */
export const TIMEOUT_APOLOGY: string = textsOf(undefined).say("tooLate", "en");

/** Thrown when what is stored of a session cannot be read by this version of the bot. Nothing was overwritten. */
export class SessionVersionError extends Error {
  override name = "SessionVersionError";
}

/** Thrown when a session cannot be stored: it is too large, or holds what is no JSON. Nothing that its handler did was stored. */
export class SessionValueError extends Error {
  override name = "SessionValueError";
}

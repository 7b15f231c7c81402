export { SessionValueError, SessionVersionError } from "./errors.ts";
export { keyOf, type SessionKey } from "./key.ts";
export { type SessionContext, type SessionOptions, session } from "./session.ts";

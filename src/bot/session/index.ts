export { SessionValueError, SessionVersionError } from "./errors.ts";
export { keyOf, type SessionKey } from "./key.ts";
export { type SessionContext, type SessionOptions, type SessionReader, session } from "./session.ts";

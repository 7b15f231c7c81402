import { RestConnectionError, type RestErrorKind } from "./errors.ts";

/**
 * What a failed connection means for the stanza. The error of Node or undici is not kept as the cause: it can hold the
 * request or parts of the answer, and with them a credential.
 *
 * @param written whether the request had begun to leave.
 */
export function connectionError(error: Error, written: boolean): RestConnectionError {
  const code = codeOf(error);
  const fate = written
    ? "Prosody may have taken the stanza all the same, so sending it again may deliver it twice"
    : "nothing was sent, so it can be tried again";
  const [kind, what] = meanings[code] ?? ["unavailable", "the connection to Prosody failed"];
  return new RestConnectionError(`${what} (${code}); ${fate}`, {
    kind: kind,
    code,
    retryable: !written && kind !== "closed",
    maybeDelivered: written,
  });
}

const meanings: Readonly<Record<string, readonly [RestErrorKind, string]>> = {
  ECONNREFUSED: [
    "unavailable",
    "nothing listens at the URL of mod_rest: is Prosody running, is this its HTTP port?",
  ],
  ENOTFOUND: ["unavailable", "the host in the URL of mod_rest has no address: is it spelt right?"],
  UND_ERR_CONNECT_TIMEOUT: [
    "timeout",
    "no connection to Prosody came about in time: is something in the way?",
  ],
  UND_ERR_HEADERS_TIMEOUT: ["timeout", "Prosody did not answer in time"],
  UND_ERR_BODY_TIMEOUT: ["timeout", "Prosody's answer did not end in time"],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: [
    "unexpected",
    "the answer is larger than maxResponseBytes: ask for less, or raise it",
  ],
  UND_ERR_HEADERS_OVERFLOW: ["unexpected", "the header of the answer is too large to be mod_rest's"],
  UND_ERR_DESTROYED: ["closed", "the client was closed before there was an answer"],
  UND_ERR_CLOSED: ["closed", "the client was closed"],
};

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  // Node tries every address of a name and gathers the failures.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return error.name;
}

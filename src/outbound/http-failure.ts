import { type ErrorBody, readErrorBody } from "./error-body.ts";
import { type RestErrorInit, type RestErrorKind, RestHttpError } from "./errors.ts";
import type { HttpAnswer } from "./exchange.ts";

/** What a status means for the stanza: whether to try again, and whether it may be there already. */
interface Meaning extends RestErrorInit {
  readonly advice: string;
}

function meaning(kind: RestErrorKind, advice: string, retryable = false, maybeDelivered = false): Meaning {
  return { kind, advice, retryable, maybeDelivered };
}

// mod_rest checks all this before it looks at where the stanza is going.
const credential = meaning(
  "unauthorized",
  "the credential is missing, wrong or expired: compare it with the one in Prosody's configuration, and see that it is for this host",
);
const from = meaning(
  "forbidden-from",
  "the credential may not send from that JID: an account sends as itself, a component as any JID of its host (on stock Prosody 13.0.1 only with mod_restanza_token)",
);
const malformed = meaning(
  "malformed",
  "Prosody could not read the stanza: this is a fault in restanza, please report it",
);
const large = meaning(
  "too-large",
  "the stanza is too large: send less, or raise rest_stanza_size_limit in Prosody",
);
const rejected = meaning(
  "rejected",
  "Prosody does not take a stanza like this one: mend its address or its shape",
);
const missing = meaning(
  "not-found",
  "no mod_rest answers at this URL for this host: compare url and host with Prosody's configuration, and see that the host has loaded mod_rest",
  true,
);
const waiting = meaning("unavailable", "the server is too busy or not ready: try again later", true);
const proxied = meaning(
  "unavailable",
  "a proxy got no proper answer from Prosody: the stanza may have been taken, so sending it again may deliver it twice",
  false,
  true,
);
const crashed = meaning(
  "crashed",
  "mod_rest crashed on it: Prosody's log has the traceback; a component's credentials do that on stock Prosody 13, for which there is mod_restanza_token",
  false,
  true,
);
const internal = meaning("crashed", "Prosody failed inside: its log tells more", false, true);
const overflow = meaning("unavailable", "Prosody has too much under way: send less at once", false, true);
const odd = meaning(
  "unexpected",
  "this is no answer of mod_rest: compare url with Prosody's configuration",
  false,
  true,
);

const byStatus: Readonly<Record<number, Meaning>> = {
  400: malformed,
  401: credential,
  403: credential,
  404: missing,
  405: missing,
  408: waiting,
  413: large,
  425: waiting,
  429: waiting,
  502: proxied,
  503: waiting,
  504: proxied,
};

/** The error for an answer whose status is no success. */
export function httpFailure(answer: HttpAnswer, redact: (text: string) => string): RestHttpError {
  const { status } = answer;
  const body = readErrorBody(String(answer.headers["content-type"] ?? ""), answer.body, redact);
  const { condition, text } = body;
  const { advice, ...init } = meaningOf(status, body);
  const detail = [condition, text].filter((part) => part !== undefined).join(": ");
  return new RestHttpError(
    `Prosody answered HTTP ${status}${detail === "" ? "" : ` (${detail})`}: ${advice}`,
    { ...init, status, condition, text },
  );
}

function meaningOf(status: number, { condition, text, html }: ErrorBody): Meaning {
  // Both have the condition not-authorized; only the words tell them apart.
  if (status === 403 && text !== undefined && /'from'/.test(text)) return from;
  if (status === 500 && html) return crashed;
  if (status === 500 && condition === "resource-constraint") return overflow;
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status >= 500) return internal;
  return status >= 400 ? rejected : odd;
}

/** The error for an answer that claims success and is none. */
export function unexpectedAnswer(status: number, why: string): RestHttpError {
  return new RestHttpError(`Prosody answered HTTP ${status}, but ${why}`, {
    kind: "unexpected",
    retryable: false,
    maybeDelivered: true,
    status,
  });
}

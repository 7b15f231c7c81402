import { STATUS_CODES } from "node:http";
import type { StanzaErrorCondition, StanzaErrorType } from "../../stanza/index.ts";

/** The stanza error into which Prosody turns an HTTP status that came without a stanza. */
export interface HttpCondition {
  readonly type: StanzaErrorType;
  readonly condition: StanzaErrorCondition;
  readonly text: string;
}

const known: Readonly<Record<number, readonly [StanzaErrorType, StanzaErrorCondition]>> = {
  400: ["modify", "bad-request"],
  401: ["auth", "not-authorized"],
  402: ["auth", "payment-required"],
  403: ["auth", "forbidden"],
  404: ["cancel", "item-not-found"],
  405: ["cancel", "not-allowed"],
  406: ["modify", "not-acceptable"],
  407: ["auth", "registration-required"],
  408: ["wait", "remote-server-timeout"],
  409: ["cancel", "conflict"],
  410: ["cancel", "gone"],
  411: ["modify", "bad-request"],
  412: ["cancel", "conflict"],
  413: ["modify", "resource-constraint"],
  414: ["modify", "resource-constraint"],
  415: ["cancel", "feature-not-implemented"],
  416: ["modify", "bad-request"],
  422: ["modify", "bad-request"],
  423: ["wait", "resource-constraint"],
  429: ["wait", "resource-constraint"],
  431: ["modify", "resource-constraint"],
  451: ["auth", "forbidden"],
  500: ["wait", "internal-server-error"],
  501: ["cancel", "feature-not-implemented"],
  502: ["wait", "remote-server-timeout"],
  503: ["cancel", "service-unavailable"],
  504: ["wait", "remote-server-timeout"],
  507: ["wait", "resource-constraint"],
  511: ["auth", "not-authorized"],
};

/** Where Prosody names a status otherwise than Node does. */
const otherwise: Readonly<Record<number, string>> = {
  413: "Content Too Large",
  422: "Unprocessable Content",
  418: "I'm a teapot",
};

/** The words of Prosody for a status, such as `404 Not Found`. */
export function statusLine(status: number): string {
  const words = otherwise[status] ?? STATUS_CODES[status];
  return words === undefined ? `${status} Unassigned` : `${status} ${words}`;
}

/** What a status means for the sender of the stanza; `undefined-condition` where Prosody knows nothing better. */
export function conditionOf(status: number): HttpCondition {
  const [type, condition] = known[status] ?? ["cancel", "undefined-condition"];
  return { type, condition, text: statusLine(status) };
}

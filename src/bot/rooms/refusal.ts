import type { StanzaError } from "../../stanza/index.ts";

/**
 * What the error says with which a room, or its service, answers a join: `nickname`, another one has that nickname; `passing`, it may be
 * let in later; `barred`, it is banned; `lasting`, somebody has to do something first.
 */
export type Refusal = "nickname" | "passing" | "barred" | "lasting";

/** Conditions that pass although their type says `cancel`, as of a service that has not started yet. */
const PASSING: ReadonlySet<string> = new Set([
  "internal-server-error",
  "recipient-unavailable",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
  "service-unavailable",
  // A room that its owner is just making (XEP-0045 §10.1.3).
  "item-not-found",
]);

/** Judges it. */
export function refusalOf({ condition, type }: StanzaError): Refusal {
  if (condition === "conflict") return "nickname";
  if (condition === "forbidden") return "barred";
  return type === "wait" || PASSING.has(condition) ? "passing" : "lasting";
}

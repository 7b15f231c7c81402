import { type Element, el, NS_CLIENT, StanzaError } from "../../stanza/index.ts";

/** A message with one of these errors says that its sender cannot be reached, and Prosody drops it from the room. */
const KICKABLE: ReadonlySet<string> = new Set([
  "gone",
  "internal-server-error",
  "item-not-found",
  "jid-malformed",
  "recipient-unavailable",
  "redirect",
  "remote-server-not-found",
  "remote-server-timeout",
  "service-unavailable",
]);

/** Whether a stanza says that its sender cannot be reached. */
export function isKickable(stanza: Element): boolean {
  const error = stanza.child("error", NS_CLIENT);
  return error === undefined || KICKABLE.has(StanzaError.fromElement(error).condition);
}

/** What the room is told of an occupant who is dropped from it for an error. */
export function kickedPresence(stanza: Element): Element {
  const { condition } = StanzaError.fromElement(stanza.child("error", NS_CLIENT) ?? el("error"));
  const status = el("status", {}, `Kicked: ${condition.replaceAll("-", " ")}`);
  return el("presence", { xmlns: NS_CLIENT, type: "unavailable" }, status);
}

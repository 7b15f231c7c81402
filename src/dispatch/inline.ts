import type { Stanza } from "../stanza/index.ts";

/**
 * Whether a reply may ride in the answer to the callback.
 *
 * mod_rest takes one stanza of the request's own kind there and overwrites both its addresses: anything meant for
 * somebody else has to go by POST. So has presence, which it would hand to the client past its server: one that approves a
 * subscription would leave the roster asking for ever.
 */
export function ridesInline(request: Stanza, reply: Stanza): boolean {
  if (reply.kind !== request.kind || reply.kind === "presence") return false;
  const { from, to } = request;
  if (reply.element.attr("from") !== request.element.attr("to")) return false;
  const toRoom = reply.kind === "message" && reply.type === "groupchat";
  const expected = toRoom ? from?.bare : from;
  return to !== undefined && expected !== undefined && reply.to?.equals(expected) === true;
}

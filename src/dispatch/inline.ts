import type { Stanza } from "../stanza/index.ts";

/**
 * Whether a reply may ride in the answer to the callback.
 *
 * mod_rest takes one stanza of the request's own kind there and overwrites both its addresses: anything meant for
 * somebody else has to go by POST.
 */
export function ridesInline(request: Stanza, reply: Stanza): boolean {
  if (reply.kind !== request.kind) return false;
  const { from, to } = request;
  if (reply.element.attr("from") !== request.element.attr("to")) return false;
  const toRoom = reply.kind === "message" && reply.type === "groupchat";
  const expected = toRoom ? from?.bare : from;
  return to !== undefined && expected !== undefined && reply.to?.equals(expected) === true;
}

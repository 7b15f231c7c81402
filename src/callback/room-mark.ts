import { el, Message, Presence, type Stanza } from "../stanza/index.ts";
import { isFromRoom, NS_MUC_USER } from "../xep/index.ts";

/**
 * Puts back by what a room marks presence and private messages as its own, `<x xmlns="http://jabber.org/protocol/muc#user"/>`,
 * which the JSON of mod_rest loses: without it a bot would be answered for, and thrown out, as if it were in a chat.
 *
 * @param stanza from a room that the bot is in.
 */
export function withRoomMark(stanza: Stanza): Stanza {
  if (stanza.kind === "iq" || stanza.type === "error" || isFromRoom(stanza)) return stanza;
  const element = stanza.element.append(el("x", { xmlns: NS_MUC_USER }));
  return stanza.kind === "message" ? new Message(element) : new Presence(element);
}

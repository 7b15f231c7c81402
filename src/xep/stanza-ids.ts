import { type Element, el, type Jid, type Message } from "../stanza/index.ts";

/** XEP-0359: Unique and Stable Stanza IDs; also its feature. */
export const NS_STANZA_IDS = "urn:xmpp:sid:0";

/**
 * The id that an archive gave a message.
 *
 * @param by whose id: the room, or the account. One that names somebody else proves nothing (XEP-0359 §6).
 */
export function readStanzaId(message: Message, by: Jid): string | undefined {
  const bare = by.bare.toString();
  return message.element
    .childrenNamed("stanza-id", NS_STANZA_IDS)
    .find((id) => id.attr("by") === bare)
    ?.attr("id");
}

/** The id that the sender's client gave a message. */
export function readOriginId(message: Message): string | undefined {
  return message.child("origin-id", NS_STANZA_IDS)?.attr("id");
}

/** Gives a message an id that stays. */
export function buildOriginId(id: string): Element {
  return el("origin-id", { xmlns: NS_STANZA_IDS, id });
}

/** The id by which replies and reactions name a message: in a room, the room's (XEP-0461 §3.1, XEP-0444 §4.1). */
export function readReferenceId(message: Message): string | undefined {
  const { from } = message;
  if (message.type === "groupchat") return from && readStanzaId(message, from);
  return readOriginId(message) ?? message.id;
}

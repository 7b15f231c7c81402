import { type Element, el, type Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { readCorrection } from "./correction.ts";

/** XEP-0359: Unique and Stable Stanza IDs; also its feature. */
export const NS_STANZA_IDS = "urn:xmpp:sid:0";

/** An id that an archive gave a message. */
export interface StanzaId {
  readonly id: string;
  /** Whose id it is: the room, or the account. */
  readonly by: Jid;
}

/** All ids that archives are said to have given a message. */
export function readStanzaIds(parent: Element): StanzaId[] {
  return parent.childrenNamed("stanza-id", NS_STANZA_IDS).flatMap((element) => {
    const id = element.attr("id");
    const by = readJid(element.attr("by"));
    return id === undefined || by === undefined ? [] : [{ id, by }];
  });
}

/** Names a message by the id that an archive gave it, such as in a report (XEP-0377). */
export function buildStanzaId({ id, by }: StanzaId): Element {
  return el("stanza-id", { xmlns: NS_STANZA_IDS, id, by: by.toString() });
}

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

/**
 * The id by which replies and reactions name a message: in a room, the room's (XEP-0461 §4.1, XEP-0444 §4.2); elsewhere, of a correction,
 * that of the first message (XEP-0444 §4), which in a room nobody knows by the correction.
 */
export function readReferenceId(message: Message): string | undefined {
  const { from } = message;
  if (message.type === "groupchat") return from && readStanzaId(message, from);
  return readCorrection(message) ?? readOriginId(message) ?? message.id;
}

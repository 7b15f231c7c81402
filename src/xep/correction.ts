import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0308: Last Message Correction; also its feature. */
export const NS_CORRECTION = "urn:xmpp:message-correct:0";

/**
 * The id of the message that this one replaces. Whoever corrects has to be who sent the first one (XEP-0308 §4), which only
 * somebody who remembers that one can tell.
 */
export function readCorrection(message: Message): string | undefined {
  return message.child("replace", NS_CORRECTION)?.attr("id");
}

/** Says that a message replaces the one with this id; of several corrections, each names the first message. */
export function buildCorrection(id: string): Element {
  return el("replace", { xmlns: NS_CORRECTION, id });
}

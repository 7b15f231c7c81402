import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0333: Displayed Markers; also its feature. */
export const NS_MARKERS = "urn:xmpp:chat-markers:0";

/** What has become of a message; `received` and `acknowledged` come from clients that follow XEP-0333 before 1.0. */
export type MarkerState = "received" | "displayed" | "acknowledged";

/** How far somebody has read. */
export interface Marker {
  readonly state: MarkerState;
  /** The id of the message that it is about, and of all before. */
  readonly id: string;
}

const states: readonly MarkerState[] = ["received", "displayed", "acknowledged"];

/** How far the sender has read. */
export function readMarker(message: Message): Marker | undefined {
  for (const state of states) {
    const id = message.child(state, NS_MARKERS)?.attr("id");
    if (id !== undefined) return { state, id };
  }
  return undefined;
}

/** Whether the sender wants to know how far its message was read. */
export function isMarkable(message: Message): boolean {
  return message.child("markable", NS_MARKERS) !== undefined;
}

/** Says that the message with this id, and all before, were read. */
export function buildDisplayed(id: string): Element {
  return el("displayed", { xmlns: NS_MARKERS, id });
}

/** Asks to be told how far a message was read. */
export function buildMarkable(): Element {
  return el("markable", { xmlns: NS_MARKERS });
}

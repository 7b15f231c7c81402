import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0085: Chat State Notifications. */
export const NS_CHAT_STATES = "http://jabber.org/protocol/chatstates";

/** XEP-0085 §2. */
export type ChatState = "active" | "composing" | "paused" | "inactive" | "gone";

const states: readonly ChatState[] = ["active", "composing", "paused", "inactive", "gone"];

/** The chat state that a message carries. Only a peer that sends one wants to see ours (XEP-0085 §5.1). */
export function readChatState(message: Message): ChatState | undefined {
  for (const child of message.element.children) {
    if (typeof child === "string" || child.ns !== NS_CHAT_STATES) continue;
    return states.find((state) => state === child.name);
  }
  return undefined;
}

/** The element that tells this state. */
export function buildChatState(state: ChatState): Element {
  return el(state, { xmlns: NS_CHAT_STATES });
}

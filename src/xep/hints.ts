import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0334: Message Processing Hints; also its feature. */
export const NS_HINTS = "urn:xmpp:hints";

/** What a server should do about a message (XEP-0334 §4). */
export type Hint = "no-permanent-store" | "no-store" | "no-copy" | "store";

const hints: readonly Hint[] = ["no-permanent-store", "no-store", "no-copy", "store"];

/** The hints that a message carries. */
export function readHints(message: Message): Hint[] {
  return hints.filter((hint) => message.child(hint, NS_HINTS) !== undefined);
}

/** Tells servers what to do about a message. */
export function buildHint(hint: Hint): Element {
  return el(hint, { xmlns: NS_HINTS });
}

import { type Element, el, type Message, type Presence } from "../stanza/index.ts";

/** XEP-0172: User Nickname; also the name of its PEP node. */
export const NS_NICK = "http://jabber.org/protocol/nick";

/** What somebody calls themselves. */
export function buildNick(nick: string): Element {
  return el("nick", { xmlns: NS_NICK }, nick);
}

/** What the sender of a message or presence, or the owner of a PEP item, goes by; `undefined` where nothing is said. */
export function readNick(of: Message | Presence | Element): string | undefined {
  return of.child("nick", NS_NICK)?.text.trim() || undefined;
}

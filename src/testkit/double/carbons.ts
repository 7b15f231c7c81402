import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import type { Account } from "./account.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply } from "./answers.ts";
import type { Session } from "./session.ts";

const NS_CARBONS = "urn:xmpp:carbons:2";

/** Has a client of the account get copies, or none any more (XEP-0280 §4 and §5); `undefined` where that was not asked for. */
export function carbonsQuery(account: Account, stanza: Element): Element | undefined {
  const [payload] = stanza.elements;
  const from = stanza.attr("from") ?? "";
  if (stanza.attr("type") !== "set" || payload?.ns !== NS_CARBONS || bareOf(from) !== account.jid)
    return undefined;
  if (payload.name !== "enable" && payload.name !== "disable") return undefined;
  const session = account.sessions.get(from);
  if (session !== undefined) session.wantsCarbons = payload.name === "enable";
  return emptyReply(stanza);
}

/** Copies a message that a client of the account sends to its other clients that want that. */
export function copySent(account: Account, message: Element, sender: Session): void {
  if (isCopied(message, account, true)) copy(account, message, "sent", (session) => session !== sender);
}

/** Copies a message to the account to the clients that want that and do not get it themselves. */
export function copyReceived(account: Account, message: Element): void {
  if (!isCopied(message, account, false)) return;
  const target = account.sessions.get(message.attr("to") ?? "");
  // Without a client of that very address, it goes to all of the highest priority.
  const highest = target === undefined ? account.top[0]?.priority : undefined;
  copy(account, message, "received", (session) => session !== target && session.priority !== highest);
}

function copy(
  account: Account,
  message: Element,
  side: "sent" | "received",
  isFor: (session: Session) => boolean,
): void {
  const forwarded = el("forwarded", { xmlns: "urn:xmpp:forward:0" }, message);
  for (const session of account.sessions.values()) {
    if (!session.wantsCarbons || !isFor(session)) continue;
    const attrs = { xmlns: NS_CLIENT, from: account.jid, to: session.jid, type: message.attr("type") };
    session.send(el("message", attrs, el(side, { xmlns: NS_CARBONS }, forwarded)));
  }
}

/** Prosody's rules on what is worth a copy. */
function isCopied(message: Element, account: Account, isSent: boolean): boolean {
  if (message.child("private", NS_CARBONS) !== undefined) return false;
  if (message.child("no-copy", "urn:xmpp:hints") !== undefined) return false;
  const isPrivate = message.child("x", "http://jabber.org/protocol/muc#user") !== undefined;
  if (!isSent && message.attr("to") !== account.jid && isPrivate) return false;
  const from = message.attr("from") ?? "";
  switch (message.attr("type") ?? "normal") {
    case "chat":
      return true;
    case "normal":
      return message.child("body", NS_CLIENT) !== undefined;
    case "error":
      return !isSent && bareOf(from) === from;
    default:
      return false;
  }
}

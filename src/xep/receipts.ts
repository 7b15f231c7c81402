import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0184: Message Delivery Receipts. */
export const NS_RECEIPTS = "urn:xmpp:receipts";

/**
 * The id that a receipt for this message has to name, or `undefined` when none is due: not asked for, nothing to name, or a
 * message of a kind that XEP-0184 §5.3 and §5.4 leave without receipts (groupchat, errors, receipts themselves).
 */
export function readReceiptRequest(message: Message): string | undefined {
  if (message.type === "groupchat" || message.type === "error") return undefined;
  if (!message.child("request", NS_RECEIPTS) || message.child("received", NS_RECEIPTS)) return undefined;
  return message.id;
}

/** Reads the id of the message that a receipt acknowledges. */
export function readReceipt(message: Message): string | undefined {
  return message.child("received", NS_RECEIPTS)?.attr("id");
}

/** Asks for a receipt. */
export function buildReceiptRequest(): Element {
  return el("request", { xmlns: NS_RECEIPTS });
}

/** Acknowledges the message with this id. */
export function buildReceipt(id: string): Element {
  return el("received", { xmlns: NS_RECEIPTS, id });
}

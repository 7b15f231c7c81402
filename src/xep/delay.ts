import { type Element, el, type Jid, type Stanza } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { readInstant, writeInstant } from "./values.ts";

/** XEP-0203: Delayed Delivery; also its feature. */
export const NS_DELAY = "urn:xmpp:delay";

/** That a stanza was held up on its way. */
export interface Delay {
  /** When it was sent first. */
  readonly stamp: Date;
  /** Who held it up, or sent it first; the JSON of mod_rest does not say. */
  readonly from: Jid | undefined;
  /** Why, in words for people. */
  readonly reason?: string | undefined;
}

/** Since when a stanza has been on its way, if it was held up. Senders can write this themselves. */
export function readDelay(stanza: Pick<Stanza, "child"> | Element): Delay | undefined {
  const delay = stanza.child("delay", NS_DELAY);
  const stamp = readInstant(delay?.attr("stamp"));
  if (stamp === undefined) return undefined;
  const reason = delay?.text.trim();
  return { stamp, from: readJid(delay?.attr("from")), ...(reason && { reason }) };
}

/** Says since when a stanza has been on its way, and whose doing that was. */
export function buildDelay(stamp: Date, from?: Jid, reason?: string): Element {
  return el("delay", { xmlns: NS_DELAY, from: from?.toString(), stamp: writeInstant(stamp) }, reason);
}

import { type Element, el, type Jid, type Stanza } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";

/** XEP-0203: Delayed Delivery; also its feature. */
export const NS_DELAY = "urn:xmpp:delay";

/** That a stanza was held up on its way. */
export interface Delay {
  /** When it was sent first. */
  readonly stamp: Date;
  /** Who held it up, or sent it first; the JSON of mod_rest does not say. */
  readonly from: Jid | undefined;
}

/** Since when a stanza has been on its way, if it was held up. Senders can write this themselves. */
export function readDelay(stanza: Stanza): Delay | undefined {
  const delay = stanza.child("delay", NS_DELAY);
  const stamp = new Date(delay?.attr("stamp") ?? "");
  return Number.isNaN(stamp.getTime()) ? undefined : { stamp, from: readJid(delay?.attr("from")) };
}

/** Says since when a stanza has been on its way (XEP-0082). */
export function buildDelay(stamp: Date, from?: Jid): Element {
  return el("delay", { xmlns: NS_DELAY, from: from?.toString(), stamp: stamp.toISOString() });
}

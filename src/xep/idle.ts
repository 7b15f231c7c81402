import { type Element, el, type Presence } from "../stanza/index.ts";
import { readInstant } from "./values.ts";

/** XEP-0319: Last User Interaction in Presence; also its feature. */
export const NS_IDLE = "urn:xmpp:idle:1";

/** Tells since when there was nobody at the device. */
export function buildIdle(since: Date): Element {
  return el("idle", { xmlns: NS_IDLE, since: since.toISOString().replace(/\.\d+Z$/, "Z") });
}

/** Reads since when there was nobody at the device; `undefined` where that is not said. */
export function readIdle(presence: Presence): Date | undefined {
  return readInstant(presence.child("idle", NS_IDLE)?.attr("since"));
}

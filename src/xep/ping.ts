import { type Element, el } from "../stanza/index.ts";

/** XEP-0199: XMPP Ping. */
export const NS_PING = "urn:xmpp:ping";

/** The payload of a ping. */
export function buildPing(): Element {
  return el("ping", { xmlns: NS_PING });
}

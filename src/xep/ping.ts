import { type Element, el, type Iq } from "../stanza/index.ts";

/** XEP-0199: XMPP Ping. */
export const NS_PING = "urn:xmpp:ping";

/** The payload of a ping. */
export function buildPing(): Element {
  return el("ping", { xmlns: NS_PING });
}

/** Whether an IQ is a ping, which wants an empty result. */
export function isPing({ type, payload }: Iq): boolean {
  return type === "get" && payload?.is("ping", NS_PING) === true;
}

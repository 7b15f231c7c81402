import { type Element, el } from "../stanza/index.ts";

/** XEP-0425: Moderated Message Retraction; also its feature. */
export const NS_MODERATION = "urn:xmpp:message-moderate:1";

const NS_RETRACTION = "urn:xmpp:message-retract:1";

/**
 * Asks a room to take back what somebody has said in it (XEP-0425 §3).
 *
 * @param id the one that the room gave the message (XEP-0359).
 */
export function buildModeration(id: string, reason?: string): Element {
  return el(
    "moderate",
    { xmlns: NS_MODERATION, id },
    el("retract", { xmlns: NS_RETRACTION }),
    reason !== undefined && el("reason", {}, reason),
  );
}

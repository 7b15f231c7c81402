import type { Stanza } from "../stanza/index.ts";

/** XEP-0421: Occupant identifiers for semi-anonymous MUCs; also its feature. */
export const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";

/**
 * By what a room knows an occupant, whatever their nickname is. A room that knows of occupant ids removes those that others
 * write (XEP-0421 §4); of one that does not, it means nothing.
 */
export function readOccupantId(stanza: Stanza): string | undefined {
  return stanza.child("occupant-id", NS_OCCUPANT_ID)?.attr("id");
}

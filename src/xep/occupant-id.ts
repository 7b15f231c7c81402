import { type Element, el } from "../stanza/index.ts";

/** XEP-0421: Occupant identifiers for semi-anonymous MUCs; also its feature. */
export const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";

/** How long an id may be: it is kept, and one that an occupant has made up could be as long as a stanza. */
const LONGEST = 256;

/**
 * By what a room knows an occupant, whatever their nickname is. A room that knows of occupant ids removes those that others
 * write (XEP-0421 §4); of one that does not, it means nothing. An empty one, and one of more than 256 characters, is none.
 */
export function readOccupantId(stanza: Pick<Element, "child">): string | undefined {
  const id = stanza.child("occupant-id", NS_OCCUPANT_ID)?.attr("id");
  return id === undefined || id === "" || id.length > LONGEST ? undefined : id;
}

/**
 * Says by what a room knows an occupant: the payload of what the room passes on of them (XEP-0421 §3). For a component that has rooms of
 * its own; what an occupant writes rooms remove.
 */
export function buildOccupantId(id: string): Element {
  return el("occupant-id", { xmlns: NS_OCCUPANT_ID, id });
}

import { type Element, Iq, Message, Presence, type Stanza } from "../../stanza/index.ts";

/** The typed view of a stanza that may have any shape: a client sees whatever a bot sends, so nothing is checked. */
export function viewOf(element: Element): Stanza {
  if (element.name === "message") return new Message(element);
  return element.name === "iq" ? new Iq(element) : new Presence(element);
}

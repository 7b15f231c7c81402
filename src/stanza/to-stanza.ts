import type { Element } from "./element.ts";
import { IQ_TYPES, Iq } from "./iq.ts";
import { Message } from "./message.ts";
import { NS_CLIENT } from "./namespaces.ts";
import { PRESENCE_TYPES, Presence } from "./presence.ts";
import { StanzaShapeError } from "./stanza.ts";

/** A message, presence or IQ; `kind` tells which. */
export type Stanza = Message | Presence | Iq;

/**
 * The typed view of an element that should be a stanza.
 *
 * @throws {@link StanzaShapeError} when it is another element, an IQ that RFC 6120 §8.2.3 does not allow, or a presence of a type that
 *   RFC 6121 §4.7.1 does not know.
 */
export function toStanza(element: Element): Stanza {
  if (element.ns !== NS_CLIENT) {
    throw new StanzaShapeError(
      `a stanza is in the namespace ${NS_CLIENT}, not ${JSON.stringify(element.ns)}`,
    );
  }
  const type = element.attr("type");
  switch (element.name) {
    case "message":
      return new Message(element);
    case "presence":
      if (type !== undefined && (type === "available" || !known(PRESENCE_TYPES, type))) {
        throw new StanzaShapeError(`${JSON.stringify(type)} is no type of a presence`);
      }
      return new Presence(element);
    case "iq":
      return toIq(element, type);
    default:
      throw new StanzaShapeError(
        `<${element.name}/> is no stanza; it must be a message, a presence or an iq`,
      );
  }
}

function toIq(element: Element, type: string | undefined): Iq {
  if (type === undefined || !known(IQ_TYPES, type)) {
    throw new StanzaShapeError(`an iq has the type get, set, result or error, not ${JSON.stringify(type)}`);
  }
  if (element.attr("id") === undefined) throw new StanzaShapeError("an iq must have an id");
  if ((type === "get" || type === "set") && element.elements.length !== 1) {
    throw new StanzaShapeError(`an iq of type ${type} has exactly one child, not ${element.elements.length}`);
  }
  return new Iq(element);
}

function known(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

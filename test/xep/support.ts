import { type Element, type Message, type Presence, readStanza, writeXml } from "../../src/stanza/index.ts";

/** A stanza of an example, without the white space that it is printed with. */
function compact(xml: string): string {
  return xml.replace(/\n\s*/g, " ").replace(/> +</g, "><");
}

/** A message of an example. */
export function message(xml: string): Message {
  return readStanza(compact(xml)) as Message;
}

/** A presence of an example. */
export function presence(xml: string): Presence {
  return readStanza(compact(xml)) as Presence;
}

/** A message with this inside, from a person. */
export function holding(inside: string, attrs = "type='chat'"): Message {
  return message(`<message from='romeo@montague.example/orchard' ${attrs}>${inside}</message>`);
}

/** One child of a stanza of an example, as it is written. */
export function child(of: Message, name: string, ns: string): string {
  const found = of.child(name, ns);
  if (found === undefined) throw new Error(`the example has no <${name} xmlns="${ns}">`);
  return writeXml(found);
}

/** An element as it is written. */
export function written(element: Element): string {
  return writeXml(element);
}

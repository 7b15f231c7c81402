import type { Element } from "./element.ts";
import { NS_CLIENT, NS_XML, NS_XMLNS } from "./namespaces.ts";

/** Thrown when a tree holds something that XML 1.0 cannot carry. */
export class XmlWriteError extends Error {
  override name = "XmlWriteError";
}

/**
 * Writes an element as XML. Attributes are double-quoted, text is escaped, a namespace is declared where it changes.
 *
 * @param ns the namespace that the reader takes for granted; an element of it is written without `xmlns`. mod_rest
 *   wants none on the root of a stanza, so the default is `jabber:client`.
 * @throws {@link XmlWriteError} when text or an attribute holds a character that XML 1.0 §2.2 does not allow,
 *   or an element is in a namespace of XML itself. Nothing is dropped in silence: clean what strangers gave you with
 *   {@link stripControls}.
 */
export function writeXml(element: Element, ns: string = NS_CLIENT): string {
  const { name, ns: own } = element;
  let xml = `<${name}`;
  if (own !== ns) xml += ` xmlns="${escapeNamespace(own)}"`;
  let prefixes = 0;
  for (const key in element.attrs) {
    const value = escapeAttribute(element.attrs[key] as string);
    if (key.charCodeAt(0) !== 0x7b) {
      xml += ` ${key}="${value}"`;
      continue;
    }
    // A name holds no brace, the name of a namespace may.
    const end = key.lastIndexOf("}");
    prefixes += 1;
    xml += ` xmlns:ns${prefixes}="${escapeNamespace(key.slice(1, end))}" ns${prefixes}:${key.slice(end + 1)}="${value}"`;
  }
  const { children } = element;
  if (children.length === 0) return `${xml}/>`;
  xml += ">";
  for (const child of children) xml += typeof child === "string" ? escapeText(child) : writeXml(child, own);
  return `${xml}</${name}>`;
}

/** Removes what XML 1.0 §2.2 cannot carry: control characters, lone surrogates, U+FFFE and U+FFFF. */
export function stripControls(text: string): string {
  return unwritable.test(text) ? text.replace(unwritableAll, "") : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
const unwritable = /[\x00-\x08\x0b\x0c\x0e-\x1f\p{Cs}\ufffe\uffff]/u;
const unwritableAll = new RegExp(unwritable, "gu");
// One look for all that needs a closer one.
const suspect = /[^\x20-\x21\x23-\x25\x28-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd]/;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // A reader folds these into a space inside an attribute, and a carriage return into a line feed anywhere.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

function escapeNamespace(namespace: string): string {
  if (namespace === NS_XML || namespace === NS_XMLNS) {
    throw new XmlWriteError(
      `the namespace ${namespace} cannot be declared (Namespaces in XML §3); write an attribute of it as "xml:lang", and no element`,
    );
  }
  return escapeAttribute(namespace);
}

function escapeText(text: string): string {
  return escapeAs(text, /[&<>\r]/g);
}

function escapeAttribute(text: string): string {
  return escapeAs(text, /[&<>"\t\n\r]/g);
}

function escapeAs(text: string, special: RegExp): string {
  if (!suspect.test(text)) return text;
  const bad = unwritable.exec(text);
  if (bad) {
    const code = bad[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    throw new XmlWriteError(
      `U+${code} cannot be written in XML 1.0; remove it first, for instance with stripControls()`,
    );
  }
  return text.replace(special, (character) => escapes[character] as string);
}

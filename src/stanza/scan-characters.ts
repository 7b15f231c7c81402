import { shown, XmlReadError } from "./read-error.ts";
import { scanReference } from "./scan-references.ts";

const QUOTE = 0x22;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const LESS = 0x3c;
const BRACKET = 0x5d;

/** The characters below U+0080 that need a look in text or in a value; the others pass at once. */
const special = new Uint8Array(128);
for (let code = 0; code < 0x20; code += 1) special[code] = 1;
for (const code of [0x09, 0x0a, 0x0d]) special[code] = 0;
for (const code of [QUOTE, AMPERSAND, APOSTROPHE, LESS, BRACKET]) special[code] = 1;

/** @internal Where the space that begins at `from` ends: `from` itself where there is none. */
export function skipSpace(xml: string, from: number): number {
  let at = from;
  for (; at < xml.length; at += 1) {
    const code = xml.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
  }
  return at;
}

/**
 * @internal Checks text up to the next `<`.
 *
 * @returns where that stands.
 */
export function scanText(xml: string, from: number): number {
  for (let at = from; at < xml.length; at += 1) {
    const code = xml.charCodeAt(at);
    if (code < 128 ? special[code] === 0 : code < 0xd800) continue;
    if (code === LESS) return at;
    if (code === AMPERSAND) at = scanReference(xml, at);
    else if (code === BRACKET) {
      if (xml.startsWith("]]>", at)) throw new XmlReadError("cdata-end", at);
    } else if (code !== QUOTE && code !== APOSTROPHE) at = scanCharacter(xml, at, code);
  }
  throw new XmlReadError("unclosed", xml.length, "an element");
}

/**
 * @internal Checks the value whose quotation mark stands at `from`.
 *
 * @returns where it ends, its second quotation mark included.
 */
export function scanAttributeValue(xml: string, from: number): number {
  const quote = xml.charCodeAt(from);
  if (quote !== QUOTE && quote !== APOSTROPHE) {
    throw new XmlReadError(from >= xml.length ? "unclosed" : "attribute", from);
  }
  for (let at = from + 1; at < xml.length; at += 1) {
    const code = xml.charCodeAt(at);
    if (code < 128 ? special[code] === 0 : code < 0xd800) continue;
    if (code === quote) return at + 1;
    if (code === LESS) throw new XmlReadError("attribute", at);
    if (code === AMPERSAND) at = scanReference(xml, at);
    else if (code !== QUOTE && code !== APOSTROPHE && code !== BRACKET) at = scanCharacter(xml, at, code);
  }
  throw new XmlReadError("unclosed", from, "an attribute value");
}

/**
 * @internal Checks the CDATA section that begins at `from`.
 *
 * @returns where it ends.
 */
export function scanCdata(xml: string, from: number): number {
  const end = xml.indexOf("]]>", from + "<![CDATA[".length);
  if (end === -1) throw new XmlReadError("unclosed", from, "a CDATA section");
  for (let at = from; at < end; at += 1) {
    const code = xml.charCodeAt(at);
    if (code < 0x20 || code >= 0xd800) at = scanCharacter(xml, at, code);
  }
  return end + "]]>".length;
}

/** Checks a character that XML 1.0 §2.2 may not know; returns where its last unit stands. */
function scanCharacter(xml: string, at: number, code: number): number {
  if (code === 0x09 || code === 0x0a || code === 0x0d) return at;
  if (code >= 0xe000 && code <= 0xfffd) return at;
  if (code >= 0xd800 && code <= 0xdbff) {
    const low = xml.charCodeAt(at + 1);
    if (low >= 0xdc00 && low <= 0xdfff) return at + 1;
  }
  throw new XmlReadError("character", at, shown(xml.charAt(at)));
}

import { shown, XmlReadError } from "./read-error.ts";

const NAMED: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

const LONGEST_NAME = 4;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const HASH = 0x23;
const SMALL_X = 0x78;

/**
 * @internal Checks the reference whose ampersand stands at `from`.
 *
 * @returns where its semicolon stands.
 * @throws XmlReadError `entity`, `character` or `unclosed`.
 */
export function scanReference(xml: string, from: number): number {
  if (xml.charCodeAt(from + 1) === HASH) return scanCharacterReference(xml, from);
  let end = from + 1;
  while (end <= from + 1 + LONGEST_NAME && xml.charCodeAt(end) !== SEMICOLON) end += 1;
  if (!NAMED.has(xml.slice(from + 1, end))) {
    throw new XmlReadError("entity", from, shown(xml.slice(from, end + 1)));
  }
  if (end >= xml.length) throw new XmlReadError("unclosed", from, "a reference");
  return end;
}

function scanCharacterReference(xml: string, from: number): number {
  const hexadecimal = xml.charCodeAt(from + 2) === SMALL_X;
  const radix = hexadecimal ? 16 : 10;
  const start = hexadecimal ? from + 3 : from + 2;
  let value = 0;
  let index = start;
  for (; index < xml.length; index += 1) {
    const digit = digitValue(xml.charCodeAt(index), radix);
    if (digit === -1) break;
    // Never past the last code point, however many digits follow.
    value = Math.min(value * radix + digit, 0x110000);
  }
  if (index === start || (index < xml.length && xml.charCodeAt(index) !== SEMICOLON)) {
    throw new XmlReadError("entity", from, shown(xml.slice(from, index + 1)));
  }
  if (index >= xml.length) throw new XmlReadError("unclosed", from, "a reference");
  if (!isXmlCharacter(value)) throw new XmlReadError("character", from, shown(xml.slice(from, index + 1)));
  return index;
}

function digitValue(code: number, radix: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (radix === 10) return -1;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** XML 1.0 §2.2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** @internal Text whose references {@link scanReference} has checked, with the characters they stand for. */
export function decodeText(raw: string): string {
  if (!raw.includes("&")) return raw;
  let text = "";
  let done = 0;
  for (let at = raw.indexOf("&"); at !== -1; at = raw.indexOf("&", done)) {
    const end = raw.indexOf(";", at);
    text += raw.slice(done, at) + character(raw, at + 1, end);
    done = end + 1;
  }
  return text + raw.slice(done);
}

function character(raw: string, from: number, end: number): string {
  if (raw.charCodeAt(from) !== HASH) return NAMED.get(raw.slice(from, end)) as string;
  return raw.charCodeAt(from + 1) === SMALL_X
    ? String.fromCodePoint(Number.parseInt(raw.slice(from + 2, end), 16))
    : String.fromCodePoint(Number.parseInt(raw.slice(from + 1, end), 10));
}

/**
 * @internal The value of an attribute that stands from `from` to `end`: spaces folded by XML 1.0 §3.3.3, then
 * references decoded.
 */
export function decodeAttribute(xml: string, from: number, end: number): string {
  for (let index = from; index < end; index += 1) {
    const code = xml.charCodeAt(index);
    if (code === AMPERSAND || code < 0x20) {
      return decodeText(xml.slice(from, end).replace(/\r\n|[\t\n\r]/g, " "));
    }
  }
  return xml.slice(from, end);
}

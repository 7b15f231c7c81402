import { attributeRecord, NO_ATTRIBUTES } from "./element.ts";
import type { XmlLimits } from "./limits.ts";
import { nameEnd } from "./names.ts";
import { shown, XmlReadError } from "./read-error.ts";
import { scanAttributeValue, scanCdata, scanText, skipSpace } from "./scan-characters.ts";
import { NamespaceBindings } from "./scan-namespaces.ts";
import { OpenElements } from "./scan-open.ts";
import { decodeAttribute } from "./scan-references.ts";

/** @internal What the scan found out about each element, in the order of the document. */
export interface ScannedXml {
  readonly namespaces: readonly string[];
  readonly attrs: readonly Readonly<Record<string, string>>[];
}

interface PrefixedAttribute {
  readonly start: number;
  readonly prefix: string;
  readonly name: string;
  readonly value: string;
}

const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const SMALL_X = 0x78;

/**
 * @internal Reads XML once from end to end and refuses whatever is not a well-formed stanza by Namespaces in XML and
 * RFC 6120 §11. What comes after may take the input at its word.
 *
 * @throws XmlReadError
 */
export function scanXml(xml: string, limits: XmlLimits): ScannedXml {
  return new Scanner(xml, limits).run();
}

class Scanner implements ScannedXml {
  readonly namespaces: string[] = [];
  readonly attrs: Readonly<Record<string, string>>[] = [];
  readonly #xml: string;
  readonly #limits: XmlLimits;
  readonly #bindings: NamespaceBindings;
  readonly #open: OpenElements;
  #nameStop = 0;

  constructor(xml: string, limits: XmlLimits) {
    this.#xml = xml;
    this.#limits = limits;
    this.#open = new OpenElements(limits);
    this.#bindings = new NamespaceBindings(limits.namespace);
  }

  run(): ScannedXml {
    const xml = this.#xml;
    let at = skipSpace(xml, 0);
    if (at === xml.length) throw new XmlReadError("empty", at);
    if (xml.charCodeAt(at) !== LESS) {
      throw new XmlReadError(xml.charCodeAt(at) === 0xfeff ? "byte-order-mark" : "text-outside-root", at);
    }
    at = this.#markup(at);
    while (this.#open.depth > 0) {
      const end = scanText(xml, at);
      if (end > at) this.#open.addText(at);
      at = this.#markup(end);
    }
    at = skipSpace(xml, at);
    if (at < xml.length) this.#refuseRest(at);
    return this;
  }

  /** Takes what begins with the `<` at `from`; returns where it ends. */
  #markup(from: number): number {
    switch (this.#xml.charCodeAt(from + 1)) {
      case SLASH:
        return this.#closingTag(from);
      case EXCLAMATION:
        return this.#declaration(from);
      case QUESTION:
        throw new XmlReadError("processing-instruction", from);
      default:
        return this.#openingTag(from);
    }
  }

  #declaration(from: number): number {
    const xml = this.#xml;
    if (xml.startsWith("[CDATA[", from + 2) && this.#open.depth > 0) {
      const end = scanCdata(xml, from);
      if (end > from + "<![CDATA[]]>".length) this.#open.addText(from);
      return end;
    }
    if (xml.startsWith("--", from + 2)) throw new XmlReadError("comment", from);
    throw new XmlReadError(/^doctype/i.test(xml.slice(from + 2, from + 9)) ? "doctype" : "markup", from);
  }

  #closingTag(from: number): number {
    const xml = this.#xml;
    const { name } = this.#open;
    if (name === undefined) throw new XmlReadError("tag-mismatch", from, "nothing is open");
    const nameStop = from + 2 + name.length;
    const end = skipSpace(xml, nameStop);
    if (!xml.startsWith(name, from + 2) || xml.charCodeAt(end) !== GREATER) {
      const closed = xml.includes(">", from);
      throw new XmlReadError(closed ? "tag-mismatch" : "unclosed", from, `${shown(name)} is open`);
    }
    this.#bindings.restore(this.#open.close());
    return end + 1;
  }

  #openingTag(from: number): number {
    const xml = this.#xml;
    if (this.attrs.length >= this.#limits.elements) {
      throw new XmlReadError("too-many-elements", from, `the limit is ${this.#limits.elements}`);
    }
    this.#open.addElement(from);
    const nameStart = from + 1;
    const colon = this.#qualifiedName(nameStart);
    const nameStop = this.#nameStop;
    const mark = this.#bindings.mark;
    this.attrs.push(NO_ATTRIBUTES);
    let end = nameStop;
    let code = xml.charCodeAt(end);
    if (code !== GREATER && code !== SLASH) {
      end = this.#attributesOf(end);
      code = xml.charCodeAt(end);
    }
    this.namespaces.push(colon === -1 ? this.#bindings.default : this.#elementPrefix(nameStart, colon));
    if (code === SLASH) {
      if (xml.charCodeAt(end + 1) !== GREATER) {
        throw new XmlReadError(end + 1 >= xml.length ? "unclosed" : "attribute", end);
      }
      this.#bindings.restore(mark);
      return end + 2;
    }
    this.#open.open(xml.slice(nameStart, nameStop), mark);
    return end + 1;
  }

  #elementPrefix(start: number, colon: number): string {
    const prefix = this.#xml.slice(start, colon);
    // An element in the namespace of xml:lang could be written again by nobody: it may not be the default namespace.
    if (prefix === "xml" || prefix === "xmlns") throw new XmlReadError("reserved-namespace", start);
    return this.#bindings.resolve(prefix, start);
  }

  /** Takes the attributes after the name that ends at `from`; returns where the `>` or `/` stands. */
  #attributesOf(from: number): number {
    const xml = this.#xml;
    const attrs = attributeRecord();
    let prefixed: PrefixedAttribute[] | undefined;
    let count = 0;
    let at = from;
    for (;;) {
      const start = skipSpace(xml, at);
      const code = xml.charCodeAt(start);
      if (code === GREATER || code === SLASH) {
        if (prefixed !== undefined) this.#resolveAttributes(prefixed, attrs);
        this.attrs[this.attrs.length - 1] = attrs;
        return start;
      }
      if (start >= xml.length) throw new XmlReadError("unclosed", start, "a tag");
      // Directly after a name, what is no space can only be a character that no name may hold.
      if (start === at) throw new XmlReadError(at === from ? "name" : "attribute", start);
      count += 1;
      if (count > this.#limits.attributes) {
        throw new XmlReadError("too-many-attributes", start, `the limit is ${this.#limits.attributes}`);
      }
      const colon = this.#qualifiedName(start);
      const end = this.#nameStop;
      const name = xml.slice(start, end);
      const equals = skipSpace(xml, end);
      if (xml.charCodeAt(equals) !== EQUALS) {
        throw new XmlReadError(equals >= xml.length ? "unclosed" : "attribute", equals, shown(name));
      }
      const quote = skipSpace(xml, equals + 1);
      at = scanAttributeValue(xml, quote);
      const value = decodeAttribute(xml, quote + 1, at - 1);
      if (code === SMALL_X && (name === "xmlns" || name.startsWith("xmlns:"))) {
        this.#bindings.declare(name.slice("xmlns:".length), value, this.attrs.length, start);
      } else if (colon === -1 || name.startsWith("xml:")) {
        if (name in attrs) throw new XmlReadError("duplicate-attribute", start, shown(name));
        attrs[name] = value;
      } else {
        prefixed ??= [];
        prefixed.push({ start, prefix: xml.slice(start, colon), name: xml.slice(colon + 1, end), value });
      }
    }
  }

  /** Adds the attributes whose prefixes could not be resolved until all declarations of the element were seen. */
  #resolveAttributes(prefixed: readonly PrefixedAttribute[], attrs: Record<string, string>): void {
    for (const { start, prefix, name, value } of prefixed) {
      const key = `{${this.#bindings.resolve(prefix, start)}}${name}`;
      if (key in attrs) throw new XmlReadError("duplicate-attribute", start, shown(`${prefix}:${name}`));
      attrs[key] = value;
    }
  }

  /** Takes the name that begins at `start`, sets where it stops, and returns where its colon stands, or -1. */
  #qualifiedName(start: number): number {
    const xml = this.#xml;
    let colon = -1;
    let begin = start;
    let stop = nameEnd(xml, begin);
    if (stop > begin && xml.charCodeAt(stop) === COLON) {
      colon = stop;
      begin = colon + 1;
      stop = nameEnd(xml, begin);
    }
    if (stop === begin) throw new XmlReadError(stop >= xml.length ? "unclosed" : "name", stop);
    this.#nameStop = stop;
    return colon;
  }

  /** Names what follows the root. */
  #refuseRest(at: number): never {
    const xml = this.#xml;
    if (xml.charCodeAt(at) !== LESS) throw new XmlReadError("text-outside-root", at);
    const next = xml.charCodeAt(at + 1);
    if (next === SLASH || next === EXCLAMATION || next === QUESTION) this.#markup(at);
    throw new XmlReadError("second-root", at);
  }
}

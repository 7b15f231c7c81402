import { XMLParser } from "fast-xml-parser";
import { Element, type Node } from "./element.ts";
import { DEFAULT_XML_LIMITS, type XmlLimits, xmlLimits } from "./limits.ts";
import { XmlReadError } from "./read-error.ts";
import { type ScannedXml, scanXml } from "./scan.ts";
import { decodeText } from "./scan-references.ts";
import { type Stanza, toStanza } from "./to-stanza.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads one element of XML, strictly: whatever RFC 6120 §11 and Namespaces in XML forbid is refused, nothing is mended.
 * White space around the element is let through.
 *
 * @param input text, or bytes of UTF-8 without a byte order mark.
 * @param limits default {@link DEFAULT_XML_LIMITS}; `0` allows nothing of the kind.
 * @returns the tree. A root that names no namespace is in `jabber:client`; prefixes and declarations of namespaces are
 *   resolved and gone, CDATA sections are text.
 * @throws {@link XmlReadError} with the reason and the place. It costs no more than reading valid XML of that size.
 * @throws RangeError when a limit is no limit.
 * @example
 * ```ts
 * import { readXml } from "restanza/stanza";
 *
 * const element = readXml("<message to='echo@bots.example'><body>Hello &amp; welcome</body></message>");
 * element.childText("body"); // "Hello & welcome"
 * ```
 */
export function readXml(input: string | Uint8Array, limits?: Partial<XmlLimits>): Element {
  const all = xmlLimits(limits);
  checkSize(input, all.bytes);
  const xml = typeof input === "string" ? input : decodeUtf8(input);
  const scanned = scanXml(xml, all);
  const [root] = parser.parse(xml) as [Token];
  return new Builder(scanned).element(root);
}

/**
 * Reads one stanza of XML.
 *
 * @throws {@link XmlReadError} when it is no XML that {@link readXml} takes.
 * @throws {@link StanzaShapeError} when it is XML but no stanza.
 * @example
 * ```ts
 * import { readStanza } from "restanza/stanza";
 *
 * const stanza = readStanza("<message from='juliet@example.com' type='chat'><body>Hi</body></message>");
 * if (stanza.kind === "message") stanza.body; // "Hi"
 * ```
 */
export function readStanza(input: string | Uint8Array, limits?: Partial<XmlLimits>): Stanza {
  return toStanza(readXml(input, limits));
}

function checkSize(input: string | Uint8Array, limit: number): void {
  const fits =
    input.length <= limit &&
    (typeof input !== "string" || input.length * 3 <= limit || Buffer.byteLength(input) <= limit);
  if (!fits) throw new XmlReadError("too-large", 0, `the limit is ${limit} bytes`);
}

/** What fast-xml-parser makes of a tag, a run of text or a CDATA section: its children under its name. */
type Token = Readonly<Record<string, readonly Token[]>>;

// No XML name begins with "#" or ":", so none of ours can meet one of these.
const TEXT = "#text";
const CDATA = "#cdata";
const HASH = 0x23;

/** Names that fast-xml-parser refuses although XML knows no harm in them; a colon in front lets them through. */
const refusedNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Nothing is decoded by fast-xml-parser, which would make a decoder anew for every document: 1 µs of 16. */
const unusedDecoder = {
  setExternalEntities() {},
  reset() {},
  setXmlVersion() {},
  addInputEntities() {},
  decode: (text: string) => text,
};

// Tags and text are fast-xml-parser's; attributes are not read again, as the scan has cut them out already.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
  entityDecoder: unusedDecoder,
  jPath: false,
  maxNestedTags: Number.POSITIVE_INFINITY,
  transformTagName: (name) => (refusedNames.has(name) ? `:${name}` : name),
  onDangerousProperty: (name) => name,
});

/** Makes our tree out of the tokens, which come in the order in which the scan saw the elements. */
class Builder {
  readonly #scanned: ScannedXml;
  #next = 0;

  constructor(scanned: ScannedXml) {
    this.#scanned = scanned;
  }

  element(token: Token): Element {
    const index = this.#next;
    this.#next += 1;
    const name = nameOf(token);
    return new Element(
      name.slice(name.indexOf(":") + 1),
      this.#scanned.namespaces[index],
      this.#scanned.attrs[index] as Readonly<Record<string, string>>,
      this.#children(token[name] as readonly Token[]),
    );
  }

  #children(tokens: readonly Token[]): Node[] {
    const children: Node[] = [];
    for (const token of tokens) {
      const name = nameOf(token);
      if (name.charCodeAt(0) !== HASH) {
        children.push(this.element(token));
        continue;
      }
      const text = name === TEXT ? decodeText(token[TEXT] as unknown as string) : cdataOf(token);
      const last = children.length - 1;
      if (last >= 0 && typeof children[last] === "string") children[last] += text;
      else if (text !== "") children.push(text);
    }
    return children;
  }
}

function nameOf(token: Token): string {
  for (const name in token) return name;
  throw new TypeError("a token of fast-xml-parser has a name");
}

function cdataOf(token: Token): string {
  return token[CDATA]?.[0]?.[TEXT] as unknown as string;
}

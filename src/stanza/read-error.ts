const refusals = {
  encoding: "it is not UTF-8, the only encoding that XMPP knows (RFC 6120 §11.6); encode it as UTF-8",
  "byte-order-mark": "it starts with U+FEFF, which XMPP forbids (RFC 6120 §11.6); leave it out",
  empty: "it holds no element; send one stanza",
  "too-large": "it is too large; send less, or raise the limit bytes",
  "too-deep": "its elements are nested too deeply; flatten them, or raise the limit depth",
  "too-many-elements": "it holds too many elements; send fewer, or raise the limit elements",
  "too-many-attributes": "an element has too many attributes; send fewer, or raise the limit attributes",
  "too-many-children": "an element has too many children; send fewer, or raise the limit children",
  "namespace-too-long":
    "the name of a namespace is too long; use a shorter one, or raise the limit namespace",
  doctype: "a document type declaration is not allowed in XMPP (RFC 6120 §11.1); leave it out",
  comment: "a comment is not allowed in XMPP (RFC 6120 §11.1); leave it out",
  "processing-instruction":
    "a processing instruction or XML declaration is not allowed here (RFC 6120 §11.1); leave it out",
  markup: 'no markup begins like this; write "<" as "&lt;" where text is meant',
  entity:
    "only &lt; &gt; &amp; &quot; &apos; and references to a character of XML 1.0 such as &#10; are allowed " +
    '(RFC 6120 §11.1); write "&" as "&amp;" where text is meant',
  character: "this character is not allowed in XML 1.0 (§2.2); remove it",
  name: "no name of XML begins here, or it has more than one colon; rename it",
  attribute: 'an attribute is written name="value", after a space and without "<" in the value; mend it',
  "duplicate-attribute": "an element has the same attribute twice; keep one",
  "undeclared-prefix": "a prefix is used that no xmlns attribute declares; declare it",
  "reserved-namespace":
    "the prefixes xml and xmlns and their namespaces mean one thing only, and no prefix stands for none " +
    "(Namespaces in XML §3); use another",
  "cdata-end": '"]]>" may not stand in text (XML 1.0 §2.4); write it as "]]&gt;"',
  "tag-mismatch": "a closing tag does not name the element that is open; close what was opened last",
  unclosed: "it ends too early; close every element, tag, attribute value and CDATA section",
  "second-root": "a second element follows the first; send one stanza a document",
  "text-outside-root": "there is text outside the one element; remove it",
} as const;

/** Why XML was refused, in one word that can label a metric. */
export type XmlReadReason = keyof typeof refusals;

/** Every {@link XmlReadReason}. */
export const XML_READ_REASONS = Object.keys(refusals) as readonly XmlReadReason[];

/** Thrown by {@link readXml}. The message says what was wrong, where, and what to do. */
export class XmlReadError extends Error {
  override name = "XmlReadError";
  /** Why, as a constant. */
  readonly reason: XmlReadReason;
  /** Where, in UTF-16 units from the start; 0 where the whole was refused before it was looked into. */
  readonly offset: number;

  constructor(reason: XmlReadReason, offset: number, detail?: string) {
    const more = detail === undefined ? "" : ` (${detail})`;
    super(`the XML is refused at offset ${offset}${more}: ${refusals[reason]}`);
    this.reason = reason;
    this.offset = offset;
  }
}

/** @internal A word of the input as an error may show it. */
export function shown(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word);
}

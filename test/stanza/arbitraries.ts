import fc from "fast-check";
import { Element, type Node, NS_CLIENT } from "../../src/stanza/index.ts";

/** Characters of XML 1.0, those that need care more often than chance would have them. */
const character = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...` \t\n\r&<>"'];#x/=!-?`,
      "]]>",
      "&amp;",
      "\u0085",
      "\u2028",
      "\u00a0",
      "\ufeff",
    ),
  },
  { weight: 3, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0xa0, max: 0xd7ff }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0xfffd }).map((code) => String.fromCharCode(code)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  },
);

/** Text that XML can carry. */
export const xmlText = fc.string({ unit: character, maxLength: 12 });

const startCharacter = fc.constantFrom(..."abcxyzABZ_", "é", "ж", "中", "😀");
const partCharacter = fc.oneof(startCharacter, fc.constantFrom(..."019-.·", "\u0301"));

/** Names without a prefix, among them those that JavaScript gives a meaning to. */
export const xmlName = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(startCharacter, fc.string({ unit: partCharacter, maxLength: 5 }))
      .map((parts) => parts.join("")),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "__proto__",
      "constructor",
      "prototype",
      "hasOwnProperty",
      "toString",
      "valueOf",
      "__defineGetter__",
      "text",
      "length",
      "xml",
      "xmlns-",
    ),
  },
);

const namespace = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      NS_CLIENT,
      "urn:a",
      "urn:b",
      "",
      "jabber:x:data",
      "__proto__",
      "a}b",
      "{",
      "urn:x?a=1&b='2'",
    ),
  },
  { weight: 1, arbitrary: xmlText },
);

const attributeName = fc.oneof(
  { weight: 4, arbitrary: xmlName },
  { weight: 1, arbitrary: fc.constantFrom("xml:lang", "xml:space", "xml:id", "xml:constructor") },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        namespace.filter((name) => name !== ""),
        xmlName,
      )
      .map(([ns, name]) => `{${ns}}${name}`),
  },
);

const attributes = fc.array(fc.tuple(attributeName, xmlText), { maxLength: 5 }).map((pairs) => {
  const attrs: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) attrs[name] = value;
  return attrs;
});

/** Joins neighbouring runs of text and drops empty ones, as every tree has it. */
function settled(children: readonly Node[]): Node[] {
  const result: Node[] = [];
  for (const child of children) {
    const last = result.at(-1);
    if (typeof child === "string" && typeof last === "string") result[result.length - 1] = last + child;
    else if (child !== "") result.push(child);
  }
  return result;
}

/** Trees of every kind that XML can carry. */
export const element = fc.letrec<{ element: Element; child: Node }>((tie) => ({
  element: fc
    .tuple(xmlName, namespace, attributes, fc.array(tie("child"), { maxLength: 4, depthIdentifier: "tree" }))
    .map(([name, ns, attrs, children]) => new Element(name, ns, attrs, settled(children))),
  child: fc.oneof({ depthIdentifier: "tree", maxDepth: 6, withCrossShrink: true }, xmlText, tie("element")),
})).element;

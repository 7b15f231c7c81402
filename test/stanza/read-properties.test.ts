import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import {
  Element,
  el,
  type Node,
  NS_CLIENT,
  readXml,
  writeXml,
  XmlReadError,
} from "../../src/stanza/index.ts";
import { NS_XMLNS } from "../../src/stanza/namespaces.ts";
import { element, xmlText } from "./arbitraries.ts";

/** The tree as an independent parser, strict and with namespaces, reads it; `undefined` when it refuses. */
function saxesTree(xml: string): Element | undefined {
  const parser = new SaxesParser({ xmlns: true, additionalNamespaces: { "": NS_CLIENT } });
  const open: Element[] = [el("document")];
  const add = (...children: Node[]) => open.push((open.pop() as Element).append(children));
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    const attrs: Record<string, string> = Object.create(null);
    for (const attribute of Object.values(attributes)) {
      if (attribute.uri === NS_XMLNS) continue;
      const plain = attribute.uri === "" || attribute.prefix === "xml";
      attrs[plain ? attribute.name : `{${attribute.uri}}${attribute.local}`] = attribute.value;
    }
    open.push(new Element(local, uri, attrs, []));
  });
  parser.on("closetag", () => add(open.pop() as Element));
  parser.on("text", (text) => add(text));
  parser.on("cdata", (text) => add(text));
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return open[0]?.elements[0];
}

/** Whether a namespace starts or ends with space, which saxes takes away although Namespaces in XML §2.2 does not. */
function hasPaddedNamespace(tree: Element): boolean {
  const padded = (ns: string) => ns !== ns.trim();
  return (
    padded(tree.ns) ||
    Object.keys(tree.attrs).some((name) => padded(name.slice(1, name.lastIndexOf("}")))) ||
    tree.elements.some(hasPaddedNamespace)
  );
}

/** The tree, or the error that refused it; anything else that is thrown fails the test. */
function attempt(xml: string | Uint8Array): Element | XmlReadError {
  try {
    return readXml(xml);
  } catch (error) {
    if (error instanceof XmlReadError) return error;
    throw error;
  }
}

/** Refusals that are XMPP's or ours, not those of XML. */
const policy: ReadonlySet<string> = new Set([
  "comment",
  "doctype",
  "processing-instruction",
  "byte-order-mark",
  "reserved-namespace",
  "namespace-too-long",
]);

const fragment = fc.constantFrom(
  ..."<>/='\"&; :!?[]-\u0000\ud800",
  "<a>",
  "</a>",
  "<a",
  "/>",
  " b='c'",
  " xmlns='u'",
  " xmlns:p='u'",
  "p:",
  "xml:",
  "<p:a>",
  "</p:a>",
  "&amp;",
  "&#10;",
  "&#0;",
  "&x;",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?x",
  "?>",
  "<!DOCTYPE a>",
  "__proto__",
  "\u1680",
  "\ufeff",
);

const valid = element.map((tree) => writeXml(tree));

/** Valid XML after a few cuts, insertions and repetitions. */
const mutated = fc
  .tuple(
    valid,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.oneof(fragment, fc.constant(""), fc.string())), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([xml, changes]) => {
    let text = xml;
    for (const [place, length, put] of changes) {
      const at = place % (text.length + 1);
      text = text.slice(0, at) + put + text.slice(at + length);
    }
    return text;
  });

const soup = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(""));

describe("readXml, for any tree", () => {
  it("reads back what writeXml wrote", () => {
    fc.assert(
      fc.property(element, (tree) => {
        const again = readXml(writeXml(tree));
        assert.ok(again.equals(tree), `${writeXml(tree)}\n${writeXml(again)}`);
        assert.deepEqual(again.attrs, tree.attrs);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads bytes as it reads text", () => {
    fc.assert(
      fc.property(element, (tree) => {
        const xml = writeXml(tree);
        assert.ok(readXml(new TextEncoder().encode(xml)).equals(readXml(xml)));
      }),
    );
  });

  it("takes a CDATA section for the text it holds", () => {
    fc.assert(
      fc.property(xmlText, xmlText, (text, more) => {
        fc.pre(!text.includes("]]>"));
        const tree = readXml(`<a><![CDATA[${text}]]>${writeText(more)}</a>`);
        assert.equal(tree.text, text.replace(/\r\n?/g, "\n") + more);
      }),
    );
  });
});

describe("readXml, for any input", () => {
  it("throws nothing but XmlReadError, with an offset inside the input", () => {
    fc.assert(
      fc.property(fc.oneof(mutated, soup, fc.string({ unit: "binary" })), (xml) => {
        const result = attempt(xml);
        if (!(result instanceof XmlReadError)) return;
        assert.ok(result.offset >= 0 && result.offset <= xml.length, `${result.message} in ${xml.length}`);
      }),
      { numRuns: 10_000 },
    );
  });

  it("throws nothing else for any bytes", () => {
    fc.assert(
      fc.property(
        mutated,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
        (xml, changes) => {
          const bytes = new TextEncoder().encode(xml);
          for (const [place, value] of changes) if (bytes.length > 0) bytes[place % bytes.length] = value;
          attempt(bytes);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("agrees with saxes on what is well-formed and on the tree of it", () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(valid, mutated, soup), (xml) => {
        const result = attempt(xml);
        if (!(result instanceof XmlReadError)) {
          seen.read += 1;
          if (hasPaddedNamespace(result)) return;
          const tree = saxesTree(xml);
          assert.ok(tree, `saxes refuses ${JSON.stringify(xml)}`);
          assert.ok(result.equals(tree), `${xml}\n${writeXml(result)}\n${writeXml(tree)}`);
          return;
        }
        seen.refused += 1;
        // Spaces in names are ours to refuse; a lone surrogate saxes joins with whatever follows, and after a colon it
        // lets a name begin with a digit.
        if (result.reason === "name" && xml[result.offset - 1] === ":") return;
        if (policy.has(result.reason) || /[\u1680\ufeff]/.test(xml) || !xml.isWellFormed()) return;
        assert.ok(!saxesTree(xml), `${result.message}, but saxes takes ${JSON.stringify(xml)}`);
      }),
      { numRuns: 10_000 },
    );
    assert.ok(seen.read > 500 && seen.refused > 500, JSON.stringify(seen));
  });

  it("what it read, it can write and read again", () => {
    fc.assert(
      fc.property(mutated, (xml) => {
        const result = attempt(xml);
        if (result instanceof XmlReadError) return;
        assert.ok(readXml(writeXml(result)).equals(result), xml);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Text as writeXml spells it. */
function writeText(text: string): string {
  const tree = readXml("<a/>").withChildren(text);
  return text === "" ? "" : writeXml(tree).slice("<a>".length, -"</a>".length);
}

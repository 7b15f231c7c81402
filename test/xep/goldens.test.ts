import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Element, el, type Node, NS_CLIENT, toStanza, writeXml } from "../../src/stanza/index.ts";
import { NS_MUC_USER } from "../../src/xep/index.ts";
import { allGoldens } from "./all-goldens.ts";
import { inElement, inMessage } from "./golden.ts";

for (const { xep, pairs } of await allGoldens()) {
  describe(`XEP-${xep}: examples`, () => {
    for (const pair of pairs) {
      it(pair.title, () => pair.check());
      it(`${pair.title}, as a stranger could bend it`, () => {
        fc.assert(
          fc.property(fc.gen(), (g) => {
            const bent = pair.root.withChildren(...bend(pair.root, (max) => g(fc.nat, { max })));
            // What is no stanza any more comes to no reader.
            fc.pre(bent.ns !== NS_CLIENT || bent.name !== "iq" || isIq(bent));
            // Nothing is said about what it is read as, but that it is read.
            pair.read(bent);
          }),
          { numRuns: 50 },
        );
      });
    }
  });
}

describe("a golden pair", () => {
  const xml = `<a xmlns='urn:x'>
    <b n='1' m='2'/>
    <c>text</c>
  </a>`;
  const value = { c: "text", nothing: undefined };
  const read = (a: Element): { c: string | undefined } => ({ c: a.childText("c") });
  const b = el("b", { m: "2", n: "1" });
  const c = el("c", {}, "text");
  const build = (...children: Element[]) =>
    inElement("a", xml, value, read, () => el("a", { xmlns: "urn:x" }, children));

  it("takes no notice of white space, nor of the order of attributes and of children with different names", () => {
    build(b, c).check();
    build(c, b).check();
  });

  it("fails where it is read as something else", () => {
    assert.throws(() => inElement("a", xml, { c: "Text" }, read, (a) => el("c", {}, a.c)).check(), /a: read/);
  });

  it("fails where something is lost in building, or changed", () => {
    for (const wrong of [[c], [b, b, c], [b, el("c", {}, "Text")], [el("b", { n: "1" }), c]])
      assert.throws(() => build(...wrong).check(), /a: built/);
  });

  it("takes no notice of the order, types and labels of fields where a form is submitted, and of nothing else", () => {
    const form = (type: string, ...fields: Element[]) => el("x", { xmlns: "jabber:x:data", type }, fields);
    const field = (name: string, attrs = {}) => el("field", { var: name, ...attrs }, el("value", {}, name));
    const typed = [field("a", { type: "text-single", label: "A" }), field("b")];
    const plain = [field("b"), field("a")];
    const hold = (example: Element, built: Element) =>
      inElement(
        "x",
        writeXml(example),
        0,
        () => 0,
        () => built,
      ).check();
    hold(form("submit", ...typed), form("submit", ...plain));
    for (const [type, ...fields] of [
      ["form", ...plain],
      ["submit", field("a")],
      ["submit", field("c"), field("b")],
    ] as const)
      assert.throws(() => hold(form(type, ...typed), form(type, ...fields)), /x: built/);
  });

  it("takes no notice of the order of a room's status codes, but of which there are", () => {
    const statuses = (...codes: number[]) =>
      el(
        "x",
        { xmlns: NS_MUC_USER },
        codes.map((code) => el("status", { code })),
      );
    const hold = (...built: number[]) =>
      inElement(
        "x",
        writeXml(statuses(303, 110)),
        0,
        () => 0,
        () => statuses(...built),
      ).check();
    hold(110, 303);
    for (const wrong of [[110], [110, 307], [110, 110, 303]]) assert.throws(() => hold(...wrong), /x: built/);
  });

  it("compares the payloads of the namespaces that are built, all of them", () => {
    const hold = (...built: Element[]) =>
      inMessage(
        "m",
        "<message><body>1</body><x xmlns='urn:x'/><y xmlns='urn:x'/></message>",
        "1",
        ({ body }) => body,
        () => built,
      );
    hold(el("x", { xmlns: "urn:x" }), el("y", { xmlns: "urn:x" })).check();
    assert.throws(() => hold(el("x", { xmlns: "urn:x" })).check(), /m: built/);
    assert.throws(() => hold().check(), /m: nothing was built/);
  });
});

function isIq(element: Element): boolean {
  try {
    toStanza(element);
    return true;
  } catch {
    return false;
  }
}

const JUNK = [
  "",
  " ",
  "-1",
  "1e99",
  "NaN",
  "@",
  "a@b@c",
  "true",
  "999999999999999999",
  "0000-00-00T00:00:00Z",
  "%",
  "😀",
  "x".repeat(2_000),
];

/** The children of an element, some of them gone, twice there, or with something else in them. */
function bend(element: Element, upTo: (max: number) => number): Node[] {
  return element.children.flatMap((child): Node[] => {
    const how = upTo(9);
    if (how === 0) return [];
    if (typeof child === "string") return [how < 3 ? (JUNK[upTo(JUNK.length - 1)] ?? "") : child];
    const attrs = Object.fromEntries(
      Object.entries(child.attrs).flatMap(([name, value]) => {
        const what = upTo(5);
        if (what === 0) return [];
        return [[name, what === 1 ? (JUNK[upTo(JUNK.length - 1)] ?? "") : value]];
      }),
    );
    const bent = new Element(child.name, how === 1 ? "urn:other" : child.ns, attrs, bend(child, upTo));
    return how === 2 ? [bent, bent] : [bent];
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Element, el } from "../../src/stanza/index.ts";
import { allGoldens } from "./all-goldens.ts";
import { inElement, inMessage } from "./golden.ts";

for (const { xep, pairs } of await allGoldens()) {
  describe(`XEP-${xep}: examples`, () => {
    for (const { title, check } of pairs) it(title, check);
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
    assert.throws(() => inElement("a", xml, { c: "Text" }, read, undefined).check(), /a: read/);
  });

  it("fails where something is lost in building, or changed", () => {
    for (const wrong of [[c], [b, b, c], [b, el("c", {}, "Text")], [el("b", { n: "1" }), c]])
      assert.throws(() => build(...wrong).check(), /a: built/);
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

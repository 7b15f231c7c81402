import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Element, el } from "../../src/stanza/index.ts";
import { element } from "./arbitraries.ts";

describe("el", () => {
  it("writes numbers and booleans, and leaves undefined out", () => {
    const made = el("a", { n: 1.5, yes: true, no: false, none: undefined, empty: "" });
    assert.deepEqual(Object.entries(made.attrs), [
      ["n", "1.5"],
      ["yes", "true"],
      ["no", "false"],
      ["empty", ""],
    ]);
  });

  it("joins runs of text and flattens lists of children", () => {
    const made = el("a", {}, "1", "", ["2", [undefined, null, false, "3"]], el("b"), "4", []);
    assert.deepEqual(
      made.children.map((child) => (typeof child === "string" ? child : child.name)),
      ["123", "b", "4"],
    );
    assert.deepEqual(el("a", {}, "").children, []);
  });

  it("refuses what is no child", () => {
    assert.throws(
      () => el("a", {}, 1 as unknown as string),
      /a child must be an element or a string, not number/,
    );
  });

  it("refuses names that are no names", () => {
    for (const name of [
      "",
      "a b",
      "1",
      "-a",
      "a:b",
      "xml:a",
      "{u}a",
      "a>",
      "a\n",
      "ª",
      "a\ufeff",
      "a\u1680",
    ]) {
      assert.throws(() => el(name), TypeError, JSON.stringify(name));
    }
    for (const name of [
      "",
      "a b",
      "1",
      "a:b",
      "{}a",
      "{u}",
      "{u}a b",
      "{u}1",
      "{u",
      "xml:",
      "xmlns:a",
      "a=",
      "__a\n",
    ]) {
      assert.throws(() => el("a", { [name]: "" }), TypeError, JSON.stringify(name));
      assert.throws(() => el("a").withAttrs({ [name]: "" }), TypeError, JSON.stringify(name));
    }
    assert.throws(() => el("a").withAttrs({ xmlns: "u" }), /"xmlns" is not an attribute name/);
  });

  it("takes names that are", () => {
    for (const name of ["a", "_", "a-b.c_1", "é", "中文", "a·", "__proto__", "constructor"]) {
      assert.equal(el(name).name, name);
      assert.equal(el("a", { [name]: "b" }).attr(name), "b");
      assert.equal(el("a", { [`{u}${name}`]: "b" }).attr(`{u}${name}`), "b");
      assert.equal(el("a", { [`xml:${name}`]: "b" }).attr(`xml:${name}`), "b");
    }
  });
});

describe("the namespace of an element", () => {
  it("is jabber:client where nobody names one", () => {
    assert.equal(el("a").ns, "jabber:client");
    assert.equal(el("a", {}, el("b")).elements[0]?.ns, "jabber:client");
  });

  it("is taken from the parent, however deep", () => {
    const tree = el("a", { xmlns: "u" }, el("b", {}, [el("c", {}, el("d"))]));
    const [b] = tree.elements as [Element];
    const [c] = b.elements as [Element];
    assert.deepEqual([b.ns, c.ns, c.elements[0]?.ns], ["u", "u", "u"]);
  });

  it("stays where the element names one itself, and below it", () => {
    const tree = el("a", { xmlns: "u" }, el("b", { xmlns: "v" }, el("c")));
    assert.equal(tree.child("b", "v")?.child("c")?.ns, "v");
  });

  it("may be none, which is not the same as not said", () => {
    assert.equal(el("a", { xmlns: "u" }, el("b", { xmlns: "" })).elements[0]?.ns, "");
    assert.equal(el("a", { xmlns: "u" }, el("b", { xmlns: undefined })).elements[0]?.ns, "u");
  });

  it("does not change the child that was given", () => {
    const child = el("b");
    el("a", { xmlns: "u" }, child);
    assert.equal(child.ns, "jabber:client");
    assert.equal(child.inNamespace("v").ns, "v");
    assert.equal(child.inNamespace("v").inNamespace("w").ns, "v");
  });

  it("is handed to children that come later", () => {
    assert.equal(el("a", { xmlns: "u" }).append(el("b")).elements[0]?.ns, "u");
    assert.equal(el("a", { xmlns: "u" }).withChildren(el("b")).elements[0]?.ns, "u");
    assert.equal(el("a").append(el("b")).inNamespace("u").elements[0]?.ns, "u");
  });

  it("stays in copies", () => {
    const made = el("a", { xmlns: "u" });
    assert.equal(made.withAttrs({ b: "c" }).ns, "u");
    assert.equal(made.append("b").ns, "u");
  });
});

describe("an element", () => {
  const made = el(
    "a",
    { xmlns: "u", b: "c" },
    "1",
    el("d", {}, "first"),
    el("d", { xmlns: "v" }, "other"),
    "2",
    el("d", {}, "sec", el("e", {}, "inner"), "ond"),
  );

  it("finds its children by name and namespace", () => {
    assert.equal(made.child("d")?.text, "first");
    assert.equal(made.child("d", "v")?.text, "other");
    assert.equal(made.child("d", "w"), undefined);
    assert.equal(made.child("x"), undefined);
    assert.equal(made.childText("d"), "first");
    assert.equal(made.childText("x"), undefined);
    assert.deepEqual(
      made.childrenNamed("d").map((child) => child.text),
      ["first", "second"],
    );
    assert.deepEqual(
      made.childrenNamed("d", "v").map((child) => child.text),
      ["other"],
    );
    assert.equal(made.elements.length, 3);
  });

  it("knows its text, attributes and name", () => {
    assert.equal(made.text, "12");
    assert.equal(el("a").text, "");
    assert.equal(el("a", {}, "x").text, "x");
    assert.equal(made.attr("b"), "c");
    assert.equal(made.attr("x"), undefined);
    assert.equal(made.attr("toString"), undefined);
    assert.ok(made.is("a") && made.is("a", "u") && !made.is("a", "v") && !made.is("b", "u"));
  });

  it("is changed by copying", () => {
    const changed = made.withAttrs({ b: undefined, f: "g" }).withChildren("x", el("y"));
    assert.deepEqual(Object.entries(changed.attrs), [["f", "g"]]);
    assert.deepEqual(changed.append("z").children.length, 3);
    assert.deepEqual(el("a", {}, "x").append("y").children, ["xy"]);
    assert.equal(made.attr("b"), "c");
    assert.equal(made.children.length, 5);
  });

  it("is equal to one that says the same", () => {
    fc.assert(fc.property(element, (tree) => assert.ok(tree.equals(tree.append().withAttrs({})))));
    assert.ok(el("a", { b: "1", c: "2" }).equals(el("a", { c: "2", b: "1" })));
    assert.ok(el("a").equals(el("a", { xmlns: "jabber:client" })));
    const base = el("a", { b: "1" }, "x", el("c"));
    const others = [
      el("b", { b: "1" }, "x", el("c")),
      el("a", { xmlns: "u", b: "1" }, "x", el("c", { xmlns: "jabber:client" })),
      el("a", { b: "2" }, "x", el("c")),
      el("a", { c: "1" }, "x", el("c")),
      el("a", { b: "1", c: "1" }, "x", el("c")),
      el("a", {}, "x", el("c")),
      el("a", { b: "1" }, "y", el("c")),
      el("a", { b: "1" }, el("c"), "x"),
      el("a", { b: "1" }, "x", el("d")),
      el("a", { b: "1" }, "x", "c"),
      el("a", { b: "1" }, "x"),
      el("a", { b: "1" }, "x", el("c"), el("c")),
      el("a", { b: "1" }, "x", el("c", {}, "z")),
    ];
    for (const [index, other] of others.entries()) {
      assert.ok(!base.equals(other), `${index}`);
      assert.ok(!other.equals(base), `${index}, the other way`);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { el, readXml, stripControls, writeXml, XmlWriteError } from "../../src/stanza/index.ts";

describe("writeXml", () => {
  it("escapes text and attributes, each as a reader needs it", () => {
    assert.equal(
      writeXml(el("a", { b: `<>&"'\t\n\r` }, `<>&"'\t\n\r]]>`)),
      `<a b="&lt;&gt;&amp;&quot;'&#9;&#10;&#13;">&lt;&gt;&amp;"'\t\n&#13;]]&gt;</a>`,
    );
  });

  it("declares a namespace where it changes and nowhere else", () => {
    const tree = el(
      "message",
      {},
      el("x", { xmlns: "u" }, el("y"), el("body", { xmlns: "jabber:client" })),
      el("body"),
    );
    assert.equal(
      writeXml(tree),
      '<message><x xmlns="u"><y/><body xmlns="jabber:client"/></x><body/></message>',
    );
    assert.equal(writeXml(el("x", { xmlns: "u" }), "u"), "<x/>");
    assert.equal(writeXml(el("x"), "u"), '<x xmlns="jabber:client"/>');
    assert.equal(writeXml(el("x", { xmlns: `"<&` })), '<x xmlns="&quot;&lt;&amp;"/>');
  });

  it("gives attributes in namespaces prefixes of its own", () => {
    assert.equal(
      writeXml(el("a", { "{u}b": "1", "xml:lang": "en", "{v&}b": "2" })),
      '<a xmlns:ns1="u" ns1:b="1" xml:lang="en" xmlns:ns2="v&amp;" ns2:b="2"/>',
    );
  });

  it("refuses what XML cannot carry, wherever it stands", () => {
    for (const bad of [
      "\u0000",
      "\u0001",
      "\u000b",
      "\u001f",
      "\ufffe",
      "\uffff",
      "\ud800",
      "\udc00",
      "\udc00\ud800",
    ]) {
      const text = `fine ${bad} fine`;
      for (const tree of [
        el("a", {}, text),
        el("a", { b: text }),
        el("a", { xmlns: text }),
        el("a", {}, el("b", {}, text)),
      ]) {
        assert.throws(() => writeXml(tree), XmlWriteError, JSON.stringify(bad));
      }
      assert.equal(stripControls(text), "fine  fine");
    }
    assert.throws(() => writeXml(el("a", {}, "\u0008")), /U\+0008 .* stripControls\(\)/);
  });

  it("refuses the namespaces that nobody may declare", () => {
    for (const ns of ["http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"]) {
      assert.throws(() => writeXml(el("a", { xmlns: ns })), XmlWriteError);
      assert.throws(() => writeXml(el("a", { [`{${ns}}lang`]: "en" })), XmlWriteError);
    }
  });

  it("writes any text once it is stripped of controls, and no other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const clean = stripControls(text);
        assert.equal(readXml(writeXml(el("a", { b: clean }, clean))).text, clean);
        assert.equal(stripControls(clean), clean);
        if (clean !== text) assert.throws(() => writeXml(el("a", {}, text)), XmlWriteError);
      }),
      { numRuns: 1000 },
    );
    assert.equal(stripControls("\t\n\r \u007f\u0085é😀\ufffd"), "\t\n\r \u007f\u0085é😀\ufffd");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { el, writeXml } from "../../src/stanza/index.ts";
import { buildXhtml, NS_XHTML, readXhtml, readXhtmlText } from "../../src/xep/index.ts";
import { holding } from "./support.ts";

function bodies(inside: string) {
  return readXhtml(
    holding(
      `<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='${NS_XHTML}'>${inside}</body></html>`,
    ),
  );
}

function text(inside: string): string {
  const [first] = bodies(inside);
  assert.ok(first);
  return readXhtmlText(first);
}

function safe(inside: string): string {
  return writeXml(el("body", { xmlns: NS_XHTML }, bodies(inside)[0]?.content), NS_XHTML).slice(6, -7);
}

describe("XEP-0071: formatted bodies", () => {
  it("are read as words", () => {
    assert.equal(text("<p>one</p><p>two <em>three</em><br/>four</p>"), "one\ntwo three\nfour");
    assert.equal(text("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"), "1. a\n   - b\n2. c");
    assert.equal(text("<p>x</p><blockquote><p>a</p><p>b</p></blockquote><p>y</p>"), "x\n> a\n> b\ny");
    assert.equal(text("<a href='https://example.com/'>here</a>"), "here (https://example.com/)");
    assert.equal(text("<a href='https://example.com/'>https://example.com/</a>"), "https://example.com/");
    assert.equal(text("a <img alt='b' src='https://example.com/'/> c"), "a b c");
    assert.equal(text("<pre>a&#10;  b</pre>"), "a\n  b");
  });

  it("hold nothing that does harm", () => {
    assert.equal(
      safe("<script>alert(1)</script><p onclick='x()' class='y' style='color:red'>a</p>"),
      '<p style="color:red">a</p>',
    );
    assert.equal(safe("<a href='javascript:x()'>a</a><a href=' JavaScript:x()'>b</a>"), "<a>a</a><a>b</a>");
    assert.equal(safe("<img src='file:///etc/passwd' width='1' height='x'/>"), '<img width="1"/>');
    assert.equal(safe("<p style='background:url(https://x); color:\\72 ed'>a</p>"), "<p>a</p>");
    assert.equal(safe("<p style='background-color:url(https://x); color:expression(x)'>a</p>"), "<p>a</p>");
    assert.equal(safe("<blink>a <b xmlns='urn:x'>b</b></blink>"), "a ");
    assert.equal(safe("<iframe src='https://example.com/'>a</iframe>"), "a");
  });

  it("are as safe where a bot makes them", () => {
    const html = buildXhtml({ content: [el("p", { onclick: "x()" }, "a", el("script", {}, "b"))] });
    assert.equal(
      writeXml(html),
      `<html xmlns="http://jabber.org/protocol/xhtml-im"><body xmlns="${NS_XHTML}"><p>a</p></body></html>`,
    );
  });

  it("are none where there are none, and no deeper than anybody would make them", () => {
    assert.deepEqual(readXhtml(holding("<body>a</body>")), []);
    assert.equal(text(`${"<em>".repeat(40)}deep${"</em>".repeat(40)}`), "");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { el, readXml } from "../../../src/stanza/index.ts";
import { writeAsProsody } from "../../../src/testkit/double/prosody-xml.ts";

test("attributes are single-quoted and all five characters escaped", () => {
  const element = el("message", { id: `<&'">` }, el("body", {}, `<&'">`));
  assert.equal(
    writeAsProsody(element),
    "<message id='&lt;&amp;&apos;&quot;&gt;'><body>&lt;&amp;&apos;&quot;&gt;</body></message>",
  );
});

test("a namespaced attribute gets a prefix that counts within its element", () => {
  const element = el(
    "thing",
    { xmlns: "urn:z", "{urn:a}x": "1", "{urn:b}y": "2" },
    el("in", { "{urn:c}z": "3" }),
  );
  assert.equal(
    writeAsProsody(element),
    "<thing xmlns='urn:z' xmlns:ns1='urn:a' ns1:x='1' xmlns:ns2='urn:b' ns2:y='2'><in xmlns:ns1='urn:c' ns1:z='3'/></thing>",
  );
});

test("a namespace is declared where it changes, back to jabber:client too", () => {
  const element = el(
    "forwarded",
    { xmlns: "urn:xmpp:forward:0" },
    el("message", { xmlns: "jabber:client" }, el("body")),
  );
  assert.equal(
    writeAsProsody(element),
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body/></message></forwarded>",
  );
});

test("our reader reads it as the same tree", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "<", ">", "&", "'", '"', "ü", "😀", " ") });
  fc.assert(
    fc.property(text, text, (attribute, body) => {
      const element = el(
        "message",
        { id: attribute },
        el("body", { xmlns: "urn:x", "{urn:y}z": attribute }, body),
      );
      assert.ok(readXml(writeAsProsody(element)).equals(element));
    }),
  );
});

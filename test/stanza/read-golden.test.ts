import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Element, el, readStanza, readXml, StanzaShapeError, writeXml } from "../../src/stanza/index.ts";

/** XML in, the tree, XML out; where no XML is given, what was read is written back as it was. */
const pairs: readonly (readonly [what: string, xml: string, tree: Element, written?: string])[] = [
  [
    "a message as Prosody sends it, single-quoted",
    "<message xml:lang='en' to='echo@bots.example' from='juliet@example.com/balcony' type='chat' id='1'><body>Hi</body></message>",
    el(
      "message",
      {
        xmlns: "jabber:client",
        "xml:lang": "en",
        to: "echo@bots.example",
        from: "juliet@example.com/balcony",
        type: "chat",
        id: "1",
      },
      el("body", {}, "Hi"),
    ),
    '<message xml:lang="en" to="echo@bots.example" from="juliet@example.com/balcony" type="chat" id="1"><body>Hi</body></message>',
  ],
  [
    "a prefix that Prosody rewrote",
    "<message><thing xmlns:ns1='urn:z' ns1:attr='v' xmlns='urn:z'>w</thing></message>",
    el("message", {}, el("thing", { xmlns: "urn:z", "{urn:z}attr": "v" }, "w")),
    '<message><thing xmlns="urn:z" xmlns:ns1="urn:z" ns1:attr="v">w</thing></message>',
  ],
  [
    "the same before Prosody rewrote it",
    "<message><z:thing xmlns:z='urn:z' z:attr='v'>w</z:thing></message>",
    el("message", {}, el("thing", { xmlns: "urn:z", "{urn:z}attr": "v" }, "w")),
    '<message><thing xmlns="urn:z" xmlns:ns1="urn:z" ns1:attr="v">w</thing></message>',
  ],
  [
    "several bodies",
    "<message><body>Hello</body><body xml:lang='de'>Hallo</body><body xml:lang='fr'>Salut</body></message>",
    el(
      "message",
      {},
      el("body", {}, "Hello"),
      el("body", { "xml:lang": "de" }, "Hallo"),
      el("body", { "xml:lang": "fr" }, "Salut"),
    ),
    '<message><body>Hello</body><body xml:lang="de">Hallo</body><body xml:lang="fr">Salut</body></message>',
  ],
  [
    "mixed content, its spaces kept",
    `<p xmlns="http://www.w3.org/1999/xhtml"> Wherefore <b>art</b> thou,<br/> <i>Romeo</i>?\n</p>`,
    el(
      "p",
      { xmlns: "http://www.w3.org/1999/xhtml" },
      " Wherefore ",
      el("b", {}, "art"),
      " thou,",
      el("br"),
      " ",
      el("i", {}, "Romeo"),
      "?\n",
    ),
  ],
  [
    "the five entities",
    "<a b='&lt;&gt;&amp;&quot;&apos;'>&lt;&gt;&amp;&quot;&apos;</a>",
    el("a", { b: `<>&"'` }, `<>&"'`),
    `<a b="&lt;&gt;&amp;&quot;'">&lt;&gt;&amp;"'</a>`,
  ],
  [
    "an entity decoded once",
    "<a>&amp;lt;&#38;amp;</a>",
    el("a", {}, "&lt;&amp;"),
    "<a>&amp;lt;&amp;amp;</a>",
  ],
  [
    "references by number",
    "<a b='&#x41;&#0066;'>&#67;&#x1F600;&#x1f600;&#13;&#9;</a>",
    el("a", { b: "AB" }, "C😀😀\r\t"),
    '<a b="AB">C😀😀&#13;\t</a>',
  ],
  ["astral characters", '<a b="😀">𝄞<中/>中文</a>', el("a", { b: "😀" }, "𝄞", el("中"), "中文")],
  [
    "the ends of what XML allows",
    "<a>\u0009\u0020\u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{10ffff}</a>",
    el("a", {}, "\u0009\u0020\u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{10ffff}"),
  ],
  [
    "CDATA",
    "<a>1<![CDATA[<b>&amp;]]>2<![CDATA[]]><![CDATA[]]]]><![CDATA[>]]></a>",
    el("a", {}, "1<b>&amp;2]]>"),
    "<a>1&lt;b&gt;&amp;amp;2]]&gt;</a>",
  ],
  ["an empty CDATA section", "<a><![CDATA[]]></a>", el("a"), "<a/>"],
  [
    "line ends",
    "<a b='1\r\n2\r3\n4\t5&#13;&#10;6'>1\r\n2\r3\n4<![CDATA[\r\n]]></a>",
    el("a", { b: "1 2 3 4 5\r\n6" }, "1\n2\n3\n4\n"),
    '<a b="1 2 3 4 5&#13;&#10;6">1\n2\n3\n4\n</a>',
  ],
  [
    "spaces inside tags",
    "<a\n\tb = '1'\r\n  c= \"2\" ><d\t/></a\n>",
    el("a", { b: "1", c: "2" }, el("d")),
    '<a b="1" c="2"><d/></a>',
  ],
  ["space around the root", " \r\n<a/>\n\t", el("a"), "<a/>"],
  [
    "signs of markup inside values and sections",
    `<a b=">/'" c='="'>]]<![CDATA[<!--<?x?>]]>></a>`,
    el("a", { b: ">/'", c: '="' }, "]]<!--<?x?>>"),
    `<a b="&gt;/'" c="=&quot;">]]&lt;!--&lt;?x?&gt;&gt;</a>`,
  ],
  [
    "namespaces shadowed and brought back",
    "<a xmlns='u'><p:b xmlns:p='v'><p:c xmlns:p='w'/><p:d/><e xmlns='x'><f/></e><g/></p:b><h/></a>",
    el(
      "a",
      { xmlns: "u" },
      el(
        "b",
        { xmlns: "v" },
        el("c", { xmlns: "w" }),
        el("d"),
        el("e", { xmlns: "x" }, el("f")),
        el("g", { xmlns: "u" }),
      ),
      el("h"),
    ),
    '<a xmlns="u"><b xmlns="v"><c xmlns="w"/><d/><e xmlns="x"><f/></e><g xmlns="u"/></b><h/></a>',
  ],
  ["no namespace at all", '<a><b xmlns=""><c/></b></a>', el("a", {}, el("b", { xmlns: "" }, el("c")))],
  [
    "a prefix declared after its use in the tag",
    "<p:a p:b='c' xmlns:p='u'/>",
    el("a", { xmlns: "u", "{u}b": "c" }),
    '<a xmlns="u" xmlns:ns1="u" ns1:b="c"/>',
  ],
  ["a namespace spelt with references", "<a xmlns='&#117;'/>", el("a", { xmlns: "u" }), '<a xmlns="u"/>'],
  [
    "two attributes that differ by namespace only",
    "<a xmlns='u' xmlns:p='u' xmlns:q='v' b='1' p:b='2' q:b='3'/>",
    el("a", { xmlns: "u", b: "1", "{u}b": "2", "{v}b": "3" }),
    '<a xmlns="u" b="1" xmlns:ns1="u" ns1:b="2" xmlns:ns2="v" ns2:b="3"/>',
  ],
  [
    "the prefix xml, declared as it is",
    "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'/>",
    el("a", { "xml:space": "preserve" }),
    '<a xml:space="preserve"/>',
  ],
  [
    "stanzas in stanzas",
    '<message><forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client"><body>x</body></message></forwarded></message>',
    el(
      "message",
      {},
      el(
        "forwarded",
        { xmlns: "urn:xmpp:forward:0" },
        el("message", { xmlns: "jabber:client" }, el("body", {}, "x")),
      ),
    ),
  ],
];

const dangerous = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
];

describe("XML in, tree, XML out", () => {
  for (const [what, xml, tree, written = xml] of pairs) {
    it(what, () => {
      const read = readXml(xml);
      assert.ok(read.equals(tree), `${writeXml(read)}\n${writeXml(tree)}`);
      assert.equal(writeXml(read), written);
      assert.ok(readXml(written).equals(tree));
    });
  }
});

describe("names that JavaScript gives a meaning to", () => {
  for (const name of dangerous) {
    it(`${name} is a name like any other`, () => {
      const read = readXml(
        `<${name} ${name}='1'><${name}/><${name}:${name} xmlns:${name}='u' ${name}:${name}='2'>t</${name}:${name}></${name}>`,
      );
      assert.equal(read.name, name);
      assert.equal(read.ns, "jabber:client");
      assert.deepEqual(Object.entries(read.attrs), [[name, "1"]]);
      const [empty, inner] = read.elements as [Element, Element];
      assert.deepEqual([empty.name, Object.keys(empty.attrs), empty.children], [name, [], []]);
      assert.deepEqual([inner.name, inner.ns, inner.text], [name, "u", "t"]);
      assert.deepEqual(Object.entries(inner.attrs), [[`{u}${name}`, "2"]]);
      assert.equal(
        writeXml(read),
        `<${name} ${name}="1"><${name}/><${name} xmlns="u" xmlns:ns1="u" ns1:${name}="2">t</${name}></${name}>`,
      );
    });
  }

  it("an attribute that is not there is not there", () => {
    const { attrs } = readXml("<a b='c'/>");
    for (const name of dangerous) {
      assert.equal(attrs[name], undefined);
      assert.equal(readXml("<a/>").attr(name), undefined);
    }
    assert.equal(Object.hasOwn(Object.prototype, "b"), false);
  });
});

describe("readXml", () => {
  it("takes a Buffer and a view into a larger buffer", () => {
    const whole = new TextEncoder().encode("xx<a>é</a>yy");
    assert.equal(readXml(whole.subarray(2, -2)).text, "é");
    assert.equal(readXml(Buffer.from("<a>é</a>")).text, "é");
  });

  it("keeps nothing of one document for the next", () => {
    readXml("<a xmlns='u' xmlns:p='v'><b/></a>");
    assert.equal(readXml("<a/>").ns, "jabber:client");
    assert.throws(() => readXml("<p:a/>"), { reason: "undeclared-prefix" });
    assert.throws(() => readXml("<a><b>"), { reason: "unclosed" });
    assert.ok(readXml("<a><b/></a>").equals(el("a", {}, el("b"))));
  });

  it("gives elements that can be changed into others", () => {
    const read = readXml("<a b='c'>d</a>").withAttrs({ b: undefined, e: "f" }).append(el("g"));
    assert.equal(writeXml(read), '<a e="f">d<g/></a>');
  });
});

describe("readStanza", () => {
  it("gives the typed view", () => {
    const stanza = readStanza(Buffer.from("<message from='a@b.c' type='chat'><body>Hi</body></message>"));
    assert.equal(stanza.kind, "message");
    assert.equal(stanza.kind === "message" && stanza.body, "Hi");
    assert.equal(String(stanza.from), "a@b.c");
  });

  it("passes the limits on", () => {
    assert.throws(() => readStanza("<presence/>", { bytes: 10 }), { reason: "too-large" });
  });

  it("refuses what is XML but no stanza", () => {
    assert.throws(() => readStanza("<message xmlns='urn:x'/>"), StanzaShapeError);
    assert.throws(() => readStanza("<stream/>"), StanzaShapeError);
    assert.throws(() => readStanza("<iq type='get' id='1'/>"), StanzaShapeError);
  });
});

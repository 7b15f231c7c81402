import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  el,
  iq,
  Jid,
  JidError,
  message,
  presence,
  readStanza,
  type Stanza,
  StanzaError,
  StanzaShapeError,
  writeXml,
} from "../../src/stanza/index.ts";

function read<K extends Stanza["kind"]>(kind: K, xml: string): Extract<Stanza, { kind: K }> {
  const stanza = readStanza(xml);
  assert.equal(stanza.kind, kind);
  return stanza as Extract<Stanza, { kind: K }>;
}

describe("message", () => {
  it("is built in one spelling", () => {
    const made = message(
      {
        to: "Juliet@Example.com/balcony",
        from: Jid.parse("romeo@example.net"),
        id: "1",
        lang: "en",
        type: "chat",
        subject: "Night",
        body: "But soft!",
        thread: "t",
      },
      el("active", { xmlns: "urn:x" }),
    );
    assert.equal(
      writeXml(made.element),
      '<message type="chat" id="1" to="juliet@example.com/balcony" from="romeo@example.net" xml:lang="en">' +
        '<subject>Night</subject><body>But soft!</body><thread>t</thread><active xmlns="urn:x"/></message>',
    );
    assert.equal(writeXml(message({ type: "normal" }).element), "<message/>");
  });

  it("has one body a language", () => {
    const made = message({ lang: "de", body: { "": "Hi", de: "Hallo", fr: "Salut" } });
    assert.deepEqual({ ...made.bodies }, { "": "Hi", de: "Hallo", fr: "Salut" });
    assert.equal(made.body, "Hi");
    assert.deepEqual({ ...message({}).bodies }, {});
    assert.equal(message({}).body, undefined);
  });

  it("gives the body in its own language, else one without, else the first", () => {
    const bodies = (attrs: string, ...langs: string[]) =>
      read(
        "message",
        `<message ${attrs}>${langs.map((lang) => `<body${lang && ` xml:lang='${lang}'`}>${lang}</body>`).join("")}</message>`,
      ).body;
    assert.equal(bodies("xml:lang='fr'", "de", "fr"), "fr");
    assert.equal(bodies("xml:lang='fr'", "de", ""), "");
    assert.equal(bodies("xml:lang='fr'", "de", "en"), "de");
    assert.equal(bodies("", "de", "fr"), "de");
  });

  it("does not take a body of another namespace for its own", () => {
    const html = read("message", "<message><body xmlns='http://www.w3.org/1999/xhtml'>x</body></message>");
    assert.equal(html.body, undefined);
    assert.deepEqual({ ...html.bodies }, {});
  });

  it("keeps what a hostile language is called as an ordinary key", () => {
    const { bodies } = read("message", "<message><body xml:lang='__proto__'>x</body></message>");
    assert.deepEqual(Object.entries(bodies), [["__proto__", "x"]]);
  });

  it("is normal where the type is none or unknown", () => {
    assert.equal(read("message", "<message/>").type, "normal");
    assert.equal(read("message", "<message type='available'/>").type, "normal");
    for (const type of ["normal", "chat", "groupchat", "headline", "error"] as const) {
      assert.equal(read("message", `<message type='${type}'/>`).type, type);
    }
    assert.throws(() => message({ type: "loud" as "chat" }), StanzaShapeError);
  });

  it("has subject and thread", () => {
    const stanza = read("message", "<message><subject/><thread>t</thread></message>");
    assert.deepEqual([stanza.subject, stanza.thread], ["", "t"]);
    assert.deepEqual([message({}).subject, message({}).thread], [undefined, undefined]);
  });
});

describe("presence", () => {
  it("is built in one spelling", () => {
    assert.equal(
      writeXml(presence({ to: "a@b", show: "away", status: "Back at four", priority: -1 }).element),
      '<presence to="a@b"><show>away</show><status>Back at four</status><priority>-1</priority></presence>',
    );
    assert.equal(writeXml(presence({ type: "available" }).element), "<presence/>");
    assert.equal(
      writeXml(presence({ type: "unavailable" }, el("x", { xmlns: "u" })).element),
      '<presence type="unavailable"><x xmlns="u"/></presence>',
    );
    assert.equal(writeXml(presence().element), "<presence/>");
  });

  it("is read with what RFC 6121 §4.7 means by what is missing", () => {
    const bare = read("presence", "<presence/>");
    assert.deepEqual(
      [bare.type, bare.show, bare.status, bare.priority],
      ["available", undefined, undefined, 0],
    );
    const full = read(
      "presence",
      "<presence type='unavailable'><show>dnd</show><status>s</status><priority> +7 </priority></presence>",
    );
    assert.deepEqual([full.type, full.show, full.status, full.priority], ["unavailable", "dnd", "s", 7]);
    assert.equal(read("presence", "<presence><show>busy</show></presence>").show, undefined);
  });

  it("has no priority but those of RFC 6121 §4.7.2.3", () => {
    const priority = (text: string) =>
      read("presence", `<presence><priority>${text}</priority></presence>`).priority;
    assert.deepEqual([priority("-128"), priority("127")], [-128, 127]);
    for (const text of ["-129", "128", "1.5", "0x10", "1e1", "", "high", "Infinity"])
      assert.equal(priority(text), 0, text);
    assert.equal(presence({ priority: 127 }).priority, 127);
    for (const bad of [-129, 128, 1.5, Number.NaN]) {
      assert.throws(() => presence({ priority: bad }), StanzaShapeError);
    }
  });

  it("is of no unknown type", () => {
    assert.throws(() => presence({ type: "invisible" as "probe" }), StanzaShapeError);
    for (const type of [
      "unavailable",
      "subscribe",
      "subscribed",
      "unsubscribe",
      "unsubscribed",
      "probe",
      "error",
    ] as const) {
      assert.equal(presence({ type }).type, type);
      assert.equal(read("presence", `<presence type='${type}'/>`).type, type);
    }
  });
});

describe("iq", () => {
  it("is built in one spelling", () => {
    assert.equal(
      writeXml(
        iq({ type: "get", to: "example.com", id: "1" }, el("ping", { xmlns: "urn:xmpp:ping" })).element,
      ),
      '<iq type="get" id="1" to="example.com"><ping xmlns="urn:xmpp:ping"/></iq>',
    );
    assert.throws(() => iq({ type: "ask" as "get" }), StanzaShapeError);
  });

  it("has a payload, which the error is not", () => {
    assert.equal(
      read("iq", "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>").payload?.name,
      "ping",
    );
    assert.equal(read("iq", "<iq type='result' id='1'/>").payload, undefined);
    const failed = read("iq", "<iq type='error' id='1'><error type='cancel'/></iq>");
    assert.equal(failed.payload, undefined);
    assert.equal(
      read("iq", "<iq type='error' id='1'><error type='cancel'/><ping xmlns='urn:xmpp:ping'/></iq>").payload
        ?.name,
      "ping",
    );
  });
});

describe("every stanza", () => {
  it("has its addresses read once, leniently", () => {
    const stanza = read("message", "<message from='\u2615@b/c' to='bots.example' id='1' xml:lang='en'/>");
    assert.deepEqual(
      [stanza.from?.local, stanza.to?.domain, stanza.id, stanza.lang],
      ["\u2615", "bots.example", "1", "en"],
    );
    assert.equal(stanza.from, stanza.from);
    const bare = read("message", "<message/>");
    assert.deepEqual([bare.from, bare.to, bare.id, bare.lang], [undefined, undefined, undefined, undefined]);
    assert.throws(() => read("message", "<message from='@'/>").from, JidError);
  });

  it("is built with addresses that RFC 7622 knows, or not at all", () => {
    for (const build of [
      () => message({ to: "a b@c" }),
      () => presence({ from: "@b" }),
      () => iq({ type: "get", to: "" }, el("a")),
    ]) {
      assert.throws(build, JidError);
    }
  });

  it("finds a child by name and namespace", () => {
    const stanza = message({ body: "x" }, el("x", { xmlns: "u" }));
    assert.equal(stanza.child("x", "u")?.ns, "u");
    assert.equal(stanza.child("x", "v"), undefined);
  });

  it("carries an error only when it says so", () => {
    const child = new StanzaError("gone", { text: "Moved" }).toElement();
    const failed = message({ type: "error" }, child);
    assert.deepEqual([failed.error?.condition, failed.error?.text], ["gone", "Moved"]);
    assert.equal(message({ type: "chat" }, child).error, undefined);
    assert.equal(message({ type: "error" }).error?.condition, "undefined-condition");
    assert.equal(presence({ type: "error" }, child).error?.condition, "gone");
  });
});

describe("readStanza", () => {
  it("takes what RFC 6120 §8 allows", () => {
    for (const [xml, kind] of [
      ["<message/>", "message"],
      ["<message type='whatever'/>", "message"],
      ["<presence type='probe'/>", "presence"],
      ["<iq type='set' id='1'><a xmlns='u'/></iq>", "iq"],
      ["<iq type='get' id='1'>\n<a xmlns='u'/>\n</iq>", "iq"],
      ["<iq type='result' id=''/>", "iq"],
    ] as const) {
      assert.equal(readStanza(xml).kind, kind, xml);
    }
  });

  it("refuses the rest, and says why", () => {
    const refusals: readonly (readonly [xml: string, why: RegExp])[] = [
      ["<message xmlns='jabber:server'/>", /namespace jabber:client, not "jabber:server"/],
      ["<message xmlns=''/>", /not ""/],
      ["<body/>", /<body\/> is no stanza/],
      ["<Message/>", /no stanza/],
      ["<constructor/>", /no stanza/],
      ["<presence type='available'/>", /"available" is no type/],
      ["<presence type=''/>", /"" is no type/],
      ["<presence type='chat'/>", /"chat" is no type/],
      ["<iq id='1'/>", /not undefined/],
      ["<iq type='' id='1'/>", /not ""/],
      ["<iq type='GET' id='1'><a/></iq>", /not "GET"/],
      ["<iq type='result'/>", /must have an id/],
      ["<iq type='get' id='1'/>", /exactly one child, not 0/],
      ["<iq type='get' id='1'>text</iq>", /exactly one child, not 0/],
      ["<iq type='set' id='1'><a/><b/></iq>", /exactly one child, not 2/],
    ];
    for (const [xml, why] of refusals) {
      assert.throws(
        () => readStanza(xml),
        (error) => error instanceof StanzaShapeError && why.test(error.message),
        xml,
      );
    }
  });
});

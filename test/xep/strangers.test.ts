import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { el, Jid, Message, readXml } from "../../src/stanza/index.ts";
import {
  buildBlock,
  buildForwarded,
  buildMention,
  buildQuotation,
  buildUnblock,
  isEncryptedText,
  readBlockingChange,
  readBookmark,
  readContents,
  readDelay,
  readEncryption,
  readFallbacks,
  readForwarded,
  readGatewayAddress,
  readMentions,
  readReferences,
  readRegistration,
  readReport,
  readStanzaIds,
  withoutFallback,
} from "../../src/xep/index.ts";
import { holding, written } from "./support.ts";

const inside = (xml: string): ReturnType<typeof readXml> => readXml(`<x xmlns='urn:x'>${xml}</x>`);

describe("what strangers write", () => {
  it("blocks and unblocks nobody by mistake", () => {
    assert.equal(readBlockingChange(readXml("<block xmlns='urn:xmpp:blocking'/>")), undefined);
    assert.equal(
      readBlockingChange(readXml("<unblock xmlns='urn:xmpp:blocking'><item jid='@'/></unblock>")),
      undefined,
    );
    assert.equal(readBlockingChange(readXml("<other xmlns='urn:xmpp:blocking'/>")), undefined);
    assert.throws(() => buildBlock([]), /nobody is to be blocked/);
    assert.throws(() => buildUnblock([]), /nobody is to be unblocked/);
  });

  it("is nothing where it makes no sense", () => {
    assert.equal(readForwarded(inside("<forwarded xmlns='urn:xmpp:forward:0'/>")), undefined);
    assert.equal(
      readForwarded(inside("<forwarded xmlns='urn:xmpp:forward:0'><iq xmlns='jabber:client'/></forwarded>")),
      undefined,
    );
    assert.equal(
      readForwarded(inside("<forwarded xmlns='urn:xmpp:forward:0'><message/></forwarded>")),
      undefined,
    );
    assert.equal(readReport(inside("<report xmlns='urn:xmpp:reporting:1'/>")), undefined);
    assert.equal(readRegistration(inside("")), undefined);
    assert.equal(
      readGatewayAddress(readXml("<query xmlns='jabber:iq:gateway'><jid>@</jid></query>")),
      undefined,
    );
    assert.equal(
      readBookmark(readXml("<item id='@'><conference xmlns='urn:xmpp:bookmarks:1'/></item>")),
      undefined,
    );
    assert.equal(readBookmark(readXml("<item id='a@b.example'/>")), undefined);
    assert.deepEqual(readStanzaIds(inside("<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='@'/>")), []);
    assert.deepEqual(readContents(holding("<content xmlns='urn:xmpp:content' type=' '/>")), []);
    assert.deepEqual(readReferences(holding("<reference xmlns='urn:xmpp:reference:0' type='data'/>")), []);
    assert.deepEqual(readFallbacks(holding("<fallback xmlns='urn:xmpp:fallback:0'/>")), []);
    for (const stamp of ["2002-09-10", "yesterday", "2002-13-40T00:00:00Z", ""])
      assert.equal(readDelay(holding(`<delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>`)), undefined, stamp);
  });

  it("may be quoted twice over: what stands for several extensions is left out once", () => {
    const message = holding(`<body>abcdef</body>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:a'><body start='0' end='2'/></fallback>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:b'><body start='1' end='4'/></fallback>`);
    assert.equal(withoutFallback(message, "urn:a", "urn:b"), "ef");
    assert.equal(withoutFallback(message, "urn:b", "urn:a"), "ef");
    assert.equal(withoutFallback(message, "urn:b"), "aef");
    assert.equal(withoutFallback(message), "abcdef");
  });
});

describe("XEP-0297: what is forwarded", () => {
  it("is a stanza, wherever it is put", () => {
    const stanza = new Message(el("message", { id: "1" }, el("body", {}, "a")));
    const parent = el("x", { xmlns: "urn:x" }, buildForwarded({ stanza }));
    assert.equal((readForwarded(parent)?.stanza as Message | undefined)?.body, "a");
  });
});

describe("XEP-0372: a mention", () => {
  it("finds everybody again, whatever they are called", () => {
    for (const jid of ["juliet@capulet.example", "room@muc.example/Jürgen ?#%/x", "a%b+c@example.org"]) {
      const [mention] = readMentions(
        holding(written(buildMention(jid, { begin: 0, end: 3 })).replaceAll('"', "'")),
      );
      assert.equal(String(mention?.jid), String(Jid.parse(jid)));
    }
  });
});

describe("XEP-0461: a quotation", () => {
  const quote = (text: string): string => buildQuotation(text, "Yes")[0]?.text ?? "";

  it("marks every line, and those that are quoted already once more", () => {
    assert.equal(quote("a\nb\r\n> c"), "> a\n> b\n>> c\nYes");
  });

  it("is the beginning of what is long", () => {
    assert.equal(quote("a\n".repeat(100)), `${"> a\n".repeat(5)}> a …\nYes`);
    assert.equal(Array.from(quote("😀".repeat(100_000))).length, "> ".length + 280 + " …\nYes".length);
  });
});

describe("XEP-0380: encryption", () => {
  it("is known by the body, too", () => {
    const methods: Record<string, string | undefined> = {
      "?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA1g5IjD1ZGLDVQEyCgCyn9hb": "OTR",
      "?OTRv23?": "OTR",
      "?OTR?": "OTR",
      "?OTR Error: no": undefined,
      "What is ?OTR:": undefined,
      "-----BEGIN PGP MESSAGE-----": "Legacy OpenPGP",
      hello: undefined,
    };
    for (const [body, name] of Object.entries(methods))
      assert.equal(readEncryption(holding(`<body>${body}</body>`))?.name, name, body);
  });

  it("says something to people only where there is something in it", () => {
    const omemo = (payload: string, ns = "eu.siacs.conversations.axolotl"): boolean =>
      isEncryptedText(holding(`<encrypted xmlns='${ns}'><header sid='1'/>${payload}</encrypted>`));
    assert.ok(omemo("<payload>x</payload>") && omemo("<payload/>", "urn:xmpp:omemo:2"));
    assert.ok(!omemo("") && !omemo("", "urn:xmpp:omemo:2"));
    assert.ok(isEncryptedText(holding("<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>")));
    assert.ok(!isEncryptedText(holding("<body>x</body>")));
    const explained = "<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl'/>";
    assert.ok(isEncryptedText(holding(`<body>x</body>${explained}`)) && !isEncryptedText(holding(explained)));
  });
});

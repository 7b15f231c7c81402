import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Message, readStanza, writeXml } from "../../src/stanza/index.ts";
import { buildReceipt, buildReceiptRequest, readReceipt, readReceiptRequest } from "../../src/xep/index.ts";

const read = (xml: string): Message => readStanza(xml) as Message;

// XEP-0184 §7: the content message and its receipt.
const CONTENT = `<message
    from='northumberland@shakespeare.lit/westminster'
    id='richard2-4.1.247'
    to='kingrichard@royalty.england.lit/throne'>
  <body>My lord, dispatch; read o'er these articles.</body>
  <request xmlns='urn:xmpp:receipts'/>
</message>`;
const ACK = `<message
    from='kingrichard@royalty.england.lit/throne'
    id='bi29sg183b4v'
    to='northumberland@shakespeare.lit/westminster'>
  <received xmlns='urn:xmpp:receipts' id='richard2-4.1.247'/>
</message>`;

describe("XEP-0184: receipts", () => {
  it("are asked for and given as in the examples", () => {
    assert.equal(readReceiptRequest(read(CONTENT)), "richard2-4.1.247");
    assert.equal(readReceipt(read(CONTENT)), undefined);
    assert.equal(readReceipt(read(ACK)), "richard2-4.1.247");
    assert.equal(readReceiptRequest(read(ACK)), undefined);
    assert.ok(read(CONTENT).child("request", "urn:xmpp:receipts")?.equals(buildReceiptRequest()));
    assert.ok(read(ACK).child("received", "urn:xmpp:receipts")?.equals(buildReceipt("richard2-4.1.247")));
    assert.equal(writeXml(buildReceipt("a&b")), '<received xmlns="urn:xmpp:receipts" id="a&amp;b"/>');
  });

  for (const [why, xml] of [
    ["in a room (§5.3)", CONTENT.replace("<message", "<message type='groupchat'")],
    ["for an error", CONTENT.replace("<message", "<message type='error'")],
    ["for a receipt (§5.4)", CONTENT.replace("<body>", "<received xmlns='urn:xmpp:receipts' id='x'/><body>")],
    ["for what has no id", CONTENT.replace(/id='.*'/, "")],
    ["for another extension's request", CONTENT.replace("urn:xmpp:receipts", "urn:xmpp:other")],
  ] as const) {
    it(`are not due ${why}`, () => {
      assert.notEqual(xml, CONTENT);
      assert.equal(readReceiptRequest(read(xml)), undefined);
    });
  }
});

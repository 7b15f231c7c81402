import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Element, iq, message, presence, readXml, writeXml } from "../../../src/stanza/index.ts";
import { replyTo, replyToFailure } from "../../../src/testkit/double/reply-rules.ts";
import { ModRestCrash } from "../../../src/testkit/index.ts";

const XML = "application/xmpp+xml";
const addresses = { from: "alice@localhost/phone", to: "echo@bots.localhost" };
const chat = message({ ...addresses, type: "chat", id: "m1", body: "Hello" }).element;
const ping = readXml(
  `<iq type='get' id='i1' from='${addresses.from}' to='${addresses.to}'><ping xmlns='urn:xmpp:ping'/></iq>`,
);

function xmlReply(stanza: Element, body: string, status = 200): string {
  const { reply } = replyTo(stanza, { status, contentType: XML, body });
  return reply === undefined ? "" : writeXml(reply);
}

describe("the inline reply", () => {
  test("goes back to the sender, with id, type and language of its own", () => {
    assert.equal(
      xmlReply(chat, "<message id='r' type='chat' xml:lang='de' to='x@y' more='1'><body>Hi</body></message>"),
      '<message from="echo@bots.localhost" to="alice@localhost/phone" id="r" type="chat" xml:lang="de"><body>Hi</body></message>',
    );
  });

  test("goes to the room when it is groupchat", () => {
    const said = message({
      from: "room@rooms.localhost/al",
      to: "b@bots.localhost",
      type: "groupchat",
      body: "x",
    });
    assert.match(xmlReply(said.element, "<message type='groupchat' id='r'/>"), / to="room@rooms.localhost" /);
    assert.match(xmlReply(said.element, "<message type='chat' id='r'/>"), / to="room@rooms.localhost\/al" /);
  });

  test("is nothing on 202 and 204, but an empty result for an IQ", () => {
    for (const status of [202, 204]) {
      assert.equal(xmlReply(chat, "<message/>", status), "");
      assert.equal(
        xmlReply(ping, "", status),
        '<iq to="alice@localhost/phone" from="echo@bots.localhost" id="i1" type="result"/>',
      );
    }
  });

  test("of an IQ has the id of the request", () => {
    assert.match(xmlReply(ping, "<iq type='get' id='x'/>"), / id="i1" type="result"/);
    assert.match(xmlReply(ping, "<iq type='error' id='x'/>"), / id="i1" type="error"/);
  });

  test("says in a warning why a body was of no use", () => {
    const wrongKind = replyTo(chat, { status: 200, contentType: XML, body: "<presence/>" });
    assert.match(wrongKind.warning ?? "", /wrong stanza type, got presence but expected message/);
    const broken = replyTo(chat, { status: 200, contentType: XML, body: "<message>" });
    assert.match(broken.warning ?? "", /^Failed parsing data/);
    assert.equal(replyTo(chat, { status: 204, contentType: undefined, body: "" }).warning, undefined);
  });

  test("vanishes with the crash that JSON can cause", () => {
    const body = '{"kind":"message","type":"error","error":{"condition":"gone"}}';
    assert.throws(() => replyTo(chat, { status: 200, contentType: "application/json", body }), ModRestCrash);
  });

  test("never comes to a stanza of type error or result", () => {
    const errors = [
      message({ ...addresses, type: "error" }).element,
      presence({ ...addresses, type: "error" }).element,
      iq({ ...addresses, type: "result", id: "1" }).element,
    ];
    const answers = fc.record({
      status: fc.integer({ min: 100, max: 599 }),
      contentType: fc.constantFrom(undefined, XML, "text/plain", "text/html"),
      body: fc.constantFrom("", "<message/>", "<iq/>", "<presence/>", "x"),
    });
    fc.assert(
      fc.property(fc.constantFrom(...errors), answers, (stanza, answer) => {
        assert.equal(replyTo(stanza, answer).reply, undefined);
      }),
    );
  });

  test("is addressed to the sender, from the addressee, whatever the web server says", () => {
    const answers = fc.record({
      status: fc.integer({ min: 200, max: 599 }),
      contentType: fc.constantFrom(
        undefined,
        XML,
        "text/plain",
        "text/html",
        "application/x-www-form-urlencoded",
      ),
      body: fc.oneof(
        fc.string(),
        fc.constantFrom("<message to='x@y' from='z@y'/>", "<iq to='x@y'/>", "to=x@y&body=z"),
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(chat, ping), answers, (stanza, answer) => {
        const { reply } = replyTo(stanza, answer);
        if (reply === undefined) return;
        assert.deepEqual([reply.attr("to"), reply.attr("from")], [addresses.from, addresses.to]);
        assert.equal(reply.name, stanza.name);
      }),
    );
  });
});

test("no connection is recipient-unavailable, to all but errors", () => {
  assert.match(writeXml(replyToFailure(chat) as Element), /<error type="wait"><recipient-unavailable /);
  assert.equal(replyToFailure(message({ ...addresses, type: "error" }).element), undefined);
});

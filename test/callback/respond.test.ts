import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeAnswer } from "../../src/callback/encode.ts";
import { type Answer, respond } from "../../src/callback/index.ts";
import { APOLOGY, TIMEOUT_APOLOGY } from "../../src/dispatch/index.ts";
import { message, readStanza, type Stanza } from "../../src/stanza/index.ts";
import { readReceipt } from "../../src/xep/index.ts";
import { CELLS, ERROR, OUTCOMES, outcomeOf, REQUESTS, requestOf } from "./support/outcome-table.ts";

/** What an answer says, in the words of the table. */
function said(
  { status, stanza, receipt: aside }: Answer,
  request: Stanza,
  replied: Stanza | undefined,
): string {
  if (stanza === undefined) return `${status}`;
  assert.equal(status, 200);
  assert.equal(stanza.kind, request.kind, "mod_rest takes its own kind alone");
  assert.equal(stanza.element.ns, "jabber:client");
  const receipt = stanza.kind === "message" ? readReceipt(stanza) : undefined;
  if (receipt !== undefined) assert.equal(receipt, request.id);
  if (aside !== undefined) {
    assert.equal(receipt, undefined, "there are not two receipts, and none in a reply");
    assert.equal(readReceipt(aside), request.id);
    assert.deepEqual([aside.to, aside.from, aside.type], [request.from, request.to, request.type]);
    assert.equal(aside.element.elements.length, 1);
  }
  const suffix = aside === undefined ? "" : "+receipt";
  if (replied !== undefined && stanza.element.children[0] === replied.element.children[0]) {
    assert.equal(stanza.element.attr("type"), replied.element.attr("type"));
    return `reply${suffix}`;
  }
  if (stanza.error !== undefined) {
    assert.equal(suffix, "");
    assert.equal(stanza.id, request.id, "an error has the id of what it answers");
    if (stanza.error.condition !== ERROR.condition) return stanza.error.condition;
    assert.ok(
      stanza.element.child("error")?.equals(ERROR.toElement()),
      "text and application condition are there",
    );
    return "error";
  }
  if (stanza.kind === "iq") {
    assert.deepEqual([stanza.type, stanza.payload, stanza.id], ["result", undefined, request.id]);
    return "result";
  }
  if (stanza.kind === "message" && stanza.body === undefined) {
    assert.equal(stanza.element.elements.length, 1);
    assert.equal(stanza.type, request.element.attr("type") ?? "normal");
    return "receipt";
  }
  assert.equal(stanza.kind, "message");
  const words = { [APOLOGY]: "sorry", [TIMEOUT_APOLOGY]: "late" }[(stanza as { body?: string }).body ?? ""];
  assert.ok(words, "there are no other words");
  const type = request.element.attr("type");
  assert.equal(stanza.element.attr("type"), type === "headline" ? "chat" : type);
  return words + suffix;
}

test("the table names every request and outcome once", () => {
  assert.equal(CELLS.length, 18 * 12);
  assert.deepEqual([new Set(REQUESTS).size, new Set(OUTCOMES).size], [18, 12]);
});

for (const name of REQUESTS) {
  describe(`in answer to ${name}`, () => {
    for (const { request, outcome, expected } of CELLS.filter((cell) => cell.request === name)) {
      test(`${outcome} is ${expected}`, () => {
        const asked = requestOf(request);
        const became = outcomeOf(outcome, asked);
        const answer = respond(asked, became);
        assert.equal(said(answer, asked, became.kind === "reply" ? became.stanza : undefined), expected);
      });
    }
  });
}

test("what is unavailable is refused with a bare 503 where it comes again, unless it is an IQ", () => {
  for (const name of REQUESTS) {
    const request = requestOf(name);
    const answer = respond(request, { kind: "unavailable" }, true);
    if (request.kind !== "iq") assert.deepEqual(answer, { status: 503 }, name);
    else assert.deepEqual(answer, respond(request, { kind: "unavailable" }), name);
  }
});

test("who tells what has happened at a node is told of no failure", () => {
  const event = readStanza(
    "<message type='headline' from='pubsub.example' to='echo@bots.example'><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='n'/></event></message>",
  );
  for (const name of ["crash", "timeout", "error"] as const)
    assert.deepEqual(respond(event, outcomeOf(name, event)), { status: 204 }, name);
});

test("an answer is one stanza that mod_rest can read, or nothing at all, in every format", async () => {
  for (const { request, outcome } of CELLS) {
    for (const format of ["xml", "json", "form"] as const) {
      const asked = requestOf(request);
      const answer = respond(asked, outcomeOf(outcome, asked));
      const response = encodeAnswer(answer, format, false);
      const body = await response.text();
      const type = response.headers.get("content-type");
      if (answer.stanza === undefined) {
        assert.deepEqual([body, type], ["", null]);
        assert.ok([202, 204].includes(response.status));
      } else if (type === "application/json") {
        assert.equal(format, "json");
        assert.equal(JSON.parse(body).kind, asked.kind);
      } else {
        assert.equal(type, "application/xmpp+xml");
        assert.doesNotMatch(body, /^<\w+ [^>]*xmlns=/, "the root names no namespace");
        assert.ok(readStanza(body).element.equals(answer.stanza.element));
      }
    }
  }
});

test("no receipt is sent for what names no id, for a receipt, or in groupchat", () => {
  const request = (xml: string) => readStanza(`<message from='a@b/c' to='d@e' ${xml}</message>`);
  const asks = "<body>x</body><request xmlns='urn:xmpp:receipts'/>";
  for (const xml of [
    `type='chat'>${asks}`,
    `type='groupchat' id='1'>${asks}`,
    `type='error' id='1'>${asks}`,
    `type='chat' id='1'>${asks}<received xmlns='urn:xmpp:receipts' id='2'/>`,
  ]) {
    assert.deepEqual(respond(request(xml), { kind: "silent" }), { status: 204 }, xml);
  }
});

test("a reply that carries its own receipt, or an odd type, is left as it is", () => {
  const own = message({ type: "headline", body: "x" });
  const answer = respond(requestOf("chat"), { kind: "reply", stanza: own });
  assert.equal(answer.stanza, own);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { el, message, readXml } from "../../../src/stanza/index.ts";
import {
  decideOutput,
  decideType,
  encodePayload,
  PayloadError,
  parsePayload,
} from "../../../src/testkit/double/payload.ts";

describe("reading", () => {
  test("tells whether the root named its namespace", () => {
    for (const [xml, named] of [
      ["<message/>", false],
      ["<message xmlns='jabber:client'/>", true],
      [" <message id='1' xmlns = 'jabber:client'/>", true],
      ["<?xml version='1.0'?>\n<message\nxmlns='jabber:client'/>", true],
      ["<message><x xmlns='urn:x'/></message>", false],
      ["<message xmlns:x='urn:x'/>", false],
    ] as const) {
      assert.equal(parsePayload("application/xmpp+xml", xml).namesNamespace, named, xml);
    }
  });

  test("a path addresses everything but XML", () => {
    const path = "message/chat/bob@localhost";
    for (const [type, body] of [
      ["application/json", '{"body":"Hi"}'],
      ["application/x-www-form-urlencoded", "body=Hi"],
      ["text/plain", "Hi"],
    ] as const) {
      const { element } = parsePayload(type, body, path);
      assert.deepEqual(
        [element.attr("to"), element.attr("type"), element.childText("body")],
        ["bob@localhost", "chat", "Hi"],
      );
    }
    assert.equal(parsePayload("application/xmpp+xml", "<message/>", path).element.attr("to"), undefined);
  });

  test("a query needs no body", () => {
    const { element } = parsePayload(undefined, "", "iq/version/localhost");
    assert.deepEqual([element.name, element.attr("type"), element.attr("to")], ["iq", "get", "localhost"]);
    assert.ok(element.child("query", "jabber:iq:version"));
  });

  test("refuses with the reason", () => {
    const reasonOf = (type: string | undefined, body: string, path?: string) => {
      try {
        parsePayload(type, body, path);
      } catch (error) {
        if (error instanceof PayloadError) return error.reason;
      }
      return undefined;
    };
    assert.equal(reasonOf("application/xml", "<message/>"), "type");
    assert.equal(reasonOf(undefined, "<message/>"), "type");
    assert.equal(reasonOf("application/xmpp+xml", "<message>"), "parse");
    assert.equal(reasonOf("application/json", "{"), "parse");
    assert.equal(reasonOf("application/json", "[]"), "parse");
    assert.equal(reasonOf("application/json", "{}", "nowhere"), "parse");
    assert.equal(
      reasonOf("application/x-www-form-urlencoded", "text", "message/chat/bob@localhost"),
      "parse",
    );
    assert.equal(reasonOf("text/plain", "x", "iq/get/bob@localhost"), "parse");
  });
});

describe("writing", () => {
  const stanza = message({ to: "bob@localhost", type: "chat", id: "1", body: "Hi" }).element;

  test("has three formats", () => {
    assert.ok(readXml(encodePayload("application/xmpp+xml", stanza) ?? "").equals(stanza));
    const flat = { kind: "message", to: "bob@localhost", type: "chat", id: "1", body: "Hi" };
    assert.deepEqual(JSON.parse(encodePayload("application/json", stanza) ?? ""), flat);
    const form = new URLSearchParams(encodePayload("application/x-www-form-urlencoded", stanza));
    assert.deepEqual(Object.fromEntries(form), flat);
  });

  test("wraps several in xmpp", () => {
    const json = encodePayload("application/json", el("xmpp", {}, stanza, stanza)) ?? "";
    assert.equal((JSON.parse(json) as { xmpp: unknown[] }).xmpp.length, 2);
  });
});

test("the output type is what Accept names first, XML where it names none", () => {
  assert.equal(decideOutput("application/json;q=0.1, application/xmpp+xml"), "application/json");
  assert.equal(decideOutput("*/*"), "application/xmpp+xml");
  assert.equal(decideType("b, a", ["a", "b"]), "b");
});

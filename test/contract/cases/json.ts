import assert from "node:assert/strict";
import { type Element, readXml } from "../../../src/stanza/index.ts";
import { type CaseContext, casesOf, JSON_TYPE, XML } from "../support/contract-case.ts";

const { all, prove } = casesOf("json");
export const jsonCases = all;

type Json = Readonly<Record<string, unknown>>;

prove("An unknown IQ arrives in JSON as its kind, type, addresses, id and language alone", async (on) => {
  const bot = on.bot("json", { status: 204 });
  const json = await heard(
    on,
    "<iq type='get' id='i1'><query xmlns='urn:unknown' node='x'><item/></query></iq>",
  );
  assert.deepEqual(json, {
    kind: "iq",
    type: "get",
    id: "i1",
    to: bot.jid,
    from: on.alice.jid,
    lang: "en",
  });
});

prove("A requested receipt, hints and an origin-id are not visible in JSON", async (on) => {
  const json = await heard(
    on,
    `<message type='chat' id='m1'><body>Hi</body><request xmlns='urn:xmpp:receipts'/><no-store xmlns='urn:xmpp:hints'/><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>`,
  );
  assert.deepEqual(Object.keys(json).sort(), ["body", "from", "id", "kind", "lang", "to", "type"]);
});

prove("Of several bodies one is left in JSON, without its language", async (on) => {
  const json = await heard(
    on,
    "<message type='chat'><body>one</body><body xml:lang='de'>eins</body></message>",
  );
  assert.ok(json["body"] === "one" || json["body"] === "eins", JSON.stringify(json));
  assert.ok(!JSON.stringify(json).includes('"de"'));
});

prove("The status codes of room presence are not in JSON", async (on) => {
  const json = await heard(
    on,
    "<presence><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='member'/><status code='7654321'/></x></presence>",
  );
  assert.ok(!JSON.stringify(json).includes("7654321"), JSON.stringify(json));
});

prove("The thread is an object in JSON; given as a text, an empty one is sent", async (on) => {
  const json = await heard(on, "<message type='chat'><thread parent='p'>t</thread></message>");
  assert.deepEqual(json["thread"], { id: "t", parent: "p" });
  const element = await echoed(on, { kind: "message", thread: "t", body: "x" });
  assert.equal(element.childText("thread"), "");
});

prove("In a JSON form, the second field ends up inside the first", async (on) => {
  const form = {
    type: "form",
    fields: [
      { var: "a", value: "1" },
      { var: "b", value: "2" },
    ],
  };
  const element = await echoed(on, { kind: "message", dataform: form });
  const x = element.child("x", "jabber:x:data");
  assert.deepEqual(
    x?.elements.map((field) => field.attr("var")),
    ["a"],
  );
  assert.equal(x?.elements[0]?.child("field")?.attr("var"), "b");
});

prove("In JSON items, the second item ends up inside the first", async (on) => {
  const items = [{ jid: "a.example" }, { jid: "b.example" }];
  const element = await echoed(on, { kind: "iq", type: "get", items });
  const query = element.child("query", "http://jabber.org/protocol/disco#items");
  assert.equal(query?.elements.length, 1);
  assert.equal(query?.elements[0]?.child("item")?.attr("jid"), "b.example");
});

for (const [what, json] of Object.entries({
  "a command that is true": { kind: "iq", type: "set", command: true },
  "a form field with options": {
    kind: "message",
    dataform: { fields: [{ var: "a", type: "list-single", options: [{ value: "1" }] }] },
  },
  "an error with the type error": {
    kind: "message",
    type: "error",
    error: { type: "cancel", condition: "gone" },
  },
})) {
  prove(`JSON crashes mod_rest: ${what}`, async (on) => {
    const { status, type } = await on.rest({
      path: "/rest/echo",
      type: JSON_TYPE,
      body: JSON.stringify(json),
    });
    assert.deepEqual([status, type], [500, "text/html; charset=utf-8"]);
  });
}

prove("An application's own error condition is not in JSON", async (on) => {
  const error =
    "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><own xmlns='urn:own'/></error>";
  const json = await heard(on, `<message type='error' id='m1'>${error}</message>`);
  assert.deepEqual(json["error"], { type: "cancel", condition: "gone" });
});

async function heard(on: CaseContext, xml: string): Promise<Json> {
  const { body } = await on.bot("json").hears(on.alice, xml);
  return JSON.parse(body) as Json;
}

/** What mod_rest reads out of JSON. */
async function echoed(on: CaseContext, json: Json): Promise<Element> {
  const result = await on.rest({
    path: "/rest/echo",
    type: JSON_TYPE,
    body: JSON.stringify(json),
    headers: { accept: XML },
  });
  assert.equal(result.status, 200, result.body);
  return readXml(result.body);
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  el,
  type JsonObject,
  LOSSES,
  message,
  readStanza,
  type Stanza,
  stanzaToJson,
} from "../../../src/stanza/index.ts";
import { toStanza } from "../../../src/stanza/to-stanza.ts";
import { canonicalJson, SENDER, toJsonGoldens } from "./golden.ts";

/** The stanza as mod_rest maps it: the echo gives it a sender. */
function sent(xml: string): Stanza {
  const stanza = readStanza(xml);
  return toStanza(stanza.element.withAttrs({ from: stanza.element.attr("from") ?? SENDER }));
}

describe("stanzaToJson makes what Prosody makes", () => {
  for (const { name, xml, json } of toJsonGoldens.filter(({ direction }) => direction === "to-json")) {
    it(name, () => {
      const ours = stanzaToJson(sent(xml));
      const fails = ours.lost.some(
        ({ id }) => LOSSES[id].direction === "to-json" && LOSSES[id].effect === "stanza",
      );
      assert.equal(fails, json === undefined, "it must be known whether Prosody makes JSON of it at all");
      if (json !== undefined) assert.deepEqual(canonicalJson(ours.json), canonicalJson(json));
    });
  }
});

describe("the keys that a form carries are those of JSON", () => {
  for (const { name, xml, form } of toJsonGoldens.filter(({ direction }) => direction === "to-form")) {
    it(name, () => {
      const { html, ...flat } = flattened(stanzaToJson(sent(xml)).json);
      const { html: recordedHtml, ...recorded } = form ?? {};
      assert.deepEqual(flat, recorded);
      assert.equal(html === undefined, recordedHtml === undefined);
    });
  }
});

function flattened(json: JsonObject): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(json)) {
    if (typeof value === "string" || typeof value === "number") flat[key] = String(value);
    else if (value === true) flat[key] = "";
  }
  return flat;
}

describe("stanzaToJson says where a loss is", () => {
  const cases: [xml: string, lost: string[]][] = [
    ["<message id='1'><body>a</body><body xml:lang='de'>b</body></message>", ["repeated message/body[2]"]],
    ["<message id='1'><body xml:lang='de'>b</body></message>", ["unknown-attribute message/body/@xml:lang"]],
    ["<message odd='x'/>", ["unknown-attribute message/@odd"]],
    ["<message>a<body/></message>", ["stray-text message/text()"]],
    [
      "<message><x xmlns='jabber:x:data'><field/><field odd='x'/></x></message>",
      ["form-fields message/x/field[2]", "unknown-attribute message/x/field[2]/@odd"],
    ],
    [
      "<message to='a.example'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><x xmlns='u'/></message></forwarded></message>",
      ["unknown-payload message/forwarded/message/x"],
    ],
    [
      "<iq type='result' id='1'><blocklist xmlns='urn:xmpp:blocking'><item odd='x'/></blocklist></iq>",
      ["unknown-attribute iq/blocklist/item/@odd"],
    ],
    ["<presence><priority>1.5</priority></presence>", ["number-fraction presence/priority"]],
    [
      "<iq type='error' id='1'><error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
      ["repeated iq/error/gone"],
    ],
    ["<presence from='a.example'/>", ["from-alone presence/@from"]],
    ["<message to='A.example'/>", ["address-spelling message/@to"]],
    ["<message to='a@@b'/>", ["address-invalid message/@to"]],
    ["<message to='a.example' type='chat'><body>Hi</body></message>", []],
  ];
  for (const [xml, expected] of cases) {
    it(xml, () => {
      assert.deepEqual(
        stanzaToJson(readStanza(xml)).lost.map(({ id, path }) => `${id} ${path}`),
        expected,
      );
    });
  }
});

describe("stanzaToJson of a stanza with too many losses", () => {
  it("tells the first thousand, and one of every other sort", () => {
    const odd = Array.from({ length: 3000 }, () => el("odd", { xmlns: "urn:odd" }));
    const { lost } = stanzaToJson(message({ to: "a.example" }, ...odd, "stray", "text"));
    assert.equal(lost.length, 1001);
    assert.deepEqual(lost.at(-1), { id: "stray-text", path: "message/text()" });
    assert.deepEqual(lost[999], { id: "unknown-payload", path: "message/odd[1000]" });
  });
});

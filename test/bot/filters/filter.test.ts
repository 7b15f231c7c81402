import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filterSpec } from "../../../src/bot/filters/index.ts";
import { Context, type Filter, Rooms } from "../../../src/bot/index.ts";
import { Jid, jsonToStanza, type Stanza } from "../../../src/stanza/index.ts";
import { RecordingSender, stanza, world } from "../../dispatch/support.ts";

const at = "from='juliet@example.com/balcony' to='echo@bots.example' id='x'";
const inRoom = "from='room@rooms.example/nurse' to='echo@bots.example' id='x'";
const MUC_USER = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
const ERROR = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

/** Every filter that passes, by stanza; the others must not. */
const TABLE: readonly (readonly [string, ...Filter[]])[] = [
  [`<message type='chat' ${at}><body>a</body></message>`, "message", "message:body", "message:direct"],
  [`<message ${at}><body>a</body></message>`, "message", "message:body", "message:direct"],
  [`<message type='odd' ${at}><body>a</body></message>`, "message", "message:body", "message:direct"],
  [`<message ${at}><subject>a</subject></message>`, "message", "message:subject", "message:direct"],
  [
    `<message ${at}><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    "message",
    "message:direct",
  ],
  [`<message ${at}><body xmlns='urn:other'>a</body></message>`, "message", "message:direct"],
  [`<message type='headline' ${at}><body>a</body></message>`, "message", "message:body", "message:headline"],
  [
    `<message type='groupchat' ${inRoom}><body>a</body></message>`,
    "message",
    "message:body",
    "message:groupchat",
  ],
  [
    `<message type='groupchat' ${inRoom}><subject/></message>`,
    "message",
    "message:subject",
    "message:groupchat",
  ],
  [`<message type='chat' ${inRoom}><body>a</body>${MUC_USER}</message>`, "message", "message:body"],
  [`<message type='error' ${at}><body>a</body><subject>b</subject>${ERROR}</message>`, "message:error"],
  [`<message type='error' ${inRoom}><body>a</body>${MUC_USER}${ERROR}</message>`, "message:error"],
  [`<presence ${at}/>`, "presence", "presence:available"],
  [`<presence type='unavailable' ${at}/>`, "presence", "presence:unavailable"],
  [`<presence type='subscribe' ${at}/>`, "presence:subscribe"],
  [`<presence type='subscribed' ${at}/>`, "presence:subscribed"],
  [`<presence type='unsubscribe' ${at}/>`, "presence:unsubscribe"],
  [`<presence type='unsubscribed' ${at}/>`, "presence:unsubscribed"],
  [`<presence type='probe' ${at}/>`, "presence:probe"],
  [`<presence type='error' ${at}>${ERROR}</presence>`, "presence:error"],
  [`<iq type='get' ${at}><q xmlns='urn:a'/></iq>`, "iq", "iq:get", "iq:get:urn:a"],
  [`<iq type='set' ${at}><q xmlns='urn:a'/></iq>`, "iq", "iq:set", "iq:set:urn:a"],
  [`<iq type='get' ${at}><q xmlns='urn:a:b'/></iq>`, "iq", "iq:get"],
  [`<iq type='result' ${at}><q xmlns='urn:a'/></iq>`],
  [`<iq type='error' ${at}><q xmlns='urn:a'/>${ERROR}</iq>`],
];

const FILTERS: readonly Filter[] = [
  "message",
  "message:body",
  "message:subject",
  "message:direct",
  "message:groupchat",
  "message:headline",
  "message:error",
  "presence",
  "presence:available",
  "presence:unavailable",
  "presence:subscribe",
  "presence:subscribed",
  "presence:unsubscribe",
  "presence:unsubscribed",
  "presence:probe",
  "presence:error",
  "iq",
  "iq:get",
  "iq:set",
  "iq:get:urn:a",
  "iq:set:urn:a",
];

const noStorage = (): never => assert.fail("no filter looks into the storage");

describe("filters", () => {
  const { bot } = world({ echo: () => undefined });
  const context = (what: string | Stanza): Context => {
    const from = Jid.parse("juliet@example.com/balcony");
    const answering = {
      reply: async () => undefined,
      send: async () => ({ id: "" }),
      elsewhere: async () => ({ id: "" }),
      signal: AbortSignal.abort(),
    };
    return new Context(
      typeof what === "string" ? stanza(what) : what,
      from,
      bot("echo"),
      answering,
      noStorage,
    );
  };

  for (const [xml, ...passing] of TABLE) {
    it(`that ${xml} passes: ${passing.join(", ") || "none"}`, () => {
      const ctx = context(xml);
      assert.deepEqual(
        FILTERS.filter((filter) => filterSpec(filter).test(ctx) !== false),
        passing,
      );
    });
  }

  it("let no request through whose payload is lost in JSON, so that ctx.payload is there where its type says so", () => {
    const json = {
      kind: "iq",
      type: "get",
      id: "x",
      from: "juliet@example.com/balcony",
      to: "echo@bots.example",
    };
    const ctx = context(jsonToStanza(json));
    assert.deepEqual(
      FILTERS.filter((filter) => filterSpec(filter).test(ctx) !== false),
      [],
    );
  });

  it("know a private message by the room that the bot is in, where the room does not mark it", async () => {
    const rooms = new Rooms(Jid.parse("echo@bots.example"), new RecordingSender());
    await rooms.join(Jid.parse("room@rooms.example"));
    const from = Jid.parse("room@rooms.example/nurse");
    const handle = { ...bot("echo"), rooms };
    const answering = {
      reply: async () => undefined,
      send: async () => ({ id: "" }),
      elsewhere: async () => ({ id: "" }),
      signal: AbortSignal.abort(),
    };
    const ctx = new Context(
      stanza(`<message type='chat' ${inRoom}><body>a</body></message>`),
      from,
      handle,
      answering,
      noStorage,
    );
    assert.equal(filterSpec("message:direct").test(ctx), false);
  });

  it("that do not exist are refused, with those that do", () => {
    for (const filter of [
      "",
      "mesage",
      "message:bodies",
      "presence:",
      "presence:away",
      "iq:result",
      "iq:get:",
      "toString",
      "__proto__",
    ]) {
      assert.throws(() => filterSpec(filter as Filter), {
        name: "TypeError",
        message: /^there is no filter .*; there are message, message:body,.* iq:set:\{NAMESPACE\}NAME$/,
      });
    }
  });
});

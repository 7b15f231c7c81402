import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filterSpec } from "../../../src/bot/filters/index.ts";
import type { Filter, Filters } from "../../../src/bot/index.ts";
import { Jid, jsonToStanza, type StanzaError } from "../../../src/stanza/index.ts";
import type { Occupant } from "../../../src/xep/index.ts";
import { contextOf, inRoom as inTheRoom } from "../contexts.ts";

const at = "from='juliet@example.com/balcony' to='echo@bots.example' id='x'";
const inRoom = "from='room@rooms.example/nurse' to='echo@bots.example' id='x'";
const MUC_USER = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
const ERROR = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

const RETRACT = "urn:xmpp:message-retract:1";
const COMPOSING = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
const DELAY = "<delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/>";
const fallback = (of: string): string => `<fallback xmlns='urn:xmpp:fallback:0' for='${of}'/>`;
const chat = (inside: string): string => `<message type='chat' ${at}>${inside}</message>`;
const groupchat = (inside: string): string => `<message type='groupchat' ${inRoom}>${inside}</message>`;
const occupant = (attrs: string, inside: string): string =>
  `<presence ${attrs} ${inRoom}><x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x></presence>`;

/** Every filter that passes, by stanza; the others must not. */
const TABLE: readonly (readonly [string, ...Filter[]])[] = [
  [chat("<body>a</body>"), "message", "message:body", "message:direct"],
  [`<message ${at}><body>a</body></message>`, "message", "message:body", "message:direct"],
  [`<message type='odd' ${at}><body>a</body></message>`, "message", "message:body", "message:direct"],
  [chat("<subject>a</subject>"), "message", "message:subject", "message:direct"],
  [chat("<thread>t</thread>"), "message", "message:thread", "message:direct"],
  [chat("<body xmlns='urn:other'>a</body>"), "message", "message:direct"],
  [chat(COMPOSING), "message", "message:chat-state", "message:direct"],
  [
    chat("<body>b</body><replace id='1' xmlns='urn:xmpp:message-correct:0'/>"),
    "message",
    "message:body",
    "message:correction",
    "message:direct",
  ],
  [
    chat("<reactions id='1' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction></reactions>"),
    "message",
    "message:reaction",
    "message:direct",
  ],
  [
    chat(
      `<body>👍</body><reactions id='1' xmlns='urn:xmpp:reactions:0'/>${fallback("urn:xmpp:reactions:0")}`,
    ),
    "message",
    "message:reaction",
    "message:direct",
  ],
  [
    chat("<body>b</body><reply id='1' xmlns='urn:xmpp:reply:0'/>"),
    "message",
    "message:body",
    "message:reply",
    "message:direct",
  ],
  [
    chat(`<body>gone</body><retract id='1' xmlns='${RETRACT}'/>${fallback(RETRACT)}`),
    "message",
    "message:retraction",
    "message:direct",
  ],
  [chat("<received id='1' xmlns='urn:xmpp:receipts'/>"), "message", "message:receipt", "message:direct"],
  [
    chat("<displayed id='1' xmlns='urn:xmpp:chat-markers:0'/>"),
    "message",
    "message:marker",
    "message:direct",
  ],
  [
    chat("<body>u</body><x xmlns='jabber:x:oob'><url>u</url></x>"),
    "message",
    "message:body",
    "message:file",
    "message:direct",
  ],
  [
    chat("<x xmlns='jabber:x:conference' jid='room@rooms.example'/>"),
    "message",
    "message:invitation",
    "message:direct",
  ],
  [
    `<message from='room@rooms.example' to='echo@bots.example'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b.example'/></x></message>`,
    "message",
    "message:invitation",
  ],
  [
    `<message from='room@rooms.example' to='echo@bots.example'><body>a invited you</body><x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b.example'/></x></message>`,
    "message",
    "message:invitation",
  ],
  [
    `<message from='room@rooms.example' to='echo@bots.example'><x xmlns='http://jabber.org/protocol/muc#user'><decline from='a@b.example'/></x></message>`,
    "message",
    "message:decline",
  ],
  [
    `<message from='room@rooms.example' to='echo@bots.example'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field></x></message>`,
    "message",
    "message:direct",
  ],
  [
    chat("<body>no</body><encrypted xmlns='eu.siacs.conversations.axolotl'/>"),
    "message",
    "message:encrypted",
    "message:direct",
  ],
  [chat(`<body>a</body>${DELAY}`), "message", "message:body", "message:delayed", "message:direct"],
  [chat("<body>echo: a</body>"), "message", "message:body", "message:mention", "message:direct"],
  [`<message type='headline' ${at}><body>a</body></message>`, "message", "message:body", "message:headline"],
  [groupchat("<body>a</body>"), "message", "message:body", "message:groupchat"],
  [
    groupchat("<body>a</body><delay xmlns='urn:xmpp:delay'/>"),
    "message",
    "message:body",
    "message:groupchat",
  ],
  [groupchat("<subject/>"), "message", "message:subject", "message:groupchat"],
  [
    groupchat(`<body>echo: a</body><replace id='1' xmlns='urn:xmpp:message-correct:0'/>${DELAY}`),
    "message:history",
  ],
  [
    `<message type='chat' ${inRoom}><body>a</body>${MUC_USER}</message>`,
    "message",
    "message:body",
    "message:private",
  ],
  [
    `<message type='error' ${at}><body>a</body><subject>b</subject>${COMPOSING}${ERROR}</message>`,
    "message:error",
  ],
  [`<message type='error' ${inRoom}><body>a</body>${MUC_USER}${ERROR}</message>`, "message:error"],
  [`<presence ${at}/>`, "presence", "presence:available", "presence:contact"],
  [`<presence type='unavailable' ${at}/>`, "presence", "presence:unavailable", "presence:contact"],
  [`<presence type='subscribe' ${at}/>`, "presence:subscribe"],
  [`<presence type='subscribed' ${at}/>`, "presence:subscribed"],
  [`<presence type='unsubscribe' ${at}/>`, "presence:unsubscribe"],
  [`<presence type='unsubscribed' ${at}/>`, "presence:unsubscribed"],
  [`<presence type='probe' ${at}/>`, "presence:probe"],
  [`<presence type='error' ${at}>${ERROR}</presence>`, "presence:error"],
  [`<presence type='error' ${inRoom}>${MUC_USER}${ERROR}</presence>`, "presence:error"],
  [occupant("", "<item/>"), "presence", "presence:available", "presence:occupant", "presence:present"],
  [
    occupant("", "<item/><status code='110'/>"),
    "presence",
    "presence:available",
    "presence:occupant",
    "presence:present",
    "presence:self",
  ],
  [
    occupant("type='unavailable'", "<item/>"),
    "presence",
    "presence:unavailable",
    "presence:occupant",
    "presence:left",
  ],
  [
    occupant("type='unavailable'", "<item nick='doctor'/><status code='303'/>"),
    "presence",
    "presence:unavailable",
    "presence:occupant",
    "presence:renamed",
  ],
  [
    occupant("type='unavailable'", "<item/><status code='307'/>"),
    "presence",
    "presence:unavailable",
    "presence:occupant",
    "presence:left",
    "presence:kicked",
  ],
  [
    occupant("type='unavailable'", "<item/><status code='301'/><status code='110'/>"),
    "presence",
    "presence:unavailable",
    "presence:occupant",
    "presence:left",
    "presence:banned",
    "presence:out",
    "presence:self",
  ],
  [
    occupant("type='unavailable'", "<item/><destroy/>"),
    "presence",
    "presence:unavailable",
    "presence:occupant",
    "presence:left",
    "presence:destroyed",
  ],
  [
    `<message type='headline' ${at}><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='n'/></event></message>`,
    "message",
    "message:pubsub",
    "message:headline",
    "message:pubsub:n",
  ],
  [`<iq type='get' ${at}><q xmlns='urn:a'/></iq>`, "iq", "iq:get", "iq:get:urn:a", "iq:get:{urn:a}q"],
  [`<iq type='set' ${at}><q xmlns='urn:a'/></iq>`, "iq", "iq:set", "iq:set:urn:a"],
  [`<iq type='get' ${at}><p xmlns='urn:a'/></iq>`, "iq", "iq:get", "iq:get:urn:a"],
  [`<iq type='get' ${at}><q xmlns='urn:a:b'/></iq>`, "iq", "iq:get"],
  [`<iq type='result' ${at}><q xmlns='urn:a'/></iq>`],
  [`<iq type='error' ${at}><q xmlns='urn:a'/>${ERROR}</iq>`],
];

/** Every filter, in the order in which the table names them. */
const FILTERS = Object.keys({
  message: 0,
  "message:body": 0,
  "message:subject": 0,
  "message:thread": 0,
  "message:correction": 0,
  "message:reaction": 0,
  "message:reply": 0,
  "message:retraction": 0,
  "message:receipt": 0,
  "message:marker": 0,
  "message:chat-state": 0,
  "message:file": 0,
  "message:invitation": 0,
  "message:decline": 0,
  "message:voice-request": 0,
  "message:encrypted": 0,
  "message:delayed": 0,
  "message:pubsub": 0,
  "message:mention": 0,
  "message:direct": 0,
  "message:private": 0,
  "message:groupchat": 0,
  "message:headline": 0,
  "message:history": 0,
  "message:error": 0,
  presence: 0,
  "presence:available": 0,
  "presence:unavailable": 0,
  "presence:subscribe": 0,
  "presence:subscribed": 0,
  "presence:unsubscribe": 0,
  "presence:unsubscribed": 0,
  "presence:probe": 0,
  "presence:error": 0,
  "presence:contact": 0,
  "presence:occupant": 0,
  "presence:present": 0,
  "presence:joined": 0,
  "presence:changed": 0,
  "presence:left": 0,
  "presence:renamed": 0,
  "presence:kicked": 0,
  "presence:banned": 0,
  "presence:destroyed": 0,
  "presence:out": 0,
  "presence:refused": 0,
  "presence:self": 0,
  iq: 0,
  "iq:get": 0,
  "iq:set": 0,
  "iq:get:urn:a": 0,
  "iq:set:urn:a": 0,
  "iq:get:{urn:a}q": 0,
  "iq:set:{urn:a}r": 0,
  "message:pubsub:n": 0,
  "message:pubsub:m": 0,
} satisfies Record<keyof Filters, 0> & Partial<Record<Filter, 0>>) as Filter[];

/** What a stanza that passes adds to its context. */
const ADDED: readonly (readonly [Filter, string, object])[] = [
  ["message:thread", chat("<thread>t</thread>"), { thread: "t" }],
  [
    "message:correction",
    chat("<replace id='1' xmlns='urn:xmpp:message-correct:0'/>"),
    { correction: { id: "x", replaces: "1" } },
  ],
  [
    "message:reaction",
    chat("<reactions id='1' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction></reactions>"),
    { reaction: { to: "1", emojis: ["👍"] } },
  ],
  [
    "message:reply",
    chat(
      "<body>&gt; a\nb</body><reply id='1' to='a@b.example' xmlns='urn:xmpp:reply:0'/><fallback for='urn:xmpp:reply:0' xmlns='urn:xmpp:fallback:0'><body start='0' end='4'/></fallback>",
    ),
    { replyTo: { id: "1", jid: Jid.parse("a@b.example") }, unquoted: "b" },
  ],
  [
    "message:retraction",
    chat(`<retract id='1' xmlns='${RETRACT}'/>`),
    { retraction: { id: "1", moderated: false, reason: undefined } },
  ],
  ["message:receipt", chat("<received id='1' xmlns='urn:xmpp:receipts'/>"), { receipt: { id: "1" } }],
  [
    "message:marker",
    chat("<displayed id='1' xmlns='urn:xmpp:chat-markers:0'/>"),
    { marker: { state: "displayed", id: "1" } },
  ],
  ["message:chat-state", chat(COMPOSING), { chatState: "composing" }],
  [
    "message:file",
    chat("<x xmlns='jabber:x:oob'><url>u</url></x>"),
    { files: [{ url: "u", description: undefined }] },
  ],
  [
    "message:invitation",
    chat("<x xmlns='jabber:x:conference' jid='room@rooms.example'/>"),
    {
      invitation: {
        room: Jid.parse("room@rooms.example"),
        from: Jid.parse("juliet@example.com/balcony"),
        reason: undefined,
        password: undefined,
        mediated: false,
      },
    },
  ],
  [
    "message:encrypted",
    chat("<encrypted xmlns='urn:xmpp:omemo:2'/>"),
    { encryption: { namespace: "urn:xmpp:omemo:2", name: "OMEMO" } },
  ],
  ["message:delayed", chat(DELAY), { delay: { stamp: new Date(0), from: undefined } }],
  ["message:history", groupchat(DELAY), { delay: { stamp: new Date(0), from: undefined } }],
  [
    "message:pubsub",
    chat(
      "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='news'><retract id='1'/></items></event>",
    ),
    { event: { type: "retract", node: "news", ids: ["1"] } },
  ],
  ["message:mention", chat("<body>Echo, say a</body>"), { mention: "say a" }],
];

describe("filters", () => {
  for (const [xml, ...passing] of TABLE) {
    it(`that ${xml} passes: ${passing.join(", ") || "none"}`, () => {
      const ctx = contextOf(xml);
      assert.deepEqual(
        FILTERS.filter((filter) => filterSpec(filter).test(ctx) !== false),
        passing,
      );
    });
  }

  for (const [filter, xml, added] of ADDED) {
    it(`${filter} adds ${Object.keys(added).join(", ")}`, () =>
      assert.deepEqual(filterSpec(filter).test(contextOf(xml)), added));
  }

  it("presence:error and message:error add the error", () => {
    for (const kind of ["message", "presence"] as const) {
      const ctx = contextOf(`<${kind} type='error' ${at}>${ERROR}</${kind}>`);
      const added = filterSpec(`${kind}:error`).test(ctx) as { readonly error: StanzaError };
      assert.equal(added.error.condition, "gone");
    }
  });

  it("add what a room tells of an occupant", () => {
    const ctx = contextOf(occupant("type='unavailable'", "<item nick='doctor'/><status code='303'/>"));
    const added = filterSpec("presence:renamed").test(ctx) as { readonly occupant: Occupant };
    assert.deepEqual([added.occupant.nick, added.occupant.newNick], ["nurse", "doctor"]);
  });

  it("let no request through whose payload is lost in JSON, so that ctx.payload is there where its type says so", () => {
    const json = {
      kind: "iq",
      type: "get",
      id: "x",
      from: "juliet@example.com/balcony",
      to: "echo@bots.example",
    };
    const ctx = contextOf(jsonToStanza(json));
    assert.deepEqual(
      FILTERS.filter((filter) => filterSpec(filter).test(ctx) !== false),
      [],
    );
  });

  it("know a private message by the room that the bot is in, where the room does not mark it", async () => {
    const rooms = await inTheRoom("room@rooms.example", "echo");
    const ctx = contextOf(`<message type='chat' ${inRoom}><body>a</body></message>`, rooms);
    assert.equal(filterSpec("message:private").test(ctx), true);
    assert.equal(filterSpec("message:direct").test(ctx), false);
  });

  it("that do not exist are refused, with those that do", () => {
    for (const filter of [
      "",
      "mesage",
      "message:bodies",
      "message:pubsub:",
      "presence:",
      "presence:away",
      "iq:result",
      "iq:get:",
      "toString",
      "__proto__",
    ]) {
      assert.throws(() => filterSpec(filter as Filter), {
        name: "TypeError",
        message:
          /^there is no filter .*; there are message, message:body,.* iq:set:\{NAMESPACE\}NAME and message:pubsub:NODE$/,
      });
    }
  });
});

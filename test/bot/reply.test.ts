import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildReply, type Reply } from "../../src/bot/index.ts";
import { el, iq, message, presence } from "../../src/stanza/index.ts";
import { stanza, xml } from "../dispatch/support.ts";

const at = "from='juliet@example.com/balcony' to='echo@bots.example'";
const CHAT = `<message type='chat' id='1' ${at}><body>hi</body><thread>t1</thread></message>`;
const NORMAL = `<message id='1' ${at}><body>hi</body></message>`;
const GROUPCHAT =
  "<message type='groupchat' from='room@rooms.example/nurse' to='echo@bots.example'><body>hi</body></message>";
const PRIVATE =
  "<message type='chat' from='room@rooms.example/nurse' to='echo@bots.example'><body>hi</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>";
const IQ = `<iq type='get' id='q' ${at}><q xmlns='urn:a'/></iq>`;
const BACK = 'to="juliet@example.com/balcony" from="echo@bots.example"';

const TABLE: readonly (readonly [string, string, Reply, string])[] = [
  ["words in a chat", CHAT, "a", `<message ${BACK} type="chat"><body>a</body><thread>t1</thread></message>`],
  ["words to a normal message", NORMAL, "a", `<message ${BACK}><body>a</body></message>`],
  [
    "words to a headline",
    `<message type='headline' ${at}><body>hi</body></message>`,
    "a",
    `<message ${BACK} type="chat"><body>a</body></message>`,
  ],
  [
    "content of a message",
    NORMAL,
    el("x", { xmlns: "urn:x" }),
    `<message ${BACK}><x xmlns="urn:x"/></message>`,
  ],
  [
    "a message with a thread and a type of its own",
    CHAT,
    message({ type: "headline", thread: "t2", body: "a" }),
    `<message type="headline" ${BACK}><body>a</body><thread>t2</thread></message>`,
  ],
  [
    "a message to somebody else, which is no part of the thread",
    CHAT,
    message({ to: "romeo@example.com", body: "a" }),
    '<message to="romeo@example.com" from="echo@bots.example" type="chat"><body>a</body></message>',
  ],
  [
    "a message to another device of the sender",
    NORMAL,
    message({ to: "juliet@example.com/orchard", body: "a" }),
    '<message to="juliet@example.com/orchard" from="echo@bots.example"><body>a</body></message>',
  ],
  [
    "words in a room",
    GROUPCHAT,
    "a",
    '<message to="room@rooms.example" from="echo@bots.example" type="groupchat"><body>a</body></message>',
  ],
  [
    "a chat message to one in a room",
    GROUPCHAT,
    message({ type: "chat", body: "a" }),
    '<message type="chat" to="room@rooms.example/nurse" from="echo@bots.example"><body>a</body></message>',
  ],
  [
    "a message from a room to somebody else, which is no groupchat",
    GROUPCHAT,
    message({ to: "romeo@example.com", body: "a" }),
    '<message to="romeo@example.com" from="echo@bots.example" type="chat"><body>a</body></message>',
  ],
  [
    "words to a private message",
    PRIVATE,
    "a",
    '<message to="room@rooms.example/nurse" from="echo@bots.example" type="chat"><body>a</body></message>',
  ],
  [
    "presence to presence",
    `<presence type='subscribe' ${at}/>`,
    presence({ type: "subscribed" }),
    `<presence type="subscribed" ${BACK}/>`,
  ],
  ["words to presence", `<presence ${at}/>`, "a", `<message ${BACK} type="chat"><body>a</body></message>`],
  [
    "presence to a message",
    NORMAL,
    presence({ show: "dnd" }),
    `<presence ${BACK}><show>dnd</show></presence>`,
  ],
  [
    "the payload of a result",
    IQ,
    el("a", { xmlns: "urn:a" }),
    `<iq type="result" id="q" ${BACK}><a xmlns="urn:a"/></iq>`,
  ],
  ["an empty result", IQ, iq({ type: "result", id: "another" }), `<iq type="result" id="q" ${BACK}/>`],
];

describe("buildReply", () => {
  for (const [name, request, reply, expected] of TABLE) {
    it(`makes ${name}`, () => assert.equal(xml(buildReply(stanza(request), reply)), expected));
  }

  it("says of what is no reply what to return instead", () => {
    for (const [returned, named] of [
      [true, "a boolean,"],
      [{ id: "1" }, "an object, as ctx.send() resolves with,"],
      [null, "null,"],
    ] as const) {
      assert.throws(() => buildReply(stanza(CHAT), returned as unknown as Reply), {
        name: "ReplyError",
        message: `a handler has returned ${named} which is no reply: return words, an element or a stanza, or nothing, as in async (ctx) => { await ctx.send(…); }`,
      });
    }
  });

  it("gives each reply an id of its own, unless it has one", () => {
    const [one, other] = [buildReply(stanza(CHAT), "a"), buildReply(stanza(CHAT), "a")];
    assert.ok(one.id && other.id && one.id !== other.id && one.id !== "1");
    assert.equal(buildReply(stanza(CHAT), message({ id: "mine", body: "a" })).id, "mine");
  });
});

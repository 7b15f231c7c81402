import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rooms } from "../../../src/bot/index.ts";
import {
  Jid,
  JidError,
  type Message,
  type Presence,
  StanzaError,
  writeXml,
} from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { RecordingSender, stanza, turns } from "../../dispatch/support.ts";

const ROOM = Jid.parse("room@rooms.example");
const BOT = Jid.parse("echo@bots.example");

function observed(rooms: Rooms, nick: string | undefined, attrs: string, inside: string): void {
  const from = nick === undefined ? ROOM : ROOM.withResource(nick);
  rooms.observe(stanza(`<presence from='${from}' to='${BOT}' ${attrs}>${inside}</presence>`) as Presence);
}
const user = (...inside: string[]): string =>
  `<x xmlns='http://jabber.org/protocol/muc#user'>${inside.join("")}</x>`;
const status = (...codes: number[]): string => codes.map((code) => `<status code='${code}'/>`).join("");
const CONFLICT = "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

/** Whether a groupchat message under this nickname is the bot's own. */
function own(rooms: Rooms, nick: string): boolean {
  return rooms.isOwn(
    stanza(`<message type='groupchat' from='${ROOM}/${nick}' to='${BOT}'><body>a</body></message>`),
  );
}

describe("Rooms", () => {
  const inRoom = async (): Promise<[Rooms, RecordingSender]> => {
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender);
    await rooms.join(ROOM, "Echo");
    observed(rooms, "Echo", "", user(status(110)));
    return [rooms, sender];
  };

  it("join with a nickname, a password and some history, and leave", async () => {
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender);
    await rooms.leave(String(ROOM));
    await rooms.join(String(ROOM));
    assert.deepEqual(rooms.joined, ["room@rooms.example"]);
    await rooms.join(ROOM.withResource("ignored"), "Echo", { password: "cauldron", history: 3 });
    await rooms.leave(ROOM, "gone home");
    assert.deepEqual(rooms.joined, []);
    assert.deepEqual(
      sender.sent.map(({ element }) => writeXml(element)),
      [
        '<presence to="room@rooms.example/echo" from="echo@bots.example"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>',
        '<presence to="room@rooms.example/Echo" from="echo@bots.example"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="3"/><password>cauldron</password></x></presence>',
        '<presence type="unavailable" to="room@rooms.example/Echo" from="echo@bots.example"><status>gone home</status></presence>',
      ],
    );
  });

  it("take the domain for a nickname where the bot has no localpart, and refuse what is none", async () => {
    const sender = new RecordingSender();
    const rooms = new Rooms(Jid.parse("bots.example"), sender);
    await rooms.join(ROOM);
    assert.equal(sender.sent[0]?.to?.resource, "bots.example");
    await assert.rejects(rooms.join(Jid.parse("other@rooms.example"), "\u0000"), JidError);
    assert.deepEqual(rooms.joined, ["room@rooms.example"]);
  });

  it("know the bot before the room has answered, by the nickname that the room gave, and after a change", async () => {
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender);
    assert.equal(rooms.has(ROOM), false);
    await rooms.join(ROOM, "Echo");
    assert.ok(rooms.has(ROOM.withResource("anybody")));
    assert.ok(own(rooms, "Echo") && !own(rooms, "nurse"));
    observed(rooms, "Echo-2", "", user(status(210, 110)));
    assert.ok(own(rooms, "Echo-2") && !own(rooms, "Echo"));
    observed(rooms, "Echo-2", "type='unavailable'", user("<item nick='Echo-3'/>", status(303, 110)));
    assert.ok(own(rooms, "Echo-3") && !own(rooms, "Echo-2"));
    assert.equal(rooms.isOwn(stanza(`<message type='groupchat' from='${ROOM}' to='${BOT}'/>`)), false);
  });

  it("are known by what was heard last, though the store has yet to be told", async () => {
    const store = new MemoryStore();
    const rooms = new Rooms(BOT, new RecordingSender(), store);
    await rooms.join(ROOM, "Echo");
    observed(rooms, "Other", "", user(status(110, 210)));
    await rooms.refresh(ROOM);
    assert.deepEqual([own(rooms, "Other"), own(rooms, "Echo")], [true, false]);
    await rooms.save();
    await rooms.refresh(ROOM);
    assert.deepEqual([own(rooms, "Other"), own(rooms, "Echo")], [true, false]);
  });

  it("are left for now, which is no news, and entered again under the same nickname", async () => {
    const [rooms, sender] = await inRoom();
    await rooms.departAll();
    assert.deepEqual([sender.sent.at(-1)?.type, sender.sent.at(-1)?.to?.resource], ["unavailable", "Echo"]);
    const left = `<presence type='unavailable' from='${ROOM}/Echo' to='${BOT}'>${user(status(110))}</presence>`;
    assert.equal(rooms.observe(stanza(left) as Presence), undefined);
    assert.deepEqual(
      rooms.known.map(({ room, state }) => [room, state]),
      [[ROOM.toString(), "joining"]],
    );
    assert.equal(rooms.isJoinedHere(ROOM.toString()), false);
    await rooms.work.joining.enter(ROOM);
    assert.deepEqual([sender.sent.at(-1)?.type, sender.sent.at(-1)?.to?.resource], ["available", "Echo"]);
  });

  it("pay no heed to others", async () => {
    const [rooms] = await inRoom();
    observed(rooms, "nurse", "", user());
    observed(rooms, "nurse", "type='unavailable'", user("<item nick='Nurse'/>", status(303)));
    observed(rooms, "nurse", "type='error'", CONFLICT);
    rooms.observe(
      stanza(`<presence type='unavailable' from='other@rooms.example/Echo' to='${BOT}'/>`) as Presence,
    );
    assert.ok(own(rooms, "Echo"));
  });

  it("believe nobody who says to be the bot under another nickname, unless the bot has asked for one", async () => {
    const [rooms] = await inRoom();
    observed(rooms, "mallory", "", user(status(110, 210)));
    assert.ok(own(rooms, "Echo") && !own(rooms, "mallory"));
    for (const codes of [[110], [110, 307], [110, 301, 332]])
      observed(rooms, "mallory", "type='unavailable'", user(status(...codes)));
    observed(rooms, "mallory", "type='unavailable'", user("<item nick='nurse'/>", status(110, 303)));
    assert.ok(own(rooms, "Echo") && !own(rooms, "nurse"));
    await rooms.join(ROOM, "Nurse");
    observed(rooms, "Nurse-2", "", user(status(110, 210)));
    assert.ok(own(rooms, "Nurse-2"));
  });

  it("are not joined any more once they were left, though the join was still being noted", async () => {
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender, new MemoryStore());
    const joined = rooms.join(ROOM, "Echo");
    await Promise.all([joined, rooms.leave(ROOM)]);
    assert.deepEqual(
      sender.sent.map(({ type }) => type),
      ["unavailable"],
    );
    assert.equal(rooms.isJoinedHere(ROOM.toString()), false);
    await Promise.all([rooms.join(ROOM, "Echo"), rooms.join(ROOM, "Nurse")]);
    assert.deepEqual(
      sender.sent.slice(1).map(({ to }) => to?.resource),
      ["Nurse"],
    );
  });

  it("are left after the join that is on its way, and not before", async () => {
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender);
    const arrival = Promise.withResolvers<void>();
    const begun: string[] = [];
    sender.onSend = async ({ type, to }) => {
      begun.push(`${type} ${to}`);
      if (type !== "unavailable") await arrival.promise;
    };
    const joined = rooms.join(ROOM, "Echo");
    const left = rooms.leave(ROOM);
    const other = rooms.join(Jid.parse("other@rooms.example"), "Echo");
    await turns();
    assert.deepEqual(begun, [`available ${ROOM}/Echo`, "available other@rooms.example/Echo"]);
    arrival.resolve();
    await Promise.all([joined, left, other]);
    assert.equal(begun[2], `unavailable ${ROOM}/Echo`);
    assert.equal(rooms.has(ROOM), false);
  });

  it("are left for good also where that bounces, and one that bounces keeps no other one from being left", async () => {
    const store = new MemoryStore();
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender, store);
    const names = ["first", "second", "third"].map((name) => Jid.parse(`${name}@rooms.example`));
    for (const name of names) await rooms.join(name, "Echo");
    const left: string[] = [];
    sender.onSend = ({ to }) => {
      left.push(String(to?.local));
      if (to?.local !== "second") throw new StanzaError("remote-server-not-found", { received: true });
    };
    await rooms.departAll();
    assert.deepEqual(left, ["first", "second", "third"]);
    await rooms.leave(ROOM.withResource("nobody"));
    await rooms.leave(names[0] as Jid);
    const anew = new Rooms(BOT, sender, store);
    await anew.load();
    assert.deepEqual(
      anew.known.map(({ room, state }) => [room, state]),
      [
        ["second@rooms.example", "joining"],
        ["third@rooms.example", "joining"],
      ],
    );
  });

  for (const [why, codes] of [
    ["kicked", [110, 307]],
    ["banned", [110, 301]],
    ["out with the room's service", [332]],
  ] as const) {
    it(`are left by who is ${why}`, async () => {
      const [rooms] = await inRoom();
      observed(rooms, "Echo", "type='unavailable'", user(status(...codes)));
      assert.deepEqual(rooms.joined, []);
    });
  }

  it("are not joined by who is refused, by the room or at the nickname", async () => {
    for (const nick of ["Echo", undefined]) {
      const rooms = new Rooms(BOT, new RecordingSender());
      await rooms.join(ROOM, "Echo");
      observed(rooms, nick, "type='error'", CONFLICT);
      assert.deepEqual(rooms.joined, []);
    }
  });

  it("keep the nickname where another is refused, and take no owner of that one for the bot", async () => {
    const [rooms] = await inRoom();
    await rooms.join(ROOM, "Nurse");
    assert.ok(own(rooms, "Echo") && !own(rooms, "Nurse"));
    observed(rooms, "Nurse", "type='unavailable'", user());
    assert.deepEqual(rooms.joined, ["room@rooms.example"], "the other one left, not the bot");
    observed(rooms, "Nurse", "type='error'", CONFLICT);
    assert.ok(own(rooms, "Echo"));
    observed(rooms, "Echo", "type='error'", CONFLICT);
    assert.deepEqual(rooms.joined, [], "an error without another nickname to refuse");
  });

  it("stand as before where the join could not be sent, unless the room has answered all the same", async () => {
    const [rooms, sender] = await inRoom();
    const failure = new Error("Prosody is away");
    sender.onSend = () => {
      throw failure;
    };
    await assert.rejects(rooms.join(ROOM, "Nurse"), failure);
    assert.ok(own(rooms, "Echo"));
    await assert.rejects(rooms.join(Jid.parse("other@rooms.example")), failure);
    assert.deepEqual(rooms.joined, ["room@rooms.example"]);
    sender.onSend = () => {
      observed(rooms, "Nurse", "", user(status(110)));
      throw failure;
    };
    await assert.rejects(rooms.join(ROOM, "Nurse"), failure);
    assert.ok(own(rooms, "Nurse"));
  });

  it("into which somebody has asked the bot are given up where they never let it in, and no others", async () => {
    const away =
      "<error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    /** How often a room that refuses is tried, of a hundred times. */
    const tries = async (rooms: Rooms, refuse: (rooms: Rooms) => void): Promise<number> => {
      let count = 0;
      while (count < 100 && rooms.has(ROOM)) {
        await rooms.work.joining.enter(ROOM);
        refuse(rooms);
        count += 1;
      }
      return count;
    };
    const wanted = (options?: Parameters<Rooms["want"]>[2]): Rooms => {
      const rooms = new Rooms(BOT, new RecordingSender());
      rooms.want(ROOM, undefined, options);
      return rooms;
    };
    const refusing = (rooms: Rooms): void => observed(rooms, "echo", "type='error'", away);
    assert.equal(await tries(wanted({ invited: true }), refusing), 11);
    assert.equal(
      await tries(wanted({ invited: true }), (rooms) => rooms.work.attending.lose(ROOM, "unknown")),
      11,
      "nobody answers",
    );
    assert.equal(await tries(wanted({ listed: true }), refusing), 100);
    const both = wanted({ invited: true });
    both.want(ROOM, undefined, { listed: true });
    assert.equal(await tries(both, refusing), 100);
    const author = wanted();
    author.want(ROOM, undefined, { invited: true });
    assert.equal(await tries(author, refusing), 100);
    const known = wanted({ invited: true });
    await known.work.joining.enter(ROOM);
    observed(known, "echo", "", user(status(110)));
    assert.equal(await tries(known, refusing), 100, "it has let the bot in once");
  });

  it("are left, whatever nickname or address servers let through", async () => {
    const strange = Jid.fromWire("♥@rooms.example");
    const sender = new RecordingSender();
    const rooms = new Rooms(BOT, sender);
    for (const room of [strange, ROOM]) {
      await rooms.join(room, "Echo");
      const self = `<presence from='${room}/\u202eohcE' to='${BOT}'>${user(status(110, 210))}</presence>`;
      rooms.observe(stanza(self) as Presence);
    }
    assert.equal(rooms.nick(strange), "\u202eohcE");
    await rooms.work.attending.ask(strange);
    assert.equal(String(sender.asked[0]?.to), `${strange}/\u202eohcE`);
    sender.sent.length = 0;
    await rooms.departAll();
    assert.deepEqual(
      sender.sent.map(({ type, to }) => `${type} ${to}`),
      [`unavailable ${strange}/\u202eohcE`, `unavailable ${ROOM}/\u202eohcE`],
    );
  });

  it("can be told to go on with a chat, by an invitation of the bot's or of the room's", async () => {
    const [rooms, sender] = await inRoom();
    sender.sent.length = 0;
    for (const direct of [true, false])
      await rooms.room(ROOM).invite("juliet@example.com", { direct, continues: { thread: "t1" } });
    assert.deepEqual(
      sender.sent.map(({ element }) => writeXml(element)),
      [
        '<message to="juliet@example.com" from="echo@bots.example"><x xmlns="jabber:x:conference" jid="room@rooms.example" continue="true" thread="t1"/></message>',
        '<message to="room@rooms.example" from="echo@bots.example"><x xmlns="http://jabber.org/protocol/muc#user"><invite to="juliet@example.com"><continue thread="t1"/></invite></x></message>',
      ],
    );
  });

  it("that the join has made are opened, once however often they say so, and it does no harm where that fails", async () => {
    const [rooms, sender] = await inRoom();
    observed(rooms, "Echo", "", user(status(110, 201)));
    await rooms.join(ROOM, "Echo");
    sender.onIq = () => {
      throw new Error("Prosody is away");
    };
    for (let times = 0; times < 1_000; times += 1) observed(rooms, "Echo", "", user(status(110, 201)));
    observed(rooms, "Echo", "type='unavailable'", user(status(110, 201)));
    await turns();
    assert.deepEqual(
      sender.asked.map(({ element }) => writeXml(element)),
      [
        '<iq type="set" to="room@rooms.example" from="echo@bots.example"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query></iq>',
      ],
    );
  });
});

describe("What the bot has said in a room", () => {
  const reflected = (id: string, given: string, by: Jid = ROOM, more = ""): Message =>
    stanza(
      `<message type='groupchat' id='${id}' from='${ROOM}/Echo' to='${BOT}'><body>a</body>${more}<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='${given}'/></message>`,
    ) as Message;

  it("is known by the room's id, a correction by the id of the first message", () => {
    const rooms = new Rooms(BOT, new RecordingSender());
    rooms.observeOwn(reflected("mine", "theirs"));
    rooms.observeOwn(
      reflected("other", "theirs-2", ROOM, "<replace xmlns='urn:xmpp:message-correct:0' id='mine'/>"),
    );
    assert.equal(rooms.ownId(ROOM.withResource("alice"), "theirs"), "mine");
    assert.equal(rooms.ownId(ROOM, "theirs-2"), "mine");
    assert.equal(rooms.ownId(Jid.parse("hall@rooms.example"), "theirs"), undefined);
  });

  it("is not believed of anybody but the room, and forgotten after 1,000 more", () => {
    const rooms = new Rooms(BOT, new RecordingSender());
    rooms.observeOwn(reflected("mine", "forged", Jid.parse("mallory@example.com")));
    assert.equal(rooms.ownId(ROOM, "forged"), undefined);
    rooms.observeOwn(reflected("mine", "x".repeat(1_000)));
    assert.equal(rooms.ownId(ROOM, "x".repeat(1_000)), undefined);
    for (let count = 0; count <= 1_000; count += 1) rooms.observeOwn(reflected(`own-${count}`, `${count}`));
    assert.equal(rooms.ownId(ROOM, "0"), undefined);
    assert.equal(rooms.ownId(ROOM, "1"), "own-1");
  });
});

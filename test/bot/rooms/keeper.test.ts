import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { Occupants, RoomError, RoomKeeper, Rooms } from "../../../src/bot/index.ts";
import { RestConnectionError } from "../../../src/outbound/index.ts";
import {
  type Element,
  type Iq,
  Iq as IqStanza,
  Jid,
  type Message,
  type Presence,
  StanzaError,
  type StanzaErrorCondition,
} from "../../../src/stanza/index.ts";
import { MemoryStore, type Store } from "../../../src/store/index.ts";
import { type Line, RecordingSender, stanza, turns } from "../../dispatch/support.ts";
import { StillClock } from "./still-clock.ts";

const ROOM = Jid.parse("room@rooms.example");
const BOT = Jid.parse("echo@bots.example");
const MINUTE = 60_000;

interface Kept {
  readonly rooms: Rooms;
  readonly keeper: RoomKeeper;
  readonly clock: StillClock;
  readonly sender: RecordingSender;
  readonly log: Line[];
  readonly occupants: Occupants;
  /** What has been sent since the last time, in short. */
  said(): string[];
  hears(nick: string | undefined, attrs?: string, inside?: string): void;
}

function kept(options: { store?: Store; claim?: (room: string) => Promise<boolean> } = {}): Kept {
  const sender = new RecordingSender();
  const clock = new StillClock();
  const log: Line[] = [];
  const occupants = new Occupants();
  // Right in the middle, so that nothing is sooner or later than its mean.
  const random = () => 0.5;
  const logger = pino({ level: "info" }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const rooms = new Rooms(BOT, sender, options.store, { clock, occupants, random, log: logger });
  const keeper = new RoomKeeper({ rooms, log: logger, clock, random, claim: options.claim });
  let told = 0;
  let asked = 0;
  return {
    rooms,
    keeper,
    clock,
    sender,
    log,
    occupants,
    said: () => {
      const all = [
        ...sender.sent.slice(told).map(({ to, element }) => `${verb(element)} ${to}`),
        ...sender.asked.slice(asked).map(({ to, payload }) => `${payload?.name} ${to}`),
      ];
      told = sender.sent.length;
      asked = sender.asked.length;
      return all;
    },
    hears: (nick, attrs = "", inside = user(SELF)) => {
      const from = nick === undefined ? ROOM : ROOM.withResource(nick);
      rooms.observe(stanza(`<presence from='${from}' to='${BOT}' ${attrs}>${inside}</presence>`) as Presence);
    },
  };
}

function verb(element: Element): string {
  if (element.attr("type") === "unavailable") return "leave";
  return element.child("x", "http://jabber.org/protocol/muc") === undefined ? "rename" : "join";
}

const user = (...inside: string[]): string =>
  `<x xmlns='http://jabber.org/protocol/muc#user'>${inside.join("")}</x>`;
const code = (number: number): string => `<status code='${number}'/>`;
const SELF = code(110);
const error = (condition: StanzaErrorCondition, type: string): string =>
  `<error type='${type}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;

const away = () =>
  new RestConnectionError("Prosody is away", {
    kind: "unavailable",
    code: "ECONNREFUSED",
    retryable: true,
    maybeDelivered: false,
  });

/** A bot that is in its room, which knows that. */
async function inRoom(nick = "Echo"): Promise<Kept> {
  const bot = kept();
  await bot.rooms.join(ROOM, "Echo", { password: "cauldron" });
  bot.keeper.start();
  bot.hears(nick);
  await bot.clock.pass(MINUTE);
  bot.said();
  return bot;
}

/** Whether a groupchat message under this nickname is the bot's own. */
function own(rooms: Rooms, nick: string): boolean {
  return rooms.isOwn(stanza(`<message type='groupchat' from='${ROOM}/${nick}'/>`));
}

describe("a room that the bot is to be in", () => {
  it("is entered as soon as Prosody is there, every few seconds tried again", async () => {
    const { rooms, keeper, clock, sender, said, hears } = kept();
    let isAway = true;
    sender.onSend = () => {
      if (isAway) throw away();
    };
    rooms.want(ROOM, "Echo", { listed: true });
    keeper.start();
    await clock.pass(10 * MINUTE);
    assert.deepEqual(said(), []);
    isAway = false;
    await clock.pass(5_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`]);
    hears("Echo");
    assert.deepEqual(rooms.joined, [String(ROOM)]);
  });

  it("is entered at the start, and in the same process not twice", async () => {
    const store = new MemoryStore();
    const first = kept({ store });
    await first.rooms.join(ROOM, "Echo", { password: "cauldron" });
    first.hears("Echo");
    await first.rooms.save();
    first.keeper.start();
    await first.clock.pass(1);
    assert.deepEqual(first.said(), [`join ${ROOM}/Echo`]);
    const next = kept({ store });
    await next.rooms.load();
    next.keeper.start();
    await next.clock.pass(1);
    assert.deepEqual(next.said(), [`join ${ROOM}/Echo`]);
    const { element } = next.sender.sent[0] as Presence;
    assert.equal(element.elements[0]?.childText("password"), "cauldron", "it is stored");
    assert.ok(!next.log.some((line) => JSON.stringify(line).includes("cauldron")));
  });

  it("that throws the bot out while it comes in is stayed away from, also where the join fails then", async () => {
    for (const isAway of [false, true]) {
      const { rooms, keeper, clock, said, hears, sender } = kept();
      keeper.start();
      sender.onSend = () => {
        hears("Echo", "type='unavailable'", user(code(307), SELF));
        if (isAway) throw away();
      };
      await rooms.join(ROOM, "Echo").catch(() => undefined);
      said();
      await clock.pass(60 * MINUTE);
      assert.deepEqual([said(), rooms.has(ROOM)], [[], false]);
    }
  });

  it("stays what the configuration asks for, with its password, where the bot asks for another nickname in it", async () => {
    const { rooms, keeper, clock, said, sender, hears } = kept();
    rooms.want(ROOM, "Echo", { listed: true, password: "cauldron" });
    keeper.start();
    await clock.pass(0);
    hears("Echo");
    await rooms.join(ROOM, "Nurse");
    assert.equal(rooms.find(String(ROOM))?.listed, true);
    hears("Nurse");
    hears("Nurse", "type='unavailable'", user(code(332), SELF));
    said();
    await clock.pass(2_000);
    assert.deepEqual(said(), [`join ${ROOM}/Nurse`]);
    assert.equal(sender.sent.at(-1)?.element.elements[0]?.childText("password"), "cauldron");
  });

  for (const [condition, type] of [
    ["remote-server-not-found", "cancel"],
    ["remote-server-timeout", "wait"],
    ["service-unavailable", "wait"],
    ["item-not-found", "cancel"],
  ] as const) {
    it(`is tried again after ${condition}, less and less often, and soon once Prosody has started`, async () => {
      const { rooms, keeper, clock, said, hears, log } = kept();
      await rooms.join(ROOM, "Echo");
      keeper.start();
      said();
      const pauses: number[] = [];
      for (let tries = 0; tries < 12; tries += 1) {
        hears("Echo", "type='error'", error(condition, type));
        assert.deepEqual(rooms.joined, []);
        const before = clock.now();
        while (said().length === 0) await clock.pass(500);
        pauses.push(clock.now() - before);
      }
      assert.deepEqual(pauses.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
      assert.equal(pauses.at(-1), 5 * MINUTE);
      hears("Echo", "type='error'", error(condition, type));
      keeper.checkAll();
      await clock.pass(100);
      assert.deepEqual(said(), [`join ${ROOM}/Echo`]);
      hears("Echo");
      assert.deepEqual(rooms.joined, [String(ROOM)]);
      assert.equal(log.length, 0, "who dispatches the presence tells");
    });
  }

  it("is tried again where it bounced at once, and that is told with what to do", async () => {
    const { rooms, keeper, clock, sender, said, log } = kept();
    sender.onSend = () => {
      throw new StanzaError("not-authorized", { received: true });
    };
    rooms.want(ROOM, "Echo", { listed: true });
    keeper.start();
    await clock.pass(0);
    assert.match(
      log[0]?.msg ?? "",
      /could not join room@rooms\.example \(not-authorized\): it wants a password/,
    );
    sender.onSend = () => undefined;
    await clock.pass(MINUTE - 1);
    assert.deepEqual(said(), []);
    await clock.pass(1);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`]);
  });

  it("is given up where it does not want the bot, unless the configuration lists it", async () => {
    for (const [condition, listed, again] of [
      ["not-authorized", false, false],
      ["registration-required", false, false],
      ["registration-required", true, true],
      ["forbidden", true, false],
    ] as const) {
      const { rooms, keeper, clock, said, hears } = kept();
      await rooms.join(ROOM, "Echo", { listed });
      keeper.start();
      said();
      hears("Echo", "type='error'", error(condition, "auth"));
      await clock.pass(2 * 60 * MINUTE);
      assert.equal(said().length > 0, again, `${condition} ${listed}`);
      assert.equal(rooms.has(ROOM), again);
    }
  });

  it("is asked when it does not answer, and joined again where it knows of nothing", async () => {
    const { rooms, keeper, clock, sender, said } = kept();
    await rooms.join(ROOM, "Echo");
    keeper.start();
    sender.onIq = () => {
      throw new StanzaError("not-acceptable", { received: true });
    };
    await clock.pass(7_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`, `join ${ROOM}/Echo`, `ping ${ROOM}/Echo`]);
    sender.onIq = (request: Iq) => new IqStanza(request.element.withChildren().withAttrs({ type: "result" }));
    await clock.pass(7_000);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`]);
    assert.ok(own(rooms, "Echo"), "its answer was lost");
    assert.equal(rooms.find(String(ROOM))?.state, "in");
  });
});

describe("a room that the bot is in", () => {
  it("is asked as soon as any other where it was left and joined again, and does not answer", async () => {
    const { clock, said, rooms } = await inRoom();
    await rooms.leave(ROOM);
    await rooms.join(ROOM, "Echo");
    said();
    await clock.pass(7_000);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`]);
  });

  it("is asked once it has been silent for ten minutes, and not while it speaks", async () => {
    const { clock, said, rooms } = await inRoom();
    const speak = () =>
      rooms.observeMessage(
        stanza(`<message type='groupchat' from='${ROOM}/nurse'><body>a</body></message>`) as Message,
      );
    for (let minute = 0; minute < 60; minute += 1) {
      speak();
      await clock.pass(MINUTE);
    }
    assert.deepEqual(said(), []);
    await clock.pass(15 * MINUTE);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`]);
    await clock.pass(60 * MINUTE);
    assert.equal(said().length, 6);
  });

  it("is joined again where it has forgotten the bot; where it cannot say, it is asked again", async () => {
    const { clock, said, sender, keeper, occupants, log, rooms } = await inRoom();
    occupants.observe(
      stanza(`<presence from='${ROOM}/nurse'>${user("<item role='participant'/>")}</presence>`) as Presence,
    );
    let answer: StanzaErrorCondition = "remote-server-timeout";
    sender.onIq = () => {
      throw new StanzaError(answer, { received: true });
    };
    keeper.checkAll();
    await clock.pass(10_000);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`, `ping ${ROOM}/Echo`, `ping ${ROOM}/Echo`]);
    assert.deepEqual(rooms.joined, [String(ROOM)]);
    answer = "not-acceptable";
    await clock.pass(10_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`, `ping ${ROOM}/Echo`]);
    assert.equal(occupants.in(ROOM).length, 0, "who was there may be gone");
    assert.match(log.at(-1)?.msg ?? "", /not in a room any more; it tries again in 0 s/);
  });

  it("is entered anew where it knows the nickname no more: the room, or the bot's name in it, is another one", async () => {
    const { clock, said, sender, keeper, log } = await inRoom("Echo-2");
    sender.onIq = () => {
      throw new StanzaError("item-not-found", { received: true });
    };
    keeper.checkAll();
    await clock.pass(2_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`, `ping ${ROOM}/Echo-2`]);
    assert.match(JSON.stringify(log.at(-1)), /"departure":"renamed"/);
  });

  for (const [what, inside, nick] of [
    ["shut down", code(332) + SELF, undefined],
    ["renamed the bot", `<item nick='Nurse'/>${code(303)}${SELF}`, "Nurse"],
  ] as const) {
    it(`is not believed in what it answers if it has ${what} meanwhile`, async () => {
      const { clock, said, sender, keeper, hears, rooms } = await inRoom();
      const answered = sender.onIq;
      for (const isIn of [true, false]) {
        sender.onIq = (request: Iq) => {
          hears("Echo", "type='unavailable'", user(inside));
          if (!isIn) throw new StanzaError("item-not-found", { received: true });
          return new IqStanza(request.element.withChildren().withAttrs({ type: "result" }));
        };
        keeper.checkAll();
        await clock.pass(1_500);
        assert.ok(said().includes(`ping ${ROOM}/Echo`));
        assert.equal(rooms.nick(ROOM), nick);
        sender.onIq = answered;
        hears("Echo", "type='unavailable'", user(code(332), SELF));
        await clock.pass(5_000);
        hears("Echo");
        await clock.pass(MINUTE);
        said();
      }
    });
  }

  it("is asked soon when something has bounced", async () => {
    const { clock, said, rooms } = await inRoom();
    rooms.observeMessage(
      stanza(
        `<message type='error' from='${ROOM}'><body>a</body>${error("not-acceptable", "cancel")}</message>`,
      ) as Message,
    );
    await clock.pass(2_000);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`]);
  });

  it("is asked where it says that the bot has left, which may be what an earlier process did", async () => {
    const { clock, said, hears, rooms, occupants, sender } = await inRoom();
    occupants.observe(
      stanza(`<presence from='${ROOM}/nurse'>${user("<item role='participant'/>")}</presence>`) as Presence,
    );
    hears("Echo", "type='unavailable'", user(SELF));
    assert.deepEqual([rooms.joined.length, occupants.in(ROOM).length], [1, 1]);
    await clock.pass(2_000);
    assert.deepEqual(said(), [`ping ${ROOM}/Echo`]);
    sender.onIq = () => {
      throw new StanzaError("not-acceptable", { received: true });
    };
    hears("Echo", "type='unavailable'", user(SELF));
    await clock.pass(2_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`, `ping ${ROOM}/Echo`]);
  });

  for (const [why, inside, isBack] of [
    ["kicked", code(307), false],
    ["banned", code(301), false],
    ["not a member any more", code(321), false],
    ["not a member of what is for members alone now", code(322), false],
    ["destroyed", "<destroy jid='other@rooms.example'/>", false],
    ["shut down", code(332), true],
    ["unable to reach it", code(333) + code(307), true],
  ] as const) {
    it(`is ${isBack ? "joined again" : "stayed away from"} when ${why}`, async () => {
      const { clock, said, hears, rooms } = await inRoom();
      hears("Echo", "type='unavailable'", user(inside, SELF));
      assert.deepEqual(rooms.joined, []);
      await clock.pass(60 * MINUTE);
      assert.equal(said()[0], isBack ? `join ${ROOM}/Echo` : undefined);
      assert.equal(rooms.has(ROOM), isBack);
    });
  }

  it("that throws the bot out again and again is joined less and less often, and after a while as at first", async () => {
    const { clock, said, hears } = await inRoom();
    const thrownOut = async (): Promise<number> => {
      hears("Echo", "type='unavailable'", user(code(333), SELF));
      const before = clock.now();
      while (!said().some((each) => each.startsWith("join"))) await clock.pass(500);
      hears("Echo");
      return clock.now() - before;
    };
    assert.deepEqual([await thrownOut(), await thrownOut(), await thrownOut()], [1_000, 2_000, 4_000]);
    await clock.pass(30 * MINUTE);
    assert.equal(await thrownOut(), 1_000);
  });
});

describe("a nickname that somebody has", () => {
  it("is tried with a number, and taken when it is free", async () => {
    const { rooms, keeper, clock, said, hears } = kept();
    await rooms.join(ROOM, "Echo");
    keeper.start();
    const conflict = error("conflict", "cancel");
    hears("Echo", "type='error'", conflict);
    await clock.pass(0);
    hears("Echo-2", "type='error'", conflict);
    await clock.pass(100);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`, `join ${ROOM}/Echo-2`, `join ${ROOM}/Echo-3`]);
    hears("Echo-3");
    assert.equal(rooms.nick(ROOM), "Echo-3");
    assert.ok(!own(rooms, "Echo"));
    hears("Echo-2", "type='unavailable'", user());
    await clock.pass(1_000);
    assert.deepEqual(said(), []);
    hears("Echo", "type='unavailable'", user("<item nick='Nurse'/>", code(303)));
    await clock.pass(1_000);
    assert.deepEqual(said(), [`rename ${ROOM}/Echo`]);
    hears("Echo", "type='error'", conflict);
    await clock.pass(MINUTE);
    assert.equal(rooms.nick(ROOM), "Echo-3", "somebody was faster");
    hears("Echo", "type='unavailable'", user());
    await clock.pass(1_000);
    hears("Echo-3", "type='unavailable'", user("<item nick='Echo'/>", code(303), SELF));
    hears("Echo");
    assert.equal(rooms.nick(ROOM), "Echo");
  });

  it("is tried nine times, and then after a pause again", async () => {
    const { rooms, keeper, clock, said, hears } = kept();
    await rooms.join(ROOM, "Echo");
    keeper.start();
    for (let number = 1; number <= 9; number += 1) {
      hears(number === 1 ? "Echo" : `Echo-${number}`, "type='error'", error("conflict", "cancel"));
      await clock.pass(100);
    }
    assert.equal(said().length, 9);
    await clock.pass(MINUTE - 1_000);
    assert.deepEqual(said(), []);
    await clock.pass(1_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`]);
  });
});

describe("a nickname that has become free", () => {
  it("is asked for until Prosody can be reached", async () => {
    const { rooms, keeper, clock, said, hears, sender } = kept();
    await rooms.join(ROOM, "Echo");
    keeper.start();
    hears("Echo-2", "", user(code(210), SELF));
    await clock.pass(MINUTE);
    said();
    sender.onSend = () => {
      throw away();
    };
    hears("Echo", "type='unavailable'", user());
    await clock.pass(MINUTE);
    assert.ok(own(rooms, "Echo-2") && !own(rooms, "Echo"));
    sender.onSend = () => undefined;
    await clock.pass(5_000);
    assert.deepEqual(said(), [`rename ${ROOM}/Echo`]);
  });
});

describe("many rooms", () => {
  it("are looked after a few at a time", async () => {
    const { rooms, keeper, clock, sender } = kept();
    let open = 0;
    let most = 0;
    sender.onSend = async () => {
      open += 1;
      most = Math.max(most, open);
      await turns();
      open -= 1;
    };
    for (let number = 0; number < 200; number += 1)
      rooms.want(Jid.parse(`r${number}@rooms.example`), "Echo", { listed: true });
    keeper.start();
    await clock.pass(1_000);
    assert.ok(sender.sent.length <= 44, `${sender.sent.length} within a second`);
    await clock.pass(5_000);
    assert.equal(sender.sent.length, 200);
    assert.ok(most <= 4);
  });

  it("cost no more each where there are more of them, when Prosody has come back", async () => {
    const looksFor = async (count: number): Promise<number> => {
      const { rooms, keeper, clock } = kept();
      for (let number = 0; number < count; number += 1)
        await rooms.join(Jid.parse(`r${number}@rooms.example`), "Echo");
      const { book } = rooms.work;
      for (const [room, stay] of book.stays.all) book.set(room, { ...stay, again: MINUTE, tries: 3 });
      keeper.start();
      const now = clock.now.bind(clock);
      let looks = 0;
      clock.now = () => {
        looks += 1;
        return now();
      };
      keeper.checkAll();
      for (const { room } of rooms.known) book.doubt(room);
      await turns();
      keeper.stop();
      return looks / count;
    };
    assert.ok((await looksFor(1_000)) < 2 * (await looksFor(100)));
  });

  it("are tried every few seconds where it is not known whose turn it is, and then entered", async () => {
    const store = new MemoryStore();
    const before = kept({ store });
    await before.rooms.join(ROOM, "Echo");
    before.hears("Echo");
    await before.rooms.save();
    let isDown = true;
    const claim = async (): Promise<boolean> => {
      if (isDown) throw new Error("the store is down");
      return true;
    };
    const { rooms, keeper, clock, said, log } = kept({ store, claim });
    await rooms.load();
    const other = Jid.parse("other@rooms.example");
    rooms.want(other, "Echo", { listed: true });
    keeper.start();
    await clock.pass(MINUTE);
    assert.ok(log.length >= 20 && log.length <= 62, `${log.length} times in a minute`);
    isDown = false;
    await clock.pass(5_000);
    const joins = said().filter((each) => each.startsWith("join"));
    assert.deepEqual(joins.sort(), [`join ${other}/Echo`, `join ${ROOM}/Echo`]);
  });

  it("are left to the node that has their turn", async () => {
    let turn = false;
    const { rooms, keeper, clock, said } = kept({ claim: async () => turn });
    rooms.want(ROOM, "Echo", { listed: true });
    keeper.start();
    await clock.pass(60_000);
    assert.deepEqual(said(), []);
    turn = true;
    await clock.pass(5_000);
    assert.deepEqual(said(), [`join ${ROOM}/Echo`]);
  });
});

describe("a room that refuses", () => {
  it("throws an error that knows what it was about, and what to do", async () => {
    const { rooms, sender } = await inRoom();
    sender.onIq = () => {
      throw new StanzaError("forbidden", { text: "You are no moderator", received: true });
    };
    const failed = rooms.room(ROOM).kick("nurse", "too loud");
    await assert.rejects(failed, (thrown: RoomError) => {
      assert.ok(thrown instanceof RoomError && thrown instanceof StanzaError);
      assert.deepEqual(
        [thrown.action, String(thrown.room), thrown.condition, thrown.type, thrown.received],
        ["kick", String(ROOM), "forbidden", "auth", true],
      );
      assert.match(
        thrown.message,
        /could not kick nurse out of room@rooms\.example \(forbidden: You are no moderator\): the bot is not allowed to/,
      );
      return true;
    });
    sender.onIq = (request: Iq) => new IqStanza(request.element.withAttrs({ type: "result" }));
    await assert.rejects(
      rooms.room(ROOM).ban(ROOM.withResource("nurse")),
      /does not tell the bot whose account/,
    );
    await assert.rejects(rooms.room(ROOM).kick(Jid.parse("a@b.example")), TypeError);
  });

  it("is asked about nobody where no nickname is given, whatever it lists", async () => {
    const { rooms, sender } = await inRoom();
    sender.onIq = (request: Iq) =>
      stanza(
        `<iq type='result' id='${request.id}'><query xmlns='http://jabber.org/protocol/muc#admin'><item role='participant' jid='nurse@example.com'/></query></iq>`,
      ) as Iq;
    await assert.rejects(rooms.room(ROOM).ban(ROOM), /does not tell the bot whose account/);
  });
});

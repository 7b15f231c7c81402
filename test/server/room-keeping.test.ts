import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { type BotHandle, Rooms } from "../../src/bot/index.ts";
import type { MountConfig } from "../../src/server/config.ts";
import { RoomKeeping } from "../../src/server/room-keeping.ts";
import { Jid, type Presence, writeXml } from "../../src/stanza/index.ts";
import { MemoryStore, SharedMemory, type Store } from "../../src/store/index.ts";
import { buildRoomStatuses } from "../../src/xep/index.ts";
import { StillClock } from "../bot/rooms/still-clock.ts";
import { RecordingSender, stanza } from "../dispatch/support.ts";

const BOT = Jid.parse("echo@bots.example");
const ROOM = "room@rooms.example";
const SELF = writeXml(buildRoomStatuses(["self"]), "");

interface Node {
  readonly keeping: RoomKeeping;
  readonly rooms: Rooms;
  readonly sender: RecordingSender;
  begin(): Promise<void>;
  /** The second half of the beginning, when it has read where the bot is. */
  enter(): Promise<void>;
}

/** One process of a bot. */
function node(store: Store, clock: StillClock, listed: MountConfig["rooms"][string]): Node {
  const sender = new RecordingSender();
  const rooms = new Rooms(BOT, sender, store, { clock });
  const keeping = new RoomKeeping({ rooms: { echo: listed }, store, clock });
  const log = pino({ level: "silent" });
  // What the keeping of rooms looks at of a bot.
  const handle = { name: "echo", jid: BOT, rooms, log } as unknown as BotHandle;
  return {
    keeping,
    rooms,
    sender,
    begin: async () => {
      await rooms.load();
      await keeping.enter(handle);
    },
    enter: () => keeping.enter(handle),
  };
}

async function isLetIn({ rooms }: Node, nick = "Echo"): Promise<void> {
  rooms.observe(stanza(`<presence from='${ROOM}/${nick}' to='${BOT}'>${SELF}</presence>`) as Presence);
  await rooms.save();
}

const sentTo = ({ sender }: Node): string[] =>
  sender.sent.map(({ type, to, element }) =>
    [type, to, element.elements[0]?.childText("password")].filter(Boolean).join(" "),
  );

describe("what the configuration lists", () => {
  it("is joined at the start, under its nickname and with its password, and left once it is listed no more", async () => {
    const store = new MemoryStore();
    const clock = new StillClock();
    const first = node(store, clock, [{ room: `${ROOM}/Echo`, password: "cauldron" }]);
    await first.begin();
    await clock.pass(0);
    assert.deepEqual(sentTo(first), [`available ${ROOM}/Echo cauldron`]);
    await isLetIn(first);
    first.keeping.stop();
    const second = node(store, clock, [`other@rooms.example`]);
    await second.begin();
    await clock.pass(0);
    assert.deepEqual(sentTo(second), [`unavailable ${ROOM}/Echo`, "available other@rooms.example/echo"]);
  });

  it("is joined besides where the bot went by itself, and is back in", async () => {
    const store = new MemoryStore();
    const clock = new StillClock();
    const first = node(store, clock, []);
    await first.begin();
    await first.rooms.join(Jid.parse(ROOM), "Echo");
    await isLetIn(first);
    first.keeping.stop();
    const second = node(store, clock, ["other@rooms.example/Other"]);
    await second.begin();
    await clock.pass(0);
    assert.deepEqual(sentTo(second).sort(), [
      "available other@rooms.example/Other",
      `available ${ROOM}/Echo`,
    ]);
  });
});

describe("nodes that share a store", () => {
  it("join a room once, ask it by turns, and one takes over where another is gone", async () => {
    const clock = new StillClock();
    const memory = new SharedMemory({ clock: () => clock.now() });
    const nodes = [memory.open(), memory.open()].map((store) => node(store, clock, [`${ROOM}/Echo`]));
    const [one, other] = nodes as [Node, Node];
    await other.rooms.load();
    await one.begin();
    await clock.pass(0);
    await isLetIn(one);
    await other.enter();
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.pass(60_000);
      for (const each of nodes) await each.rooms.load();
    }
    assert.equal(sentTo(one).length + sentTo(other).length, 1);
    const asked = one.sender.asked.length + other.sender.asked.length;
    assert.ok(asked >= 3 && asked <= 12, `${asked} questions in an hour`);
    assert.deepEqual([one.rooms.joined, other.rooms.joined], [[ROOM], [ROOM]]);
    one.keeping.stop();
    const before = other.sender.asked.length;
    await clock.pass(60 * 60_000);
    assert.ok(other.sender.asked.length > before);
  });

  it("join a room once also where all of them begin at once", async () => {
    const clock = new StillClock();
    const memory = new SharedMemory({ clock: () => clock.now() });
    const nodes = [1, 2, 3].map(() => node(memory.open(), clock, [`${ROOM}/Echo`]));
    await Promise.all(nodes.map((each) => each.begin()));
    await clock.pass(0);
    assert.deepEqual(nodes.flatMap(sentTo), [`available ${ROOM}/Echo`]);
    for (const { keeping } of nodes) keeping.stop();
  });
});

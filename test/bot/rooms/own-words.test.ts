import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rooms } from "../../../src/bot/index.ts";
import { Jid, type Message, type Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore, StoreIoError } from "../../../src/store/index.ts";
import { RecordingSender, stanza } from "../../dispatch/support.ts";
import { StillClock } from "./still-clock.ts";

const ROOM = Jid.parse("room@rooms.example");
const HALL = Jid.parse("hall@rooms.example");
const BOT = Jid.parse("echo@bots.example");
const DAY = 24 * 60 * 60_000;

function reflected(id: string, given: string, room = ROOM, more = ""): Message {
  return stanza(
    `<message type='groupchat' id='${id}' from='${room}/Echo' to='${BOT}'><body>a</body>${more}<stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='${given}'/></message>`,
  ) as Message;
}

const correcting = (id: string): string => `<replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`;

function reaction(to: string, room = ROOM): Stanza {
  return stanza(
    `<message type='groupchat' id='r' from='${room}/Juliet' to='${BOT}'><reactions xmlns='urn:xmpp:reactions:0' id='${to}'><reaction>a</reaction></reactions></message>`,
  );
}

function reply(to: string): Stanza {
  return stanza(
    `<message type='groupchat' id='r' from='${ROOM}/Juliet' to='${BOT}'><body>a</body><reply xmlns='urn:xmpp:reply:0' id='${to}'/></message>`,
  );
}

/** A store that counts what it is asked. */
class CountingStore extends MemoryStore {
  asked = 0;

  override async get(...of: Parameters<MemoryStore["get"]>): ReturnType<MemoryStore["get"]> {
    this.asked += 1;
    return await super.get(...of);
  }

  override async commit(...of: Parameters<MemoryStore["commit"]>): ReturnType<MemoryStore["commit"]> {
    this.asked += 1;
    return await super.commit(...of);
  }
}

interface Place {
  readonly store: CountingStore;
  readonly clock: StillClock;
  readonly sender: RecordingSender;
  /** The rooms as a process knows them that has just begun, or another node. */
  again(): Promise<Rooms>;
}

async function place(): Promise<Place & { readonly rooms: Rooms }> {
  const clock = new StillClock();
  const store = new CountingStore({ clock: () => clock.now() });
  const sender = new RecordingSender();
  const again = async (): Promise<Rooms> => {
    const rooms = new Rooms(BOT, sender, store, { clock });
    await rooms.load();
    return rooms;
  };
  const rooms = await again();
  for (const room of [ROOM, HALL]) await rooms.join(room, "Echo");
  return { store, clock, sender, again, rooms };
}

/** What the bot knows of what a stanza names. */
async function recalled(rooms: Rooms, named: Stanza, id: string): Promise<string | undefined> {
  await rooms.recall(named);
  return rooms.ownId(named.from ?? ROOM, id);
}

describe("What the bot has said in rooms", () => {
  it("is known to the next process, by the room's ids and for them", async () => {
    const { rooms, again } = await place();
    rooms.observeOwn(reflected("mine", "theirs"));
    rooms.observeOwn(reflected("mine~12345678", "a-second", ROOM, correcting("mine")));
    rooms.observeOwn(reflected("mine-2", "theirs-2"));
    assert.equal(rooms.isChanged, true);
    await rooms.save();
    assert.equal(rooms.isChanged, false);
    assert.equal(await recalled(await again(), reaction("theirs"), "theirs"), "mine");
    assert.equal(await recalled(await again(), reply("a-second"), "a-second"), "mine");
    assert.equal(await recalled(await again(), reaction("theirs", HALL), "theirs"), undefined);
    assert.equal(await recalled(await again(), reaction("another"), "another"), undefined);
    const later = await again();
    await later.recall(reaction("a-second"));
    assert.equal(await later.roomId(ROOM, "mine"), "theirs", "the first, whatever is at hand");
    assert.equal(await later.roomId(HALL, "mine"), undefined);
  });

  it("is asked of the store only where a message in a room names what is not at hand", async () => {
    const { rooms, store } = await place();
    rooms.observeOwn(reflected("mine", "theirs"));
    await rooms.save();
    const { asked } = store;
    const said = `<message type='groupchat' id='r' from='${ROOM}/Juliet' to='${BOT}'><body>a</body></message>`;
    for (const other of [
      stanza(said),
      reaction("theirs"),
      reaction("mine~12345678"),
      reaction("theirs-2", Jid.parse("other@rooms.example")),
      reaction("x".repeat(1_000)),
      stanza(`<presence from='${ROOM}/Juliet' to='${BOT}'/>`),
    ])
      assert.equal(rooms.recall(other), undefined);
    rooms.observeMessage(stanza(said) as Message);
    assert.equal(rooms.isChanged, false);
    assert.equal(store.asked, asked);
    await rooms.recall(reaction("theirs-2"));
    assert.equal(store.asked, asked + 1);
  });

  it("is no more than 500 of each room; corrections that others have followed go first, then the oldest", async () => {
    const { rooms, store, clock, again } = await place();
    const say = async (message: Message): Promise<void> => {
      await clock.pass(1_000);
      rooms.observeOwn(message);
      await rooms.save();
    };
    await say(reflected("hall", "in-hall", HALL));
    await say(reflected("poll", "first"));
    for (let count = 0; count < 700; count += 1)
      await say(reflected(`poll~${count}`, `count-${count}`, ROOM, correcting("poll")));
    const later = await again();
    for (const id of ["first", "count-699", "count-600"])
      assert.equal(await recalled(later, reaction(id), id), "poll");
    assert.equal(await recalled(later, reaction("count-0"), "count-0"), undefined);
    for (let count = 0; count < 600; count += 1) await say(reflected(`own-${count}`, `own-${count}`));
    assert.equal(await recalled(await again(), reaction("first"), "first"), undefined);
    assert.equal(await recalled(await again(), reaction("in-hall", HALL), "in-hall"), "hall");
    const kept = await store.list(`words of ${BOT}`, { prefix: `${ROOM} `, limit: 2_000 });
    assert.ok(kept.length >= 500 && kept.length <= 550, `${kept.length} are kept`);
  });

  it("is bounded though each process says little", async () => {
    const { store, clock, again } = await place();
    for (let start = 0; start < 60; start += 1) {
      const rooms = await again();
      for (let count = 0; count < 10; count += 1) {
        await clock.pass(1);
        rooms.observeOwn(reflected(`own-${start}-${count}`, `${start}-${count}`));
        await rooms.save();
      }
    }
    const kept = await store.list(`words of ${BOT}`, { limit: 2_000 });
    assert.ok(kept.length >= 500 && kept.length <= 510, `${kept.length} are kept`);
  });

  it("is known for 30 days", async () => {
    const { rooms, clock, again } = await place();
    rooms.observeOwn(reflected("mine", "theirs"));
    await rooms.save();
    await clock.pass(29 * DAY);
    assert.equal(await recalled(await again(), reaction("theirs"), "theirs"), "mine");
    await clock.pass(2 * DAY);
    assert.equal(await recalled(await again(), reaction("theirs"), "theirs"), undefined);
  });

  it("is forgotten with a room that is left, and not where it could not be left", async () => {
    const { rooms, store, sender } = await place();
    rooms.observeOwn(reflected("mine", "theirs"));
    rooms.observeOwn(reflected("hall", "in-hall", HALL));
    await rooms.save();
    sender.onSend = () => {
      throw new Error("Prosody is away");
    };
    await assert.rejects(rooms.leave(ROOM), /away/);
    assert.equal(await recalled(rooms, reaction("theirs"), "theirs"), "mine");
    sender.onSend = () => undefined;
    rooms.observeOwn(reflected("late", "not-saved"));
    await rooms.leave(ROOM);
    assert.equal(rooms.ownId(ROOM, "theirs"), undefined);
    assert.equal(await rooms.roomId(ROOM, "mine"), undefined);
    const kept = await store.list(`words of ${BOT}`);
    assert.deepEqual(
      kept.map(({ key }) => key),
      [`${HALL} in-hall`],
    );
  });

  it("is told to the store later where that fails", async () => {
    const { rooms, store, again } = await place();
    rooms.observeOwn(reflected("mine", "theirs"));
    const commit = store.commit.bind(store);
    store.commit = async () => {
      throw new StoreIoError("the disk is gone");
    };
    await assert.rejects(rooms.save(), StoreIoError);
    assert.equal(rooms.isChanged, true);
    store.commit = commit;
    await rooms.save();
    assert.equal(await recalled(await again(), reaction("theirs"), "theirs"), "mine");
  });
});

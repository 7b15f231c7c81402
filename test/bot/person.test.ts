import assert from "node:assert/strict";
import { test } from "node:test";
import { defineBot, personOf, Rooms } from "../../src/bot/index.ts";
import { type Element, Jid, message, presence } from "../../src/stanza/index.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { testbed } from "../../src/testkit/index.ts";
import { buildOccupantId, buildRoomStatuses } from "../../src/xep/index.ts";
import { RecordingSender } from "../dispatch/support.ts";

const mirror = defineBot({
  name: "mirror",
  summary: "says who you are",
  routes: (bot) => void bot.on("message:body", (ctx) => personOf(ctx)),
});

test("a person is the bare JID outside of rooms, and the account where a room tells it", async () => {
  await using bed = await testbed(mirror);
  const { alice, room } = bed;
  (await alice.says("who?")).expect("alice@localhost");
  const open = await room("open", { nonAnonymous: true });
  (await alice.in(open).says("who?")).expect("alice@localhost");
});

test("in other rooms a person is no address that somebody else could have", async () => {
  await using bed = await testbed(mirror);
  const { alice, room } = bed;
  const lobby = await room("lobby");
  const { body } = await alice.in(lobby).says("who?");
  assert.match(String(body), /^lobby@[^ ]+(?: occupant .+|\/alice)$/);
});

test("an account that a room tells of is somebody of that room alone where it is not believed", async () => {
  await using bed = await testbed(mirror, { permissions: { trustedRooms: ["rooms.example"] } });
  const { alice, room } = bed;
  const open = await room("open", { nonAnonymous: true });
  (await alice.in(open).says("who?")).expect(`${open.jid} account alice@localhost`);
});

test("where the room gives no ids, what somebody says is theirs makes them nobody else", async () => {
  await using bed = await testbed(mirror);
  const { alice, room } = bed;
  const lobby = await room("lobby");
  const said = async (id: string): Promise<unknown> => {
    const replies = await alice
      .in(lobby)
      .sends(message({ type: "groupchat", body: "who?" }, buildOccupantId(id)));
    return replies.body;
  };
  await alice.in(lobby).sends(presence({ to: lobby.jid.withResource("alice") }, buildOccupantId("three")));
  assert.deepEqual([await said("one"), await said("two")], [`${lobby.jid}/alice`, `${lobby.jid}/alice`]);
});

test("where the room gives ids, they are by whom one is known, also after a restart", async () => {
  const store = new MemoryStore();
  const observed = async (...more: Element[]): Promise<boolean[]> => {
    const room = Jid.parse("lobby@rooms.example");
    const rooms = new Rooms(Jid.parse("mirror@bots.example"), new RecordingSender(), store);
    await rooms.join(room, "mirror");
    rooms.observe(presence({ from: `${room}/mirror` }, buildRoomStatuses(["self"]), ...more));
    await rooms.save();
    const later = new Rooms(Jid.parse("mirror@bots.example"), new RecordingSender(), store);
    await later.load();
    return [rooms.givesIds(room), later.givesIds(room)];
  };
  assert.deepEqual(await observed(), [false, false]);
  assert.deepEqual(await observed(buildOccupantId("b")), [true, true]);
});

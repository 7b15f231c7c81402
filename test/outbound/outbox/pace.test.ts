import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Outbox } from "../../../src/outbound/index.ts";
import { Pacer } from "../../../src/outbound/outbox/pacer.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { idOf } from "../scripted-server.ts";
import { DOMAIN, note, settled, World } from "./support.ts";

const ROOM = "lobby@rooms.example.com";

/** Messages of the bot to a room. */
function toRoom(room: string, ids: readonly string[]) {
  return ids.map((id) => note(room, id, { type: "groupchat" }));
}

/** What has been sent, once everything that the clock lets go has gone. */
async function sent(world: World): Promise<string[]> {
  do await settled();
  while (world.outbox.status().inFlight > 0);
  // What has just left may have let the next go.
  await settled();
  if (world.outbox.status().inFlight > 0) return sent(world);
  return world.server.bodies.map(idOf);
}

test("a pacer lets a burst go, then one after the other, and a burst again after silence", () => {
  const pacer = new Pacer({ burst: 3, perSecond: 2 });
  const waits = (now: number): number => {
    const wait = pacer.wait("a", now);
    if (wait === 0) pacer.take("a", now);
    return wait;
  };
  assert.deepEqual([0, 0, 0, 0, 100, 500, 500, 1_000].map(waits), [0, 0, 0, 500, 400, 0, 500, 0]);
  assert.equal(pacer.wait("b", 0), 0);
  assert.deepEqual([9_000, 9_000, 9_000, 9_000].map(waits), [0, 0, 0, 500]);
  // A clock that was set back.
  assert.equal(pacer.wait("a", 0), 500);
});

test("whatever comes when, a pacer never lets more go than it may, and never makes wait without need", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.array(fc.nat({ max: 3_000 }), { maxLength: 200 }),
      (burst, perSecond, gaps) => {
        const pacer = new Pacer({ burst, perSecond });
        const gone: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const wait = pacer.wait("", now);
          // So many in any stretch of time, and no sooner than that allows.
          const earliest = gone.reduce(
            (least, at, index) =>
              Math.max(least, at + ((gone.length - index + 1 - burst) * 1_000) / perSecond),
            now,
          );
          assert.ok(Math.abs(now + wait - earliest) <= 1.001, `${wait} ms, and ${earliest - now} would do`);
          if (wait > 0) continue;
          pacer.take("", now);
          gone.push(now);
        }
      },
    ),
  );
});

test("a pacer forgets what no longer matters", () => {
  const pacer = new Pacer({ burst: 2, perSecond: 1 });
  for (let key = 0; key < 100_000; key += 1) pacer.take(String(key), key);
  assert.ok(pacer.size < 5_000, `${pacer.size} are remembered`);
});

test("a room gets five messages at once, then two a second, and holds up nobody else", async () => {
  await using world = await World.start();
  const { outbox, clock } = world;
  await outbox.enqueue(toRoom(ROOM, ["a1", "a2", "a3", "a4", "a5", "a6", "a7"]));
  assert.deepEqual(await sent(world), ["a1", "a2", "a3", "a4", "a5"]);
  await outbox.enqueue([...toRoom("other@rooms.example.com", ["b1"]), note("juliet@example.com", "j1")]);
  assert.deepEqual((await sent(world)).slice(5).sort(), ["b1", "j1"]);
  clock.advance(499);
  assert.equal((await sent(world)).length, 7);
  clock.advance(1);
  assert.deepEqual((await sent(world)).slice(7), ["a6"]);
  clock.advance(500);
  assert.deepEqual((await sent(world)).slice(8), ["a7"]);
  await outbox.idle();
});

test("one person gets everything at once, an occupant of a room too", async () => {
  await using world = await World.start();
  const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
  await world.outbox.enqueue(ids.map((id) => note("juliet@example.com", id)));
  await world.outbox.enqueue(ids.map((id) => note(`${ROOM}/juliet`, `o${id}`)));
  await world.outbox.idle();
  assert.equal(world.server.received.length, 60);
});

test("the pace of rooms is kept after a restart of what waits, and can be taken away", async () => {
  await using world = await World.start(undefined, { begin: false });
  const ids = Array.from({ length: 8 }, (_, index) => `m${index}`);
  await world.outbox.enqueue(toRoom(ROOM, ids));
  world.outbox = world.another();
  world.outbox.start();
  assert.equal((await sent(world)).length, 5);
  await world.outbox.stop();
  const clients = new Map([[DOMAIN, world.client]]);
  const pace = new Map([[DOMAIN, { room: false as const }]]);
  world.outbox = new Outbox({ store: world.store, clients, clock: world.clock, pace });
  world.outbox.start();
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ids);
});

test("the pace of a mount holds for all together, and what is more urgent goes first", async () => {
  const pace = new Map([[DOMAIN, { all: { burst: 2, perSecond: 10 } }]]);
  await using world = await World.start(undefined, { pace });
  const { outbox, clock } = world;
  const people = ["a", "b", "c", "d"].map((name) => `${name}@example.com`);
  await outbox.broadcast(people, (to) => note(String(to), to.local ?? ""));
  assert.deepEqual(await sent(world), ["a", "b"]);
  const answer = outbox.send(note("juliet@example.com", "answer"));
  clock.advance(99);
  assert.deepEqual(await sent(world), ["a", "b"]);
  clock.advance(1);
  await answer;
  assert.deepEqual(await sent(world), ["a", "b", "answer"]);
  clock.advance(200);
  assert.deepEqual(await sent(world), ["a", "b", "answer", "c", "d"]);
  await outbox.idle();
});

test("what is held back by a pace expires, waits for a stop in the store, and is found after it", async () => {
  const pace = new Map([[DOMAIN, { all: { burst: 1, perSecond: 1 } }]]);
  await using store = new MemoryStore();
  await using world = await World.start(undefined, { pace, store });
  const { outbox, clock } = world;
  await outbox.send(note("juliet@example.com", "m1"));
  const late = outbox.send(note("romeo@example.com", "m2"), { expires: clock.now() + 500 });
  const held = outbox.send(note("nurse@example.com", "m3"));
  clock.advance(1_000);
  await assert.rejects(late, { kind: "expired" });
  assert.deepEqual(await held, { id: "m3" });
  const left = outbox.send(note("tybalt@example.com", "m4"));
  await settled();
  await outbox.stop();
  assert.deepEqual(await left, { id: "m4", queued: true });
  outbox.start();
  clock.advance(1_000);
  await outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m3", "m4"]);
});

test("a pace that cannot work is refused", () => {
  const withPace = (pace: object) =>
    new Outbox({ store: new MemoryStore(), clients: new Map(), pace: new Map([[DOMAIN, pace]]) });
  for (const perSecond of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => withPace({ all: { perSecond, burst: 1 } }), RangeError);
  assert.throws(() => withPace({ room: { perSecond: 1, burst: 0.5 } }), RangeError);
});

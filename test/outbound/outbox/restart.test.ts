import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, type Received, status } from "../scripted-server.ts";
import { note, settled, World } from "./support.ts";

test("before it is started and after it is stopped, what is given is queued", async () => {
  await using world = await World.start(undefined, { begin: false });
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m1")), { id: "m1", queued: true });
  await settled();
  assert.equal(world.server.received.length, 0);
  assert.equal(world.outbox.status().waiting, 1);
  world.outbox.start();
  world.outbox.start();
  await world.outbox.idle();
  await world.outbox.stop();
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m2")), { id: "m2", queued: true });
  await settled();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1"]);
  world.outbox.start();
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m2"]);
  assert.equal(world.outbox.status().waiting, 0);
});

test("what is in the store from before goes first, in its order", async () => {
  await using world = await World.start(undefined, { begin: false });
  const before = Array.from({ length: 300 }, (_, index) => note(`p${index % 3}@example.com`, `${index}`));
  await world.outbox.enqueue(before);
  const next = world.another();
  next.start();
  await settled();
  assert.ok(next.status().waiting > 200, "what was there before is counted");
  assert.equal((await next.send(note("p0@example.com", "300"))).queued, undefined);
  assert.deepEqual(await Promise.all([next.send(note("p1@example.com", "301")), next.idle()]), [
    { id: "301" },
    undefined,
  ]);
  const ids = world.server.bodies.map((body) => Number(idOf(body)));
  assert.equal(ids.length, 302);
  for (const person of [0, 1, 2]) {
    const own = ids.filter((id) => id % 3 === person);
    assert.deepEqual(
      own,
      own.toSorted((one, other) => one - other),
      `person ${person}`,
    );
  }
  await next.stop();
});

test("a stop waits for what is on its way and leaves the rest, of which nobody waits any more", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const first = world.outbox.send(note("juliet@example.com", "m1"));
  const second = world.outbox.send(note("juliet@example.com", "m2"));
  await world.server.requests(1);
  const stopped = world.outbox.stop();
  assert.deepEqual(await second, { id: "m2", queued: true });
  assert.deepEqual(await first, { id: "m1", queued: true });
  status(waiting[0] as Received, 202);
  await stopped;
  const left = await world.store.entries("outbox");
  assert.deepEqual(
    left.map(({ payload }) => (payload as { id: string }).id),
    ["m2"],
  );
});

test("a stop that must not wait leaves what is on its way in the store too", async () => {
  await using world = await World.start(() => undefined);
  void world.outbox.send(note("juliet@example.com", "m1"));
  await world.server.requests(1);
  await world.outbox.stop({ signal: AbortSignal.abort(new Error("now")) });
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 1, dead: 0 });
  world.server.script = (request) => status(request, 202);
  world.outbox.start();
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m1"]);
});

test("how often Prosody has failed on a stanza is known after a restart, and it is tried at once", async () => {
  await using world = await World.start((request) => status(request, 500), { maxAttempts: 2 });
  await world.outbox.send(note("juliet@example.com", "m1"));
  await world.clock.armed(250);
  await world.outbox.stop();
  const next = world.another();
  next.start();
  await next.idle();
  assert.equal(world.server.received.length, 2);
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 1 });
  await next.stop();
});

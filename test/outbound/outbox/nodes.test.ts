import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, type Received, status } from "../scripted-server.ts";
import { Cluster, LEASE } from "./cluster.ts";
import { note, settled, TestClock } from "./support.ts";

const JULIET = "juliet@example.com";

/** A Prosody that answers when the test says so. */
function patient(): { readonly waiting: Received[]; readonly script: (request: Received) => void } {
  const waiting: Received[] = [];
  return { waiting, script: (request) => void waiting.push(request) };
}

test("a stanza alone costs four questions to the store, two of them before it is sent; one behind another three", async () => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const { outbox, asked } = await cluster.node();
  const first = outbox.send(note(JULIET, "m1"));
  await cluster.server.requests(1);
  assert.deepEqual(asked, ["commit", "claim"]);
  status(waiting[0] as Received, 202);
  await first;
  await outbox.idle();
  assert.deepEqual(asked, ["commit", "claim", "commit", "release"]);
  asked.length = 0;
  const both = [outbox.send(note(JULIET, "m2")), outbox.send(note(JULIET, "m3"))];
  for (const count of [2, 3]) {
    await cluster.server.requests(count);
    status(waiting[count - 1] as Received, 202);
  }
  await Promise.all(both);
  await outbox.idle();
  assert.equal(asked.length, 7);
});

test("a conversation is one node's at a time, and what another gives for it goes out behind", async () => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  await cluster.server.requests(1);
  assert.equal(one.outbox.status().leased, 1);
  assert.deepEqual(await other.outbox.send(note(JULIET, "m2")), { id: "m2", queued: true });
  // Caused by m2, for all that is known.
  const third = one.outbox.send(note(JULIET, "m3"));
  const elsewhere = other.outbox.send(note("romeo@example.com", "r1"));
  await cluster.server.requests(2);
  for (const index of [0, 1, 2, 3]) {
    await cluster.server.requests(index + 1);
    status(waiting[index] as Received, 202);
  }
  assert.deepEqual(await Promise.all([first, third, elsewhere]), [{ id: "m1" }, { id: "m3" }, { id: "r1" }]);
  await Promise.all([one.outbox.idle(), other.outbox.idle()]);
  assert.deepEqual(one.sent, ["m1", "m2", "m3"]);
  assert.deepEqual(other.sent, ["r1"]);
  assert.equal(one.outbox.status().leased, 0);
  assert.deepEqual(await other.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("who gives something for a conversation is told also where another node has sent it meanwhile", async (t) => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  await cluster.server.requests(1);
  const slow = Promise.withResolvers<void>();
  const { leases } = other.store;
  const claim = leases.claim.bind(leases);
  t.mock.method(leases, "claim", async (...asked: Parameters<typeof claim>) => {
    await slow.promise;
    return await claim(...asked);
  });
  const second = other.outbox.send(note(JULIET, "m2"));
  for (const index of [0, 1]) {
    await cluster.server.requests(index + 1);
    status(waiting[index] as Received, 202);
  }
  await first;
  await one.outbox.idle();
  assert.deepEqual(one.sent, ["m1", "m2"]);
  slow.resolve();
  assert.deepEqual(await second, { id: "m2", queued: true });
  await other.outbox.idle();
});

test("what waits from before goes first, whoever has put it there", async () => {
  await using cluster = await Cluster.start();
  const [one, other] = [await cluster.node(), await cluster.node({ begin: false })];
  await other.outbox.enqueue([note(JULIET, "m1"), note(JULIET, "m2")]);
  assert.deepEqual(await one.outbox.send(note(JULIET, "m3")), { id: "m3" });
  assert.deepEqual(one.sent, ["m1", "m2", "m3"]);
});

test("the conversations of a node that is killed are taken over, with the stanza that was on its way", async () => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  void one.outbox.send(note(JULIET, "m1"));
  await one.outbox.enqueue([note(JULIET, "m2")]);
  await cluster.server.requests(1);
  cluster.kill(one);
  cluster.clock.advance(LEASE - 1);
  await settled();
  assert.deepEqual(other.sent, [], "its lease is still good");
  cluster.clock.advance(5_000);
  await cluster.server.requests(2);
  status(waiting[1] as Received, 202);
  await cluster.server.requests(3);
  status(waiting[2] as Received, 202);
  await other.outbox.idle();
  assert.deepEqual(other.sent, ["m1", "m2"]);
  assert.deepEqual(one.sent, ["m1"]);
});

test("a node that stood still for too long sends nothing of what another has taken over", async () => {
  let failing = true;
  await using cluster = await Cluster.start((request) => {
    status(request, failing ? 500 : 202);
    failing = false;
  });
  // The timers of a process stand still with it.
  const clock = new TestClock();
  const [one, other] = [await cluster.node({ clock }), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  assert.deepEqual(await first, { id: "m1", queued: true });
  await settled();
  one.store.pause();
  cluster.clock.advance(LEASE + 5_000);
  await other.outbox.idle();
  assert.deepEqual(other.sent, ["m1"]);
  one.store.resume();
  clock.advance(LEASE + 5_000);
  await settled();
  await one.outbox.idle();
  assert.deepEqual(one.sent, ["m1"]);
  assert.equal(one.outbox.status().leased, 0);
  assert.deepEqual(await one.outbox.send(note(JULIET, "m2")), { id: "m2" });
});

test("a stanza that was on its way when its node stood still is not followed by the next", async () => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  const second = one.outbox.send(note(JULIET, "m2"));
  await cluster.server.requests(1);
  await settled();
  one.store.pause();
  cluster.clock.advance(LEASE + 5_000);
  for (const count of [2, 3]) {
    await cluster.server.requests(count);
    status(waiting[count - 1] as Received, 202);
  }
  await other.outbox.idle();
  one.store.resume();
  status(waiting[0] as Received, 202);
  assert.deepEqual(await first, { id: "m1" });
  assert.deepEqual(await second, { id: "m2", queued: true });
  await one.outbox.idle();
  assert.deepEqual(one.sent, ["m1"]);
  assert.deepEqual(other.sent, ["m1", "m2"]);
  assert.deepEqual(await other.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("it is not followed whatever its node believes of the lease, though the other one is not through with it", async (t) => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  await one.outbox.enqueue([note(JULIET, "m2")]);
  await cluster.server.requests(1);
  one.store.pause();
  cluster.clock.advance(LEASE + 5_000);
  await cluster.server.requests(2);
  one.store.resume();
  t.mock.method(one.store.leases, "isHeld", () => true);
  status(waiting[0] as Received, 202);
  assert.deepEqual(await first, { id: "m1" });
  await settled();
  assert.deepEqual(one.sent, ["m1"]);
  assert.equal((await other.store.counts("outbox")).waiting, 2);
  for (const count of [2, 3]) {
    await cluster.server.requests(count);
    status(waiting[count - 1] as Received, 202);
  }
  await other.outbox.idle();
  assert.deepEqual([one.sent, other.sent], [["m1"], ["m1", "m2"]]);
});

test("what a node that stops leaves behind is another's at once", async () => {
  const { waiting, script } = patient();
  await using cluster = await Cluster.start(script);
  const [one, other] = [await cluster.node(), await cluster.node()];
  const first = one.outbox.send(note(JULIET, "m1"));
  const second = one.outbox.send(note(JULIET, "m2"));
  await cluster.server.requests(1);
  await settled();
  const stopped = one.outbox.stop();
  assert.deepEqual(await second, { id: "m2", queued: true });
  status(waiting[0] as Received, 202);
  await first;
  await stopped;
  await cluster.server.requests(2);
  status(waiting[1] as Received, 202);
  await other.outbox.idle();
  assert.deepEqual(one.sent, ["m1"]);
  assert.deepEqual(other.sent, ["m2"]);
});

test("a broadcast goes on as others send what it has queued, and each is sent once", async () => {
  await using cluster = await Cluster.start();
  const [one, other, third] = [await cluster.node(), await cluster.node(), await cluster.node()];
  const people = Array.from({ length: 300 }, (_, person) => `p${person}@example.com`);
  const done = one.outbox.broadcast(people, (to) => note(String(to), String(to)), { most: 100 });
  let over = false;
  void done.then(() => {
    over = true;
  });
  while (!over) {
    await settled();
    cluster.clock.advance(1_000);
  }
  assert.deepEqual(await done, { queued: 300, repeated: 0, refused: 0 });
  await Promise.all([one, other, third].map(({ outbox }) => outbox.idle()));
  await cluster.server.requests(300);
  assert.deepEqual(cluster.server.bodies.map(idOf).sort(), people.sort());
});

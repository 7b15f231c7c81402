import assert from "node:assert/strict";
import { test } from "node:test";
import { BounceError, Outbox, RestHttpError, RestRefusedError } from "../../../src/outbound/index.ts";
import { el, iq, JidError, Message, message, presence } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { failure, idOf, type Received, result, ScriptedServer, status, xml } from "../scripted-server.ts";
import { BOUNCE, note, settled, World } from "./support.ts";

test("a stanza is in the store before it is sent, and gone from it once it is taken", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const sent = world.outbox.send(note("juliet@example.com/balcony", "m1"));
  await world.server.requests(1);
  const [entry] = await world.store.entries("outbox");
  assert.equal(entry?.key, "bot@bots.test juliet@example.com");
  assert.deepEqual(entry?.payload, {
    domain: "bots.test",
    id: "m1",
    kind: "message",
    to: "juliet@example.com/balcony",
    xml: world.server.bodies[0] as string,
  });
  assert.equal(world.outbox.status().waiting, 1);
  assert.equal(world.outbox.status().inFlight, 1);
  status(waiting[0] as Received, 202);
  assert.deepEqual(await sent, { id: "m1" });
  await world.outbox.idle();
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
  assert.equal(world.outbox.status().waiting, 0);
  assert.equal(world.outbox.status().accepted, 1);
});

test("a stanza without an id gets one, and the same id may be sent again", async () => {
  await using world = await World.start();
  const { id } = await world.outbox.send(message({ from: "bot@bots.test", to: "juliet@example.com" }));
  assert.match(id, /^[0-9a-f-]{36}$/);
  await world.outbox.send(note("juliet@example.com", "m1"));
  await world.outbox.send(note("juliet@example.com", "m1"));
  assert.deepEqual(world.server.bodies.map(idOf), [id, "m1", "m1"]);
});

test("what is given again under the same name is not sent again", async () => {
  await using world = await World.start();
  const hello = message({ from: "bot@bots.test", to: "juliet@example.com", body: "Hello" });
  assert.deepEqual(await world.outbox.send(hello, { once: "a1/0" }), { id: "a1/0" });
  assert.deepEqual(await world.outbox.send(hello, { once: "a1/0" }), { id: "a1/0", repeated: true });
  const both = [world.outbox.send(hello, { once: "a1/1" }), world.outbox.send(hello, { once: "a1/1" })];
  assert.deepEqual(await Promise.all(both), [{ id: "a1/1" }, { id: "a1/1", repeated: true }]);
  await world.outbox.enqueue([hello, hello], { once: "a2" });
  await world.outbox.enqueue([hello, hello, hello], { once: "a2" });
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["a1/0", "a1/1", "a2 0", "a2 1", "a2 2"]);
});

test("what is given twice under one name behind others is told to both", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const { outbox } = world;
  const first = outbox.send(note("juliet@example.com", "m1"));
  await outbox.enqueue([note("juliet@example.com", "m2")]);
  const twice = [1, 2].map(() => outbox.send(note("juliet@example.com", "m3"), { once: "a3" }));
  for (let count = 0; count < 3; count += 1) {
    await world.server.requests(count + 1);
    status(waiting[count] as Received, 202);
  }
  await first;
  assert.deepEqual(await Promise.all(twice), [{ id: "m3" }, { id: "m3", repeated: true }]);
});

test("what the client refuses is refused at once and not queued", async () => {
  await using world = await World.start();
  const { outbox } = world;
  const bad = new Message(el("message", { from: "bot@bots.test", to: "@" }));
  assert.ok((await failure(outbox.send(bad))) instanceof JidError);
  const elsewhere = message({ from: "bot@other.test", to: "juliet@example.com" });
  const stranger = await failure(outbox.send(elsewhere));
  assert.ok(stranger instanceof RestRefusedError);
  assert.equal(stranger.kind, "forbidden-from");
  assert.match(stranger.message, /no mount for other\.test.*bots\.test/);
  const large = await failure(outbox.send(note("juliet@example.com", "m1", { body: "x".repeat(200_000) })));
  assert.ok(large instanceof RestRefusedError);
  assert.equal(large.kind, "too-large");
  assert.ok((await failure(outbox.enqueue([note("a@b.test", "m2"), bad]))) instanceof JidError);
  await outbox.idle();
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
  assert.equal(world.server.received.length, 0);
});

test("one of a conversation at a time, in order; conversations side by side, as many as allowed", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request), { concurrency: 2 });
  const sent = ["a1", "a2", "b1", "c1"].map((id) => world.outbox.send(note(`${id[0]}@example.com`, id)));
  await world.server.requests(2);
  await settled();
  assert.deepEqual(world.server.bodies.map(idOf), ["a1", "b1"]);
  status(waiting[0] as Received, 202);
  await world.server.requests(3);
  await settled();
  assert.deepEqual(world.server.bodies.map(idOf), ["a1", "b1", "c1"]);
  status(waiting[1] as Received, 202);
  status(waiting[2] as Received, 202);
  await world.server.requests(4);
  assert.equal(idOf(world.server.bodies[3] as string), "a2");
  status(waiting[3] as Received, 202);
  assert.deepEqual(await Promise.all(sent), [{ id: "a1" }, { id: "a2" }, { id: "b1" }, { id: "c1" }]);
});

test("what is queued and what is waited for keep their order", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const { outbox } = world;
  const sends = [outbox.send(note("juliet@example.com", "m1"))];
  await world.server.requests(1);
  await outbox.enqueue([note("juliet@example.com", "m2"), note("romeo@example.com", "r1")]);
  sends.push(outbox.send(note("juliet@example.com", "m3")), outbox.send(note("romeo@example.com", "r2")));
  for (let count = 0; count < 5; count += 1) {
    await world.server.requests(count + 1);
    status(waiting[count] as Received, 202);
  }
  await Promise.all(sends);
  const ids = world.server.bodies.map(idOf);
  assert.deepEqual(
    [ids.filter((id) => id.startsWith("m")), ids.filter((id) => id.startsWith("r"))],
    [
      ["m1", "m2", "m3"],
      ["r1", "r2"],
    ],
  );
});

test("all devices of a person are one conversation, and so are all occupants of a room", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const { outbox } = world;
  void outbox.send(note("juliet@example.com/balcony", "m1")).catch(() => undefined);
  void outbox.send(note("juliet@example.com/phone", "m2")).catch(() => undefined);
  void outbox.send(note("room@rooms.test", "g1", { type: "groupchat" })).catch(() => undefined);
  void outbox.send(note("room@rooms.test/romeo", "g2")).catch(() => undefined);
  await world.server.requests(2);
  await settled();
  assert.deepEqual(world.server.bodies.map(idOf).sort(), ["g1", "m1"]);
});

test("an answer goes before a broadcast, but not before what is ahead in its conversation", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request), { concurrency: 1 });
  const sends = [
    world.outbox.send(note("first@example.com", "first")),
    world.outbox.send(note("a@example.com", "news a"), { priority: -10 }),
    world.outbox.send(note("b@example.com", "news b"), { priority: -10 }),
    world.outbox.send(note("c@example.com", "answer c")),
    world.outbox.send(note("b@example.com", "answer b")),
    world.outbox.send(note("d@example.com", "urgent d"), { priority: 5 }),
  ];
  const expected = ["first", "urgent d", "answer c", "news a", "news b", "answer b"];
  await settled();
  for (let count = 1; count <= expected.length; count += 1) {
    await world.server.requests(count);
    status(waiting[count - 1] as Received, 202);
  }
  await Promise.all(sends);
  assert.deepEqual(world.server.bodies.map(idOf), expected);
});

test("a bounce is told to who waits, and the conversation goes on", async () => {
  const events: unknown[] = [];
  await using world = await World.start(
    (request) => (idOf(request.body) === "m1" ? xml(request, BOUNCE) : status(request, 202)),
    { onBounce: (stanza) => void events.push(stanza.id) },
  );
  const [bounced, fine] = await Promise.allSettled([
    world.outbox.send(note("nobody@example.com", "m1")),
    world.outbox.send(note("nobody@example.com", "m2")),
  ]);
  assert.ok(bounced?.status === "rejected" && bounced.reason instanceof BounceError);
  assert.equal(bounced.reason.condition, "service-unavailable");
  assert.deepEqual(fine, { status: "fulfilled", value: { id: "m2" } });
  await world.outbox.idle();
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
  assert.deepEqual(events, []);
  assert.equal(world.outbox.status().bounced, 1);
});

test("a bounce that nobody waits for is an event, and what follows from it is committed with it", async () => {
  await using world = await World.start((request) => xml(request, BOUNCE), {
    onBounce: (stanza, error) => [
      { put: { collection: "bounces", key: stanza.id ?? "", value: `${stanza.kind} ${error.condition}` } },
    ],
  });
  await world.outbox.enqueue([note("nobody@example.com", "m1")]);
  await world.outbox.idle();
  assert.equal((await world.store.get("bounces", "m1"))?.value, "message service-unavailable");
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("what follows from a bounce, and conflicts or throws, does not send the stanza again", async () => {
  await using world = await World.start((request) => xml(request, BOUNCE), {
    onBounce: (stanza) => {
      if (stanza.id === "m2") throw new Error("broken hook");
      return [{ check: { collection: "bounces", key: "none", version: 7 } }];
    },
  });
  await world.outbox.enqueue([note("nobody@example.com", "m1"), note("nobody@example.com", "m2")]);
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m2"]);
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("what Prosody refuses for good is a dead letter with its error, and the conversation goes on", async () => {
  const buried: unknown[] = [];
  await using world = await World.start(
    (request) => status(request, idOf(request.body) === "ok" ? 202 : 422),
    { onBuried: (stanza, error) => void buried.push([stanza.id, (error as RestHttpError).status]) },
  );
  const refused = world.outbox.send(note("juliet@example.com", "m1"));
  const fine = world.outbox.send(note("juliet@example.com", "ok"));
  const error = await failure(refused);
  assert.ok(error instanceof RestHttpError);
  assert.equal(error.status, 422);
  assert.deepEqual(await fine, { id: "ok" });
  await world.outbox.enqueue([note("juliet@example.com", "m2")]);
  await world.outbox.idle();
  const dead = await world.store.entries("outbox", { state: "dead" });
  assert.deepEqual(
    dead.map(({ error, payload }) => [(payload as { id: string }).id, error?.slice(0, 38)]),
    [
      ["m1", "RestHttpError: Prosody answered HTTP 4"],
      ["m2", "RestHttpError: Prosody answered HTTP 4"],
    ],
  );
  assert.deepEqual(buried, [["m2", 422]]);
  assert.equal(world.outbox.status().buried, 2);
});

test("a dead letter that was revived is found and sent", async () => {
  let code = 400;
  await using world = await World.start((request) => status(request, code));
  await failure(world.outbox.send(note("juliet@example.com", "m1")));
  await world.outbox.idle();
  const [dead] = await world.store.entries("outbox", { state: "dead" });
  code = 202;
  await world.store.commit([{ revive: { queue: "outbox", id: dead?.id ?? "" } }]);
  world.clock.advance(1_000_000);
  await world.server.requests(2);
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m1"]);
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("an abort takes back what is not on its way, and only stops waiting for what is", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const [one, two] = [new AbortController(), new AbortController()];
  const first = world.outbox.send(note("juliet@example.com", "m1"), { signal: one.signal });
  const second = world.outbox.send(note("juliet@example.com", "m2"), { signal: two.signal });
  const third = world.outbox.send(note("juliet@example.com", "m3"));
  await world.server.requests(1);
  one.abort(new Error("no longer"));
  two.abort(new Error("never mind"));
  await assert.rejects(first, /no longer/);
  await assert.rejects(second, /never mind/);
  status(waiting[0] as Received, 202);
  await world.server.requests(2);
  status(waiting[1] as Received, 202);
  await third;
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m3"]);
  assert.equal(world.outbox.status().cancelled, 1);
  const never = world.outbox.send(note("a@example.com", "m4"), {
    signal: AbortSignal.abort(new Error("before")),
  });
  await assert.rejects(never, /before/);
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("what cannot be stored is not sent, and holds up nothing", async () => {
  await using store = new MemoryStore();
  const commit = store.commit.bind(store);
  let full = true;
  store.commit = (writes) =>
    full && JSON.stringify(writes).includes("m1") ? Promise.reject(new Error("full")) : commit(writes);
  await using world = await World.start(undefined, { store });
  const refused = world.outbox.send(note("juliet@example.com", "m1"));
  const fine = world.outbox.send(note("juliet@example.com", "m2"));
  await assert.rejects(world.outbox.send(note("romeo@example.com", "m1")), /full/);
  await assert.rejects(refused, /full/);
  await fine;
  await world.outbox.idle();
  full = false;
  await world.outbox.send(note("juliet@example.com", "m1"));
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m2", "m1"]);
  assert.equal(world.outbox.status().waiting, 0);
});

test("what is not in the store yet is not sent, though its turn has come", async () => {
  await using store = new MemoryStore();
  const commit = store.commit.bind(store);
  const held = Promise.withResolvers<void>();
  store.commit = async (writes) => {
    if (JSON.stringify(writes).includes("m2")) await held.promise;
    return commit(writes);
  };
  await using world = await World.start(undefined, { store });
  const first = world.outbox.send(note("juliet@example.com", "m1"));
  const second = world.outbox.send(note("juliet@example.com", "m2"));
  await first;
  await settled();
  assert.deepEqual(await store.counts("outbox"), { waiting: 0, dead: 0 });
  await settled();
  assert.equal(world.server.received.length, 1);
  held.resolve();
  await second;
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m2"]);
});

test("as long as the store does not know that one has left, the next of its conversation stays", async () => {
  await using store = new MemoryStore();
  const commit = store.commit.bind(store);
  let broken = true;
  store.commit = (writes) =>
    broken && writes.some((write) => "complete" in write)
      ? Promise.reject(new Error("the disk"))
      : commit(writes);
  await using world = await World.start(undefined, { store });
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m1")), { id: "m1" });
  const next = world.outbox.send(note("juliet@example.com", "m2"));
  await world.outbox.send(note("romeo@example.com", "m3"));
  await world.clock.armed(250);
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m3"]);
  broken = false;
  world.clock.advance(250);
  await next;
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m3", "m2"]);
  assert.deepEqual(await store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("what the store tells later than it was asked is not sent twice", async () => {
  await using store = new MemoryStore();
  const heads = store.heads.bind(store);
  store.heads = async (queue, { limit, skipKeys }) => {
    const skip = new Set(skipKeys);
    await settled();
    return heads(queue, { limit, skipKeys: skip });
  };
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request), { store });
  await world.outbox.enqueue([note("juliet@example.com", "m1")]);
  const direct = world.outbox.send(note("romeo@example.com", "m2"));
  await world.server.requests(2);
  await settled();
  assert.deepEqual(world.server.bodies.map(idOf).sort(), ["m1", "m2"]);
  for (const request of waiting) status(request, 202);
  await direct;
  await world.outbox.idle();
  assert.equal(world.server.received.length, 2);
});

test("what is sent is committed together with what goes along, or not at all", async () => {
  await using world = await World.start();
  const along = [{ put: { collection: "seen", key: "a1", value: true, ifVersion: 0 } }];
  const first = note("juliet@example.com", "m1");
  assert.deepEqual(await world.outbox.send(first, { along, once: "a1 0" }), { id: "m1" });
  assert.equal((await world.store.get("seen", "a1"))?.value, true);
  const second = note("juliet@example.com", "m2");
  await assert.rejects(world.outbox.send(second, { along }), { name: "ConflictError" });
  // A condition holds also for what was given before.
  await assert.rejects(world.outbox.send(first, { along, once: "a1 0" }), { name: "ConflictError" });
  await world.outbox.send(note("juliet@example.com", "m3"));
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m3"]);
});

test("several stanzas and what goes with them are one commit", async () => {
  await using world = await World.start();
  const notes = [note("juliet@example.com", "m1"), note("juliet@example.com", "m2")];
  const conflict = { check: { collection: "seen", key: "a1", version: 3 } };
  await assert.rejects(world.outbox.enqueue(notes, { along: [conflict] }), { name: "ConflictError" });
  const along = [{ put: { collection: "seen", key: "a1", value: true, ifVersion: 0 } }];
  assert.deepEqual(await world.outbox.enqueue(notes, { along }), ["m1", "m2"]);
  assert.equal((await world.store.get("seen", "a1"))?.value, true);
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m2"]);
});

test("an IQ goes past the queue, by the mount of its sender", async () => {
  await using world = await World.start((request) => result(request));
  const answer = await world.outbox.iq(
    iq(
      { type: "get", id: "q1", from: "bot@bots.test", to: "example.com" },
      el("ping", { xmlns: "urn:xmpp:ping" }),
    ),
  );
  assert.equal(answer.type, "result");
  assert.equal(world.outbox.status().accepted, 0);
});

test("each mount sends its own, and a stanza without from needs one mount", async () => {
  await using one = await ScriptedServer.start();
  await using two = await ScriptedServer.start();
  await using first = one.client({ domain: "one.test" });
  await using second = two.client({ domain: "two.test" });
  await using store = new MemoryStore();
  const clients = new Map([
    ["one.test", first],
    ["two.test", second],
  ]);
  await using outbox = new Outbox({ store, clients });
  outbox.start();
  await outbox.send(message({ from: "bot@one.test", to: "juliet@example.com", id: "m1" }));
  await outbox.send(message({ from: "bot@two.test", to: "juliet@example.com", id: "m2" }));
  assert.deepEqual([one.bodies.map(idOf), two.bodies.map(idOf)], [["m1"], ["m2"]]);
  const nobody = await failure(outbox.send(presence({ to: "juliet@example.com" })));
  assert.match((nobody as Error).message, /set from to the JID of the bot/);
  await using alone = new Outbox({ store, clients: new Map([["one.test", first]]) });
  await outbox.stop();
  alone.start();
  await alone.send(message({ to: "juliet@example.com", id: "m3" }));
  assert.deepEqual(one.bodies.map(idOf), ["m1", "m3"]);
});

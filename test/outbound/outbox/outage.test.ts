import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Outbox } from "../../../src/outbound/index.ts";
import { message, presence } from "../../../src/stanza/index.ts";
import { buildJoin } from "../../../src/xep/index.ts";
import {
  failure,
  idOf,
  page,
  type Received,
  ScriptedServer,
  status,
  streamError,
  xml,
} from "../scripted-server.ts";
import { BOUNCE, note, settled, World } from "./support.ts";

test("while Prosody is away nobody waits, one tries for all, and then all go out in order", async () => {
  let code = 503;
  await using world = await World.start((request) => status(request, code));
  const first = await world.outbox.send(note("p0@example.com", "p0 0"));
  assert.deepEqual(first, { id: "p0 0", queued: true });
  const more = Array.from({ length: 199 }, (_, index) => {
    const id = `p${(index + 1) % 20} ${index + 1}`;
    return world.outbox.send(note(`${id.split(" ")[0]}@example.com`, id));
  });
  for (const posted of await Promise.all(more)) assert.equal(posted.queued, true);
  await settled();
  assert.equal(world.server.received.length, 1);
  for (let probe = 1; probe <= 12; probe += 1) {
    const [wait = 0] = world.clock.waits;
    const full = Math.min(30_000, 250 * 2 ** (probe - 1));
    assert.ok(wait > full / 2 - 1 && wait <= full, `probe ${probe} after ${wait} of ${full} ms`);
    world.clock.advance(wait);
    await world.server.requests(probe + 1);
    await world.clock.armed(60_000);
    await settled();
    assert.equal(world.server.received.length, probe + 1, "one request a probe");
  }
  assert.deepEqual(world.outbox.status().unreachable, ["bots.test"]);
  assert.equal(world.outbox.status().waiting, 200);
  code = 202;
  const tried = world.server.received.length;
  world.clock.advance(30_000);
  await world.outbox.idle();
  const ids = world.server.bodies.slice(tried).map(idOf);
  assert.equal(ids.length, 200);
  for (let person = 0; person < 20; person += 1) {
    const own = ids.filter((id) => id.startsWith(`p${person} `)).map((id) => Number(id.split(" ")[1]));
    assert.deepEqual(
      own,
      own.toSorted((one, other) => one - other),
      `person ${person}`,
    );
  }
  assert.deepEqual(world.outbox.status().unreachable, []);
  assert.equal(world.outbox.status().possibleDuplicates, 0);
});

test("who waits in a conversation is released when the one before fails", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const sent = ["m1", "m2", "m3"].map((id) => world.outbox.send(note("juliet@example.com", id)));
  await world.server.requests(1);
  status(waiting[0] as Received, 503);
  assert.deepEqual(
    (await Promise.all(sent)).map(({ queued }) => queued),
    [true, true, true],
  );
});

test("many that fail together are one failure", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const sent = Array.from({ length: 16 }, (_, index) =>
    world.outbox.send(note(`p${index}@example.com`, `${index}`)),
  );
  await world.server.requests(16);
  for (const request of waiting) status(request, 503);
  await Promise.all(sent);
  await settled();
  while (world.outbox.status().inFlight > 0) await settled();
  const [first = 0, second = 0] = world.clock.waits;
  assert.ok(first <= 250 && second > 100_000, `${first} and ${second} ms`);
});

test("where nothing listens it is the same, and the stanza cannot arrive twice", async () => {
  await using world = await World.start();
  await using away = new Outbox({
    store: world.store,
    clock: world.clock,
    clients: new Map([["bots.test", world.server.client({ url: "http://127.0.0.1:1/rest" })]]),
  });
  await world.outbox.stop();
  away.start();
  assert.deepEqual(await away.send(note("juliet@example.com", "m1")), { id: "m1", queued: true });
  world.clock.advance(await world.clock.armed(250));
  await world.clock.armed(500);
  assert.equal(away.status().failures, 2);
  assert.equal(away.status().possibleDuplicates, 0);
});

test("a stanza that Prosody may have taken is sent again with its id, and counted", async () => {
  let resets = 2;
  await using world = await World.start((request) => {
    if (resets === 0) return status(request, 202);
    resets -= 1;
    request.socket.destroy();
  });
  assert.deepEqual(await world.outbox.send(message({ from: "bot@bots.test", to: "juliet@example.com" })), {
    id: idOf(world.server.bodies[0] as string),
    queued: true,
  });
  for (const probe of [1, 2]) {
    world.clock.advance(await world.clock.armed(1_000));
    await world.server.requests(probe + 1);
    if (probe === 1) await world.clock.armed(500);
  }
  await world.outbox.idle();
  assert.equal(new Set(world.server.bodies).size, 1);
  assert.equal(world.server.received.length, 3);
  assert.equal(world.outbox.status().possibleDuplicates, 2);
});

test("a stanza on which Prosody fails holds up its own conversation only, and not for ever", async () => {
  await using world = await World.start(
    (request) => {
      if (!idOf(request.body).startsWith("bad")) return status(request, 202);
      request.response.writeHead(500, { "content-type": "text/html" }).end(page("Internal Server Error"));
    },
    { maxAttempts: 3 },
  );
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "bad")), { id: "bad", queued: true });
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m2")), { id: "m2", queued: true });
  assert.deepEqual(await world.outbox.send(note("romeo@example.com", "m3")), { id: "m3" });
  world.clock.advance(await world.clock.armed(250));
  await world.server.requests(3);
  await world.clock.armed(500);
  const [entry] = await world.store.entries("outbox");
  assert.equal(entry?.attempts, 2);
  assert.match(entry?.error ?? "", /HTTP 500/);
  world.clock.advance(500);
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["bad", "m3", "bad", "bad", "m2"]);
  const [dead] = await world.store.entries("outbox", { state: "dead" });
  assert.match(JSON.stringify(dead?.payload), /"id":"bad"/);
  assert.equal(dead?.attempts, 3);
  assert.deepEqual(world.outbox.status().unreachable, []);
});

test("a wrong credential is logged as what it is, tried rarely, and loses nothing", async () => {
  let code = 401;
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  await using world = await World.start((request) => status(request, code), { logger });
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m1")), { id: "m1", queued: true });
  const wait = await world.clock.armed(30_000);
  assert.ok(wait >= 15_000);
  assert.match(
    lines.find(({ level }) => level === 50)?.msg ?? "",
    /does not take the credential for bots\.test: mend it/,
  );
  code = 202;
  world.clock.advance(wait);
  await world.outbox.idle();
  assert.equal(world.outbox.status().accepted, 1);
  assert.deepEqual(await world.store.counts("outbox"), { waiting: 0, dead: 0 });
});

test("a sender that may not send waits for the operator, alone", async () => {
  let allowed = false;
  await using world = await World.start(
    (request) =>
      allowed || !request.body.includes("sly@")
        ? status(request, 202)
        : xml(request, streamError("not-authorized", "'from' does not match"), 403),
    { maxAttempts: 1 },
  );
  const sly = message({ from: "sly@bots.test", to: "juliet@example.com", id: "m1" });
  assert.deepEqual(await world.outbox.send(sly), { id: "m1", queued: true });
  assert.deepEqual(await world.outbox.send(note("juliet@example.com", "m2")), { id: "m2" });
  allowed = true;
  const wait = await world.clock.armed(30_000);
  assert.ok(wait >= 15_000);
  world.clock.advance(wait);
  await world.outbox.idle();
  assert.deepEqual(world.server.bodies.map(idOf), ["m1", "m2", "m1"]);
});

test("what was not sent in time is given up and told, and presence is not told late", async () => {
  let code = 503;
  const expired: (string | undefined)[] = [];
  await using world = await World.start((request) => status(request, code), {
    onExpired: (stanza) => void expired.push(stanza.id),
  });
  const { outbox, clock } = world;
  const from = "bot@bots.test";
  await outbox.send(note("juliet@example.com", "m1"), { expires: clock.now() + 100 });
  await outbox.send(note("juliet@example.com", "m2"));
  await outbox.send(presence({ from, to: "juliet@example.com", id: "there" }));
  await outbox.send(presence({ from, to: "juliet@example.com", id: "gone", type: "unavailable" }));
  await outbox.send(presence({ from, to: "juliet@example.com", id: "friends", type: "subscribed" }));
  await outbox.send(presence({ from, to: "room@rooms.test/bot", id: "join" }, buildJoin()));
  await clock.armed(250);
  code = 202;
  clock.advance(60_000);
  await outbox.idle();
  assert.deepEqual(expired, ["m1", "there", "gone"]);
  assert.deepEqual(world.server.bodies.slice(1).map(idOf).sort(), ["friends", "join", "m2"]);
  assert.equal(outbox.status().expired, 3);
});

test("who waits for what is not sent in time is told so", async () => {
  const waiting: Received[] = [];
  await using world = await World.start((request) => void waiting.push(request));
  const first = world.outbox.send(note("juliet@example.com", "m1"));
  const late = world.outbox.send(note("juliet@example.com", "m2"), { expires: world.clock.now() + 10 });
  await world.server.requests(1);
  world.clock.advance(10);
  status(waiting[0] as Received, 202);
  await first;
  const error = await failure(late);
  assert.equal((error as { kind?: string }).kind, "expired");
});

test("a bounce after an outage is an event, as nobody waits any more", async () => {
  let away = true;
  const events: unknown[] = [];
  await using world = await World.start((request) => (away ? status(request, 503) : xml(request, BOUNCE)), {
    onBounce: (stanza, error) => void events.push([stanza.id, stanza.to?.toString(), error.condition]),
  });
  await world.outbox.send(note("nobody@example.com", "m1"));
  away = false;
  world.clock.advance(await world.clock.armed(250));
  await world.outbox.idle();
  assert.deepEqual(events, [["m1", "nobody@example.com", "service-unavailable"]]);
});

test("one Prosody that is away with a long queue holds up no other, before and after a restart", async () => {
  await using one = await ScriptedServer.start((request) => status(request, 503));
  await using two = await ScriptedServer.start();
  await using world = await World.start(undefined, { begin: false });
  const clients = new Map([
    ["one.test", one.client()],
    ["two.test", two.client()],
  ]);
  const to = (index: number): string => `p${index}@example.com`;
  const make = (): Outbox => new Outbox({ store: world.store, clients, clock: world.clock });
  await using outbox = make();
  outbox.start();
  await outbox.enqueue(
    Array.from({ length: 500 }, (_, n) => message({ from: "a@one.test", to: to(n), id: `${n}` })),
  );
  await one.requests(1);
  assert.deepEqual(await outbox.send(message({ from: "a@two.test", to: to(1), id: "t1" })), { id: "t1" });
  assert.deepEqual(outbox.status().unreachable, ["one.test"]);
  await outbox.stop();
  await outbox.enqueue([message({ from: "a@two.test", to: to(2), id: "t2" })]);
  await using next = make();
  next.start();
  await two.requests(2);
  assert.deepEqual(two.bodies.map(idOf), ["t1", "t2"]);
  one.script = (request) => status(request, 202);
  world.clock.advance(await world.clock.armed(30_000));
  await next.idle();
  assert.equal(new Set(one.bodies.map(idOf)).size, 500);
  for (const client of clients.values()) await client.close();
});

test("what is from a domain without a mount waits for its mount", async () => {
  await using world = await World.start(undefined, { begin: false });
  await world.outbox.enqueue([note("juliet@example.com", "m1")]);
  await using other = await ScriptedServer.start();
  await using client = other.client();
  await using wrong = new Outbox({
    store: world.store,
    clock: world.clock,
    clients: new Map([["other.test", client]]),
  });
  wrong.start();
  await wrong.send(message({ from: "bot@other.test", to: "juliet@example.com", id: "o1" }));
  await settled();
  assert.deepEqual(wrong.status().unreachable, ["bots.test"]);
  await wrong.stop();
  world.outbox.start();
  await world.outbox.idle();
  assert.deepEqual([other.bodies.map(idOf), world.server.bodies.map(idOf)], [["o1"], ["m1"]]);
});

test("an error of restanza's own does not lose the stanza either", async () => {
  await using world = await World.start(undefined, { maxAttempts: 2, begin: false });
  const client = Object.create(world.client) as typeof world.client;
  client.prepare = (...given) => world.client.prepare(...given);
  client.post = () => Promise.reject(new TypeError("a fault"));
  const clients = new Map([["bots.test", client]]);
  await using outbox = new Outbox({ store: world.store, clock: world.clock, clients, maxAttempts: 2 });
  outbox.start();
  await outbox.send(note("juliet@example.com", "m1"));
  world.clock.advance(await world.clock.armed(250));
  await outbox.idle();
  const [dead] = await world.store.entries("outbox", { state: "dead" });
  assert.equal(dead?.error, "TypeError: a fault");
});

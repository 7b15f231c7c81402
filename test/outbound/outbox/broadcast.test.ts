import assert from "node:assert/strict";
import { test } from "node:test";
import { RestRefusedError } from "../../../src/outbound/index.ts";
import type { Jid } from "../../../src/stanza/index.ts";
import { failure, idOf, status } from "../scripted-server.ts";
import { note, settled, World } from "./support.ts";

const news = (to: Jid) => note(to.toString(), `news ${to.local}`);

/** Recipients, counted as they are asked for. */
class People implements Iterable<string> {
  asked = 0;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.#count; index += 1) {
      this.asked += 1;
      yield `p${index}@example.com`;
    }
  }
}

test("everybody gets it once, and who cannot is left out", async () => {
  await using world = await World.start();
  async function* recipients() {
    yield* new People(250);
    yield "no jid@@";
    yield `${"x".repeat(2000)}@example.com`;
    yield "last@example.com";
  }
  const done = await world.outbox.broadcast(recipients(), news);
  assert.deepEqual(done, { queued: 251, repeated: 0, refused: 2 });
  await world.outbox.idle();
  const ids = world.server.bodies.map(idOf);
  assert.equal(new Set(ids).size, 251);
  assert.equal(ids.length, 251);
});

test("recipients are asked for as the queue gets shorter", async () => {
  let code = 503;
  await using world = await World.start((request) => status(request, code));
  const people = new People(2_000);
  const broadcast = world.outbox.broadcast(people, news, { most: 300 });
  await world.server.requests(1);
  await settled();
  assert.ok(people.asked <= 500, `${people.asked} were asked for`);
  assert.ok(world.outbox.status().waiting <= 400);
  code = 202;
  world.clock.advance(await world.clock.armed(250));
  assert.equal((await broadcast).queued, 2_000);
  await world.outbox.idle();
  assert.equal(new Set(world.server.bodies.map(idOf)).size, 2_000);
});

test("an answer overtakes a broadcast, also one that is in the store already", async () => {
  await using world = await World.start(undefined, { begin: false, concurrency: 1 });
  await world.outbox.broadcast(new People(300), news);
  const [answer] = [world.outbox.send(note("juliet@example.com", "answer"))];
  world.outbox.start();
  await answer;
  await world.outbox.idle();
  assert.equal(idOf(world.server.bodies[0] as string), "answer");
  world.server.script = (request) => status(request, 202);
  await world.outbox.stop();
  await world.outbox.broadcast(new People(300), news);
  world.outbox.start();
  await world.server.requests(310);
  assert.deepEqual(await world.outbox.send(note("romeo@example.com", "second")), { id: "second" });
  const at = world.server.bodies.map(idOf).indexOf("second");
  assert.ok(at < 600, "it did not wait for the broadcast");
});

test("one that has ended in the middle goes on where it was, under its name", async () => {
  await using world = await World.start();
  function* half(): Generator<string> {
    yield* new People(250);
    throw new Error("the list broke");
  }
  await assert.rejects(world.outbox.broadcast(half(), news, { once: "n1" }), /the list broke/);
  await world.outbox.idle();
  assert.equal(world.server.received.length, 200);
  const again = await world.outbox.broadcast(new People(300), news, { once: "n1" });
  assert.deepEqual(again, { queued: 100, repeated: 200, refused: 0 });
  await world.outbox.idle();
  assert.equal(world.server.received.length, 300);
  assert.deepEqual(await world.outbox.broadcast(new People(300), news, { once: "n2" }), {
    queued: 300,
    repeated: 0,
    refused: 0,
  });
});

test("an abort and a stop end it, and what is queued goes out", async () => {
  await using world = await World.start((request) => status(request, 503));
  const abort = new AbortController();
  const one = world.outbox.broadcast(new People(1_000), news, { most: 100, signal: abort.signal });
  await settled();
  abort.abort(new Error("enough"));
  await assert.rejects(one, /enough/);
  const two = failure(world.outbox.broadcast(new People(1_000), news, { most: 200 }));
  await settled();
  await world.outbox.stop();
  const error = await two;
  assert.ok(error instanceof RestRefusedError);
  assert.equal(error.kind, "closed");
  assert.match(error.message, /100 stanzas are in the queue/);
  assert.equal((await world.store.counts("outbox")).waiting, 200);
});

test("a fault of the maker ends it", async () => {
  await using world = await World.start();
  const fault = world.outbox.broadcast(["a@example.com"], () => {
    throw new TypeError("a fault");
  });
  await assert.rejects(fault, TypeError);
  await assert.rejects(world.outbox.broadcast([], news, { most: 0 }), RangeError);
});

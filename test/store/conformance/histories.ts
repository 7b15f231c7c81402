import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ConflictError, type QueueName, type Store, type Write } from "../../../src/store/index.ts";
import type { OpenStore } from "../conformance.ts";
import { TestClock } from "../support/clock.ts";
import { Model } from "../support/model.ts";
import { histories, type Step } from "../support/random-commits.ts";

const MEMORY = 90;
const QUEUES: readonly QueueName[] = ["inbox", "outbox"];

/** Takes out what the history before has left. */
async function empty(store: Store): Promise<void> {
  const writes: Write[] = [];
  for (const queue of QUEUES) {
    for (const { id, state } of await store.entries(queue)) {
      writes.push(state === "dead" ? { drop: { queue, id } } : { complete: { queue, id } });
    }
  }
  for (const collection of ["one", "two"]) {
    for (const { key } of await store.list(collection)) writes.push({ delete: { collection, key } });
  }
  await store.commit(writes);
}

async function compare(store: Store, model: Model, now: number): Promise<void> {
  for (const collection of ["one", "two"]) {
    assert.deepEqual(await store.list(collection), model.records(collection, now));
  }
  for (const queue of QUEUES) {
    const entries = model.entries(queue);
    assert.deepEqual(await store.entries(queue), entries);
    assert.deepEqual(await store.heads(queue, { limit: 100 }), model.heads(queue, now));
    assert.equal(await store.nextAt(queue), model.nextAt(queue, now));
    const dead = entries.filter(({ state }) => state === "dead");
    assert.deepEqual(await store.counts(queue), { waiting: entries.length - dead.length, dead: dead.length });
    assert.deepEqual(await store.entries(queue, { state: "dead" }), dead);
  }
}

async function play(store: Store, clock: TestClock, steps: readonly Step[]): Promise<void> {
  const model = new Model(MEMORY);
  for (const { pause, drafts } of steps) {
    clock.now += pause;
    const { now } = clock;
    const writes = drafts.map((draft) =>
      draft((collection, key) => model.version(collection, key, now), now),
    );
    const verdict = model.judge(writes, now);
    if ("conflict" in verdict) {
      const { conflict } = verdict;
      await assert.rejects(
        store.commit(writes),
        (error) => error instanceof ConflictError && error.index === conflict,
        `write ${conflict} of ${JSON.stringify(writes)} conflicts`,
      );
    } else {
      const numbers = await store.commit(writes);
      assert.deepEqual(
        numbers.map((number) => number !== undefined),
        verdict.numbered,
      );
      verdict.accept(numbers);
    }
    await compare(store, model, now);
  }
}

export function historyConformance(open: OpenStore): void {
  describe("random histories", () => {
    it("look the same in the store and in a model of it", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read, queueMemory: MEMORY });
      await fc.assert(
        fc.asyncProperty(histories(), async (steps) => {
          await empty(store);
          // Whatever was taken out is forgotten when the next begins.
          clock.now += MEMORY;
          await play(store, clock, steps);
        }),
        { numRuns: 60 },
      );
    });
  });
}

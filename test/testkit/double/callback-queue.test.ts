import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CallbackQueue,
  ConversationQueue,
  ShuffledQueue,
} from "../../../src/testkit/double/callback-queue.ts";

/** Adds numbered carriages and returns the order in which they began. */
async function orderOf(queue: CallbackQueue, count: number): Promise<number[]> {
  const order: number[] = [];
  const done = Array.from({ length: count }, (_, number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queue.add("conversation", async (written) => {
      order.push(number);
      written();
      resolve();
    });
    return promise;
  });
  await Promise.all(done);
  return order;
}

const inOrder = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("a stock mount", () => {
  test("carries a burst out of order, and all of it", async () => {
    const order = await orderOf(new ShuffledQueue(1), 50);
    assert.notDeepEqual(order, inOrder(50));
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      inOrder(50),
    );
  });

  test("repeats its order with the seed, and only then", async () => {
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map((seed) => orderOf(new ShuffledQueue(seed), 50)),
    );
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
  });

  test("goes on when a request never gets on its way", async () => {
    const queue = new ShuffledQueue(1);
    queue.add("conversation", async () => undefined);
    assert.deepEqual(await orderOf(queue, 1), [0]);
  });
});

describe("mod_restanza_callback", () => {
  test("waits in a conversation for the answer before, and nowhere else", async () => {
    const queue = new ConversationQueue();
    const first = Promise.withResolvers<void>();
    const began: string[] = [];
    const second = Promise.withResolvers<void>();
    const begin = (name: string, end: Promise<void> | undefined) => async () => {
      began.push(name);
      await end;
    };
    queue.add("a", begin("a1", first.promise));
    queue.add("a", async () => {
      began.push("a2");
      second.resolve();
    });
    queue.add("b", begin("b1", undefined));
    queue.add(undefined, begin("iq", undefined));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(began.toSorted(), ["a1", "b1", "iq"]);
    first.resolve();
    await second.promise;
    assert.equal(began.at(-1), "a2");
  });

  test("keeps the order", async () => {
    assert.deepEqual(await orderOf(new ConversationQueue(), 20), inOrder(20));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShuffledQueue } from "../../../src/testkit/double/callback-queue.ts";

/** Adds numbered carriages and returns the order in which they began. */
async function orderOf(queue: ShuffledQueue, count: number): Promise<number[]> {
  const order: number[] = [];
  const done = Array.from({ length: count }, (_, number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queue.add(async (written) => {
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
    queue.add(async () => undefined);
    assert.deepEqual(await orderOf(queue, 1), [0]);
  });
});

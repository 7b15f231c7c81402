import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConflictError, StoreClosedError, type Write } from "../../../src/store/index.ts";
import type { OpenStore } from "../conformance.ts";

const put = (key: string, value: number, ifVersion?: number): Write => ({
  put: { collection: "c", key, value, ifVersion },
});

export function commitConformance(open: OpenStore): void {
  describe("commits", () => {
    it("happen as a whole or not at all, and say which write was in the way", async () => {
      await using store = await open();
      const inbox = { queue: "inbox", key: "juliet", payload: 1 } as const;
      await store.commit([put("kept", 1), put("deleted", 1)]);
      for (const id of ["1", "2", "3", "4"]) await store.commit([{ enqueue: { ...inbox, id } }]);
      await store.commit([{ bury: { queue: "inbox", id: "3", error: "bug" } }]);
      const look = async () => [
        await store.list("c"),
        await store.entries("inbox"),
        await store.heads("inbox", { limit: 9 }),
        await store.counts("inbox"),
      ];
      const before = await look();
      const writes: Write[] = [
        put("new", 1),
        put("new", 2),
        put("kept", 2),
        { retry: { queue: "inbox", id: "1", notBefore: 0, error: "again" } },
        { delete: { collection: "c", key: "deleted" } },
        { enqueue: { ...inbox, id: "5" } },
        { complete: { queue: "inbox", id: "1" } },
        { retry: { queue: "inbox", id: "2", notBefore: 0, error: "again" } },
        { revive: { queue: "inbox", id: "3" } },
        { bury: { queue: "inbox", id: "4", error: "bug" } },
        { enqueue: { ...inbox, id: "6", queue: "outbox" } },
        put("kept", 3, 0),
      ];
      await assert.rejects(
        store.commit(writes),
        (error) => error instanceof ConflictError && error.index === 11,
      );
      assert.deepEqual(await look(), before);
      // Nor is an id remembered that did not leave, or come.
      await store.commit(writes.slice(0, 11));
      assert.deepEqual(
        (await store.entries("inbox")).map(({ id, state }) => [id, state]),
        [
          ["2", "waiting"],
          ["4", "dead"],
          ["5", "waiting"],
          ["3", "waiting"],
        ],
      );
      assert.deepEqual(
        (await store.heads("inbox", { limit: 9 })).map(({ id }) => id),
        ["2"],
      );
    });

    it("apply their writes in order", async () => {
      await using store = await open();
      const numbers = await store.commit([
        put("k", 1, 0),
        { delete: { collection: "c", key: "k" } },
        put("k", 2, 0),
        { enqueue: { queue: "inbox", id: "1", key: "juliet", payload: 1 } },
        { complete: { queue: "inbox", id: "1" } },
        { enqueue: { queue: "inbox", id: "1", key: "juliet", payload: 1 } },
      ]);
      assert.deepEqual(
        numbers.map((number) => typeof number),
        [...["number", "undefined", "number"], ...["number", "undefined", "undefined"]],
      );
      assert.equal((await store.get("c", "k"))?.version, numbers[2]);
      assert.deepEqual(await store.counts("inbox"), { waiting: 0, dead: 0 });
    });

    it("that come together go one after the other, and one that conflicts leaves the others", async () => {
      await using store = await open();
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          store.commit([
            { enqueue: { queue: "inbox", id: `${index}`, key: "juliet", payload: index } },
            put("once", index, index % 5 === 0 ? 0 : undefined),
            put(`own${index}`, index),
          ]),
        ),
      );
      const refused = results.flatMap(({ status }, index) => (status === "rejected" ? [index] : []));
      assert.deepEqual(refused, [5, 10, 15, 20, 25, 30, 35, 40, 45]);
      const kept = [...results.keys()].filter((index) => !refused.includes(index));
      assert.deepEqual(
        (await store.entries("inbox")).map(({ payload }) => payload),
        kept,
      );
      assert.equal((await store.list("c", { prefix: "own" })).length, kept.length);
      assert.equal((await store.get("once", "once"))?.value, undefined);
      assert.equal((await store.get("c", "once"))?.value, 49);
    });

    it("let exactly one of many win on the same version", async () => {
      await using store = await open();
      const [version = 0] = await store.commit([put("k", -1)]);
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => store.commit([put("k", index, version)])),
      );
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    });

    it("are seen by every read asked for after them", async () => {
      await using store = await open();
      const before = store.get("c", "k");
      const committed = store.commit([put("k", 1)]);
      const after = store.get("c", "k");
      const list = store.list("c");
      await committed;
      // Where a store is shared, a read that is under way may see what is committed meanwhile.
      const early = (await before)?.value;
      assert.ok(early === undefined || (store.leases && early === 1));
      assert.equal((await after)?.value, 1);
      assert.equal((await list).length, 1);
    });

    it("conflict where their lease is nobody's", async () => {
      await using store = await open();
      const lease = { queue: "inbox", key: "juliet", token: 1 } as const;
      await assert.rejects(
        store.commit([put("k", 1), { fence: lease }]),
        (error) => error instanceof ConflictError && error.index === 1,
      );
      assert.deepEqual(await store.list("c"), []);
    });

    it("of nothing change nothing", async () => {
      await using store = await open();
      assert.deepEqual(await store.commit([]), []);
    });

    it("that are malformed are refused before anything happens", async () => {
      await using store = await open();
      const entry = { queue: "inbox", id: "1", key: "juliet", payload: 1 } as const;
      const loop: { self?: unknown } = {};
      loop.self = loop;
      for (const write of [
        put("a\0b", 1),
        put("\ud800", 1),
        { put: { collection: 1, key: "k", value: 1 } },
        { put: { collection: "c", key: "k", value: undefined } },
        { put: { collection: "c", key: "k", value: 1n } },
        { put: { collection: "c", key: "k", value: loop } },
        { put: { collection: "c", key: "k", value: 1, expires: Number.NaN } },
        put("k", 1, -1),
        put("k", 1, 0.5),
        { enqueue: { ...entry, queue: "other" } },
        { enqueue: { ...entry, priority: 0.5 } },
        { enqueue: { ...entry, notBefore: Number.POSITIVE_INFINITY } },
        { check: { collection: "c", key: "k" } },
        { complete: { queue: "inbox" } },
        { other: 1 },
      ] as Write[]) {
        await assert.rejects(
          store.commit([put("before", 1), write]),
          (error) => error instanceof TypeError || error instanceof RangeError,
          Object.keys(write)[0],
        );
      }
      assert.deepEqual(await store.list("c"), []);
      await assert.rejects(store.list("c", { limit: -1 }), RangeError);
      await assert.rejects(store.heads("inbox", { limit: 1.5 }), RangeError);
      await assert.rejects(open({ queueMemory: -1 }), RangeError);
    });

    it("that were asked for before the end happen, and nothing after", async () => {
      const store = await open();
      const last = store.commit([put("k", 1)]);
      const read = store.get("c", "k");
      const closed = store.close();
      await assert.rejects(store.commit([put("k", 2)]), StoreClosedError);
      await assert.rejects(store.get("c", "k"), StoreClosedError);
      assert.equal((await last).length, 1);
      assert.equal((await read)?.value, 1);
      await closed;
      await store.close();
      await assert.rejects(store.heads("inbox", { limit: 1 }), StoreClosedError);
    });
  });
}

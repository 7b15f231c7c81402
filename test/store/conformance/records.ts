import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ConflictError, type JsonValue, type Store } from "../../../src/store/index.ts";
import type { OpenStore } from "../conformance.ts";
import { TestClock } from "../support/clock.ts";

async function keys(store: Store, options?: Parameters<Store["list"]>[1]): Promise<string[]> {
  return (await store.list("c", options)).map(({ key }) => key);
}

function put(key: string, value: JsonValue = key, more: { expires?: number; ifVersion?: number } = {}) {
  return { put: { collection: "c", key, value, ...more } };
}

export function recordConformance(open: OpenStore): void {
  describe("records", () => {
    it("are kept under a key of a collection until they are deleted", async () => {
      await using store = await open();
      assert.equal(await store.get("c", "k"), undefined);
      const [version] = await store.commit([put("k", { visits: [1, null, "two"] })]);
      await store.commit([{ put: { collection: "other", key: "k", value: 2 } }]);
      assert.deepEqual(await store.get("c", "k"), {
        ...{ key: "k", value: { visits: [1, null, "two"] }, version, expires: undefined },
      });
      assert.equal((await store.get("other", "k"))?.value, 2);
      await store.commit([{ delete: { collection: "c", key: "k" } }]);
      assert.equal(await store.get("c", "k"), undefined);
      assert.equal((await store.get("other", "k"))?.value, 2);
      await store.commit([{ delete: { collection: "c", key: "k" } }]);
    });

    it("come back as copies, equal to what was put", async () => {
      await using store = await open();
      const value = { list: [1] };
      const done = store.commit([put("k", value)]);
      value.list.push(2);
      await done;
      const read = (await store.get("c", "k"))?.value as { list: number[] };
      assert.deepEqual(read, { list: [1] });
      read.list.push(3);
      assert.deepEqual((await store.get("c", "k"))?.value, { list: [1] });
    });

    it("carry any JSON under any key", async () => {
      await using store = await open();
      const text = fc.string({ unit: "binary" }).filter((key) => !key.includes("\0") && key.isWellFormed());
      await fc.assert(
        fc.asyncProperty(
          text,
          text,
          fc.jsonValue({ stringUnit: "binary" }),
          async (collection, key, value) => {
            const plain = JSON.parse(JSON.stringify(value));
            await store.commit([{ put: { collection, key, value: plain } }]);
            const record = await store.get(collection, key);
            assert.deepEqual([record?.key, record?.value], [key, plain]);
            assert.ok((await store.list(collection, { prefix: key, limit: 1 }))[0]?.key === key);
          },
        ),
        { numRuns: 150 },
      );
    });

    it("may be large", async () => {
      await using store = await open();
      const value = "stanza \u{1f600} \0 \ud800".repeat(300_000);
      await store.commit([put("k", value), put("k2", 1)]);
      assert.equal((await store.get("c", "k"))?.value, value);
    });

    it("have a version that every write raises, a deletion in between notwithstanding", async () => {
      await using store = await open();
      const versions: number[] = [];
      for (const value of [1, 2, 3]) {
        const [version] = await store.commit([put("k", value)]);
        assert.equal((await store.get("c", "k"))?.version, version);
        versions.push(version ?? 0);
        if (value === 2) await store.commit([{ delete: { collection: "c", key: "k" } }]);
      }
      const [first = 0, second = 0, third = 0] = versions;
      assert.ok(0 < first && first < second && second < third, String(versions));
    });

    it("are written on the condition of their version", async () => {
      await using store = await open();
      const [version = 0] = await store.commit([put("k", 1, { ifVersion: 0 })]);
      const remove = { collection: "c", key: "k" };
      for (const write of [
        put("k", 2, { ifVersion: 0 }),
        put("k", 2, { ifVersion: version + 1 }),
        put("k2", 2, { ifVersion: version }),
        { delete: { ...remove, ifVersion: version + 1 } },
        { delete: { ...remove, key: "k2", ifVersion: version } },
        { check: { ...remove, version: 0 } },
        { check: { ...remove, version: version + 1 } },
      ]) {
        await assert.rejects(store.commit([write]), ConflictError, JSON.stringify(write));
      }
      assert.equal((await store.get("c", "k"))?.version, version);
      await store.commit([
        { check: { ...remove, version } },
        { check: { ...remove, key: "k2", version: 0 } },
        put("k", 3, { ifVersion: version }),
      ]);
      const after = await store.get("c", "k");
      assert.equal(after?.value, 3);
      await store.commit([{ delete: { ...remove, ifVersion: after?.version } }]);
      assert.equal(await store.get("c", "k"), undefined);
    });

    it("vanish when they expire", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      const [version = 0] = await store.commit([put("k", 1, { expires: clock.now + 10 }), put("l", 2)]);
      clock.now += 9;
      assert.equal((await store.get("c", "k"))?.expires, clock.now + 1);
      assert.deepEqual(await keys(store), ["k", "l"]);
      clock.now += 1;
      assert.equal(await store.get("c", "k"), undefined);
      assert.deepEqual(await keys(store), ["l"]);
      await assert.rejects(store.commit([put("k", 2, { ifVersion: version })]), ConflictError);
      const [next = 0] = await store.commit([put("k", 2, { ifVersion: 0 })]);
      assert.ok(next > version);
      assert.equal((await store.get("c", "k"))?.expires, undefined);
    });

    it("are listed by code points, page by page", async () => {
      await using store = await open();
      const sorted = ["", "a", "a/1", "a/2", "a/\uffee", "a/\u{1f600}", "b", "é"];
      await store.commit(sorted.toReversed().map((key) => put(key)));
      assert.deepEqual(await keys(store), sorted);
      assert.deepEqual(await keys(store, { prefix: "a/" }), sorted.slice(2, 6));
      assert.deepEqual(await keys(store, { prefix: "a/", after: "a/2" }), sorted.slice(4, 6));
      assert.deepEqual(await keys(store, { prefix: "b", after: "a/2" }), ["b"]);
      assert.deepEqual(await keys(store, { prefix: "a/", after: "b" }), []);
      assert.deepEqual(await keys(store, { after: "" }), sorted.slice(1));
      assert.deepEqual(await keys(store, { limit: 0 }), []);
      await store.commit([put("\uffee"), put("\uffee1"), put("\u{1f600}")]);
      assert.deepEqual(await keys(store, { prefix: "\uffee", after: "\u{1f600}" }), []);
      assert.deepEqual(await keys(store, { prefix: "\u{1f600}", after: "\uffee" }), ["\u{1f600}"]);
      sorted.push("\uffee", "\uffee1", "\u{1f600}");
      const paged: string[] = [];
      for (;;) {
        const after = paged.at(-1);
        const page = await keys(store, { limit: 3, ...(after !== undefined && { after }) });
        paged.push(...page);
        if (page.length < 3) break;
      }
      assert.deepEqual(paged, sorted);
      await store.commit(Array.from({ length: 101 }, (_, index) => put(`many${index}`)));
      assert.equal((await keys(store, { prefix: "many" })).length, 100);
    });
  });
}

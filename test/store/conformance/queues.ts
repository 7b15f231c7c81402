import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConflictError, type NewEntry, type Store, type Write } from "../../../src/store/index.ts";
import type { OpenStore } from "../conformance.ts";
import { TestClock } from "../support/clock.ts";

function enqueue(id: string, key: string, more: Partial<NewEntry> = {}): Write {
  return { enqueue: { queue: "inbox", id, key, payload: `<message id='${id}'/>`, ...more } };
}

function complete(id: string): Write {
  return { complete: { queue: "inbox", id } };
}

async function heads(store: Store, skip: readonly string[] = [], limit = 100): Promise<string[]> {
  const found = await store.heads("inbox", { limit, ...(skip.length > 0 && { skipKeys: new Set(skip) }) });
  return found.map(({ id }) => id);
}

async function ids(store: Store, options?: Parameters<Store["entries"]>[1]): Promise<string[]> {
  return (await store.entries("inbox", options)).map(({ id }) => id);
}

export function queueConformance(open: OpenStore): void {
  describe("queues", () => {
    it("keep what is put into them, with all that is known of it", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      const payload = { xml: "<message/>", deep: [null, { "": 1 }] };
      const times = { notBefore: clock.now + 5, expires: clock.now + 9 };
      const [sequence, other] = await store.commit([
        enqueue("1", "juliet", { payload, priority: -3, ...times }),
        enqueue("2", "romeo"),
      ]);
      const known = { since: clock.now, attempts: 0, error: undefined, state: "waiting" };
      assert.deepEqual(await store.find("inbox", "1"), {
        ...{ queue: "inbox", id: "1", key: "juliet", payload, priority: -3, sequence },
        ...{ ...times, ...known },
      });
      assert.deepEqual(await store.find("inbox", "2"), {
        ...{ queue: "inbox", id: "2", key: "romeo", payload: "<message id='2'/>", priority: 0 },
        ...{ sequence: other, notBefore: 0, expires: undefined, ...known },
      });
      assert.equal(await store.find("outbox", "1"), undefined);
      assert.deepEqual(await store.heads("inbox", { limit: 9 }), [await store.find("inbox", "2")]);
    });

    it("are apart from each other", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), enqueue("1", "juliet", { queue: "outbox", payload: 2 })]);
      assert.equal((await store.heads("outbox", { limit: 9 }))[0]?.payload, 2);
      await store.commit([complete("1")]);
      assert.deepEqual(await store.counts("inbox"), { waiting: 0, dead: 0 });
      assert.deepEqual(await store.counts("outbox"), { waiting: 1, dead: 0 });
    });

    it("hand out the entries of a key one by one, in the order of their commits", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), enqueue("2", "juliet"), enqueue("3", "romeo")]);
      await store.commit([enqueue("4", "juliet", { priority: 9 })]);
      assert.deepEqual(await heads(store), ["1", "3"]);
      await store.commit([complete("1")]);
      assert.deepEqual(await heads(store), ["2", "3"]);
      await store.commit([complete("2")]);
      assert.deepEqual(await heads(store), ["4", "3"], "by priority once it is the head");
      await store.commit([complete("4"), complete("3")]);
      assert.deepEqual(await heads(store), []);
      await store.commit([enqueue("5", "juliet")]);
      assert.deepEqual(await heads(store), ["5"]);
    });

    it("do not mind that an entry is completed before its turn", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), enqueue("2", "juliet"), enqueue("3", "juliet")]);
      await store.commit([complete("2")]);
      assert.deepEqual(await heads(store), ["1"]);
      await store.commit([complete("1")]);
      assert.deepEqual(await heads(store), ["3"]);
    });

    it("hand out by priority, then by age, as many as are asked for, without the keys to skip", async () => {
      await using store = await open();
      for (const [id, priority] of [0, 5, -1, 5, 0].entries()) {
        await store.commit([enqueue(`${id}`, `key${id}`, { priority })]);
      }
      assert.deepEqual(await heads(store), ["1", "3", "0", "4", "2"]);
      assert.deepEqual(await heads(store, [], 2), ["1", "3"]);
      assert.deepEqual(await heads(store, [], 0), []);
      assert.deepEqual(await heads(store, ["key1", "key0", "key9"], 2), ["3", "4"]);
    });

    it("hold up a key while its head waits for its time, and no other", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      await store.commit([
        enqueue("1", "juliet", { notBefore: clock.now + 10 }),
        enqueue("2", "juliet"),
        enqueue("3", "romeo", { notBefore: clock.now + 4 }),
        enqueue("4", "nurse"),
      ]);
      assert.deepEqual(await heads(store), ["4"]);
      assert.equal(await store.nextAt("inbox"), clock.now + 4);
      clock.now += 4;
      assert.deepEqual(await heads(store), ["3", "4"]);
      assert.equal(await store.nextAt("inbox"), clock.now + 6);
      clock.now += 6;
      assert.deepEqual(await heads(store), ["1", "3", "4"]);
      assert.equal(await store.nextAt("inbox"), undefined);
      assert.equal(await store.nextAt("outbox"), undefined);
    });

    it("try again no earlier than they are told, and keep the order meanwhile", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      await store.commit([enqueue("1", "juliet"), enqueue("2", "juliet")]);
      const notBefore = clock.now + 7;
      await store.commit([{ retry: { queue: "inbox", id: "1", notBefore, error: "connect ECONNREFUSED" } }]);
      assert.deepEqual(await heads(store), []);
      assert.equal(await store.nextAt("inbox"), notBefore);
      clock.now += 7;
      const [entry] = await store.heads("inbox", { limit: 9 });
      assert.deepEqual([entry?.id, entry?.attempts, entry?.error], ["1", 1, "connect ECONNREFUSED"]);
      await store.commit([{ retry: { queue: "inbox", id: "1", notBefore: 0, error: "\0 \ud800" } }]);
      assert.deepEqual(
        (await store.heads("inbox", { limit: 9 })).map(({ id, attempts, error }) => [id, attempts, error]),
        [["1", 2, "\ufffd \ufffd"]],
        "an error that no text can hold is not the next error",
      );
    });

    it("keep what has expired, and hand it out though its time has not come", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      const notBefore = clock.now + 100;
      const expires = clock.now + 10;
      await store.commit([enqueue("1", "juliet", { notBefore, expires }), enqueue("2", "juliet")]);
      assert.deepEqual(await heads(store), []);
      assert.equal(await store.nextAt("inbox"), expires);
      clock.now = expires + 1_000_000;
      assert.deepEqual(await heads(store), ["1"]);
      await store.commit([{ retry: { queue: "inbox", id: "1", notBefore: clock.now + 5, error: "late" } }]);
      assert.deepEqual(await heads(store), ["1"]);
      await store.commit([complete("1")]);
      assert.deepEqual(await heads(store), ["2"]);
    });

    it("put what failed for good aside, where it holds up nobody", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), enqueue("2", "juliet"), enqueue("3", "juliet")]);
      await store.commit([{ bury: { queue: "inbox", id: "1", error: "TypeError: x is undefined" } }]);
      assert.deepEqual(await heads(store), ["2"]);
      const dead = await store.find("inbox", "1");
      assert.deepEqual([dead?.state, dead?.attempts, dead?.error], ["dead", 1, "TypeError: x is undefined"]);
      assert.deepEqual(await store.counts("inbox"), { waiting: 2, dead: 1 });
      assert.deepEqual(await ids(store, { state: "dead" }), ["1"]);
      assert.deepEqual(await ids(store, { state: "waiting" }), ["2", "3"]);
    });

    it("revive the dead at the end of their key, and at once where nothing else waits", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      const notBefore = clock.now + 50;
      await store.commit([
        enqueue("1", "juliet", { notBefore }),
        enqueue("2", "juliet"),
        enqueue("3", "romeo"),
      ]);
      for (const id of ["1", "3"]) await store.commit([{ bury: { queue: "inbox", id, error: "bug" } }]);
      const [sequence] = await store.commit([{ revive: { queue: "inbox", id: "1" } }]);
      await store.commit([{ revive: { queue: "inbox", id: "3" } }]);
      const revived = await store.find("inbox", "1");
      assert.deepEqual(
        [revived?.sequence, revived?.attempts, revived?.notBefore, revived?.error, revived?.state],
        [sequence, 0, 0, "bug", "waiting"],
      );
      assert.deepEqual(await heads(store), ["2", "3"]);
      await store.commit([complete("2")]);
      assert.deepEqual(await heads(store), ["1", "3"]);
    });

    it("drop the dead", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), { bury: { queue: "inbox", id: "1", error: "bug" } }]);
      await store.commit([{ drop: { queue: "inbox", id: "1" } }]);
      assert.equal(await store.find("inbox", "1"), undefined);
      assert.deepEqual(await store.counts("inbox"), { waiting: 0, dead: 0 });
      assert.deepEqual(await store.commit([enqueue("1", "juliet")]), [undefined]);
    });

    it("take each id once, as long as they remember it", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read, queueMemory: 1000 });
      const [sequence] = await store.commit([enqueue("1", "juliet", { payload: "first" })]);
      assert.ok(sequence);
      assert.deepEqual(await store.commit([enqueue("1", "romeo", { payload: "again" })]), [undefined]);
      assert.deepEqual((await store.find("inbox", "1"))?.payload, "first");
      clock.now += 5000;
      await store.commit([complete("1")]);
      clock.now += 999;
      assert.deepEqual(await store.commit([enqueue("1", "juliet")]), [undefined]);
      assert.deepEqual(await heads(store), []);
      clock.now += 1;
      const [again] = await store.commit([enqueue("1", "juliet")]);
      assert.ok(again && again > sequence);
      assert.deepEqual(await heads(store), ["1"]);
    });

    it("remember for 24 hours where nothing else is said", async () => {
      const clock = new TestClock();
      await using store = await open({ clock: clock.read });
      await store.commit([enqueue("1", "juliet"), complete("1")]);
      clock.now += 24 * 60 * 60 * 1000 - 1;
      assert.deepEqual(await store.commit([enqueue("1", "juliet")]), [undefined]);
      clock.now += 1;
      assert.notDeepEqual(await store.commit([enqueue("1", "juliet")]), [undefined]);
    });

    it("let an entry be changed only in the state for it", async () => {
      await using store = await open();
      await store.commit([enqueue("1", "juliet"), enqueue("2", "juliet")]);
      await store.commit([{ bury: { queue: "inbox", id: "2", error: "bug" } }]);
      const waiting = { queue: "inbox", id: "1" } as const;
      const dead = { queue: "inbox", id: "2" } as const;
      const missing = { queue: "outbox", id: "1" } as const;
      const failure = { error: "again", notBefore: 0 };
      const refused: Write[] = [
        ...[dead, missing].flatMap((id): Write[] => [
          { complete: id },
          { retry: { ...id, ...failure } },
          { bury: { ...id, ...failure } },
        ]),
        ...[waiting, missing].flatMap((id): Write[] => [{ revive: id }, { drop: id }]),
      ];
      for (const write of refused) {
        await assert.rejects(store.commit([write]), ConflictError, JSON.stringify(write));
      }
      await store.commit([{ complete: waiting }]);
      await assert.rejects(store.commit([{ complete: waiting }]), ConflictError, "a second time");
    });

    it("are listed by sequence, page by page", async () => {
      await using store = await open();
      const all = Array.from({ length: 103 }, (_, index) => `${index}`);
      await store.commit(all.map((id) => enqueue(id, `key${Number(id) % 7}`, { priority: -Number(id) })));
      await store.commit([enqueue("other", "juliet", { queue: "outbox" })]);
      assert.equal((await ids(store)).length, 100);
      const paged: string[] = [];
      let after: number | undefined;
      do {
        const page = await store.entries("inbox", { limit: 50, ...(after !== undefined && { after }) });
        paged.push(...page.map(({ id }) => id));
        after = page.at(-1)?.sequence;
      } while (after !== undefined);
      assert.deepEqual(paged, all);
    });
  });
}

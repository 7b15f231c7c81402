import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LogFn, pino } from "pino";
import { SqliteStore, StoreFullError, StoreIoError, type Write } from "../../../src/store/index.ts";
import { SQLITE } from "../../../src/store/sqlite/failure.ts";
import { TestClock } from "../support/clock.ts";
import { Folder } from "../support/folder.ts";

const put = (key: string, value = "v"): Write => ({ put: { collection: "c", key, value } });

/** Long, so that remembering the id of an entry needs more room than it gives back. */
function idOf(number: number): string {
  return `entry ${number} ${"i".repeat(700)}`;
}

function enqueue(number: number): Write {
  return { enqueue: { queue: "inbox", id: idOf(number), key: `key${number % 5}`, payload: "x" } };
}

function complete(number: number): Write {
  return { complete: { queue: "inbox", id: idOf(number) } };
}

/** A disk that fails when it is told to. */
class Disk {
  readonly faults: Int32Array = new Int32Array(new SharedArrayBuffer(8));

  fail(times: number, code: number): void {
    Atomics.store(this.faults, 1, code);
    Atomics.store(this.faults, 0, times);
  }
}

describe("a SqliteStore whose disk fails", () => {
  for (const [name, code, kind] of [
    ["is full", SQLITE.full, StoreFullError],
    // SQLITE_IOERR_FSYNC: the reason stands above the primary code.
    ["fails a sync", SQLITE.ioerr | (4 << 8), StoreIoError],
  ] as const) {
    it(`rejects what could not be written when the disk ${name}, and goes on afterwards`, async () => {
      using folder = new Folder();
      const disk = new Disk();
      await using store = await SqliteStore.open({ file: folder.file(), faults: disk.faults });
      const [version] = await store.commit([put("k", "before")]);
      disk.fail(2, code);
      for (let times = 0; times < 2; times += 1) {
        await assert.rejects(store.commit([put("k", "lost"), enqueue(1)]), (error) => {
          assert.ok(error instanceof kind, String(error));
          assert.match(error.message, /store .*store\.sqlite failed: injected fault; .*the store goes on/);
          return true;
        });
        assert.deepEqual((await store.get("c", "k"))?.version, version, "reads go on");
        assert.equal(await store.find("inbox", idOf(1)), undefined);
      }
      await store.commit([put("k", "after"), enqueue(1)]);
      assert.equal((await store.get("c", "k"))?.value, "after");
      await store.close();
      await using again = await SqliteStore.open({ file: folder.file() });
      assert.equal((await again.get("c", "k"))?.value, "after");
      assert.deepEqual(await again.counts("inbox"), { waiting: 1, dead: 0 });
    });
  }

  it("tries each of a group by itself, as only one may be to blame", async () => {
    using folder = new Folder();
    const disk = new Disk();
    await using store = await SqliteStore.open({ file: folder.file(), faults: disk.faults });
    disk.fail(1, SQLITE.ioerr);
    await Promise.all(Array.from({ length: 10 }, (_, index) => store.commit([put(`all${index}`)])));
    disk.fail(3, SQLITE.ioerr);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => store.commit([put(`some${index}`)])),
    );
    assert.deepEqual(
      results.map(({ status }) => status === "fulfilled"),
      [false, false, ...Array(8).fill(true)],
    );
    assert.equal((await store.list("c", { prefix: "all" })).length, 10);
    assert.equal((await store.list("c", { prefix: "some" })).length, 8);
  });

  it("takes no more than maxBytes, lets go of what it has, and then takes again", async () => {
    using folder = new Folder();
    const clock = new TestClock();
    const file = folder.file();
    await using store = await SqliteStore.open({ file, maxBytes: 600 * 1024, clock: clock.read });
    const fill = async (from: number): Promise<number> => {
      for (let id = from; ; id += 1) {
        try {
          await store.commit([enqueue(id)]);
        } catch (error) {
          assert.ok(error instanceof StoreFullError, String(error));
          assert.match(error.message, /full.*make room on its disk, or raise maxBytes/);
          return id;
        }
      }
    };
    const full = await fill(0);
    assert.ok(full > 100, `${full} entries fitted in`);
    assert.deepEqual(await store.counts("inbox"), { waiting: full, dead: 0 });
    const mixed = await Promise.allSettled([
      store.commit([enqueue(full)]),
      store.commit([complete(0)]),
      store.commit([enqueue(full), complete(1)]),
    ]);
    assert.deepEqual(
      mixed.map(({ status }) => status),
      ["rejected", "fulfilled", "rejected"],
    );
    // Here and there, so that no page becomes free soon.
    const scattered = Array.from({ length: full - 1 }, (_, index) => index + 1).sort(
      (one, other) => (one % 17) - (other % 17),
    );
    for (const id of scattered) await store.commit([complete(id)]);
    assert.deepEqual(await store.counts("inbox"), { waiting: 0, dead: 0 });
    clock.now += 24 * 60 * 60 * 1000;
    await store.sweep();
    assert.ok((await fill(full)) > full + 100);
  });

  it("logs that what has expired could not be swept out", async () => {
    using folder = new Folder();
    const disk = new Disk();
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    const log = pino({ level: "silent" });
    log.warn = ((...words: unknown[]) => resolve(words)) as LogFn;
    disk.fail(1, SQLITE.full);
    await using _ = await SqliteStore.open({ file: folder.file(), faults: disk.faults, log, sweepEvery: 5 });
    const [fields, message] = (await promise) as [{ err: Error }, string];
    assert.ok(fields.err instanceof StoreFullError);
    assert.match(message, /swept/);
  });
});

import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { backupSqliteStore, SqliteStore, StoreError, type Write } from "../../../src/store/index.ts";
import { TestClock } from "../support/clock.ts";
import { Committer, checkCommitted } from "../support/committed.ts";
import { Folder } from "../support/folder.ts";

function rows(file: string, table: string): number {
  using db = new DatabaseSync(file, { readOnly: true });
  return Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
}

describe("sweeping a SqliteStore", () => {
  it("takes out all that has expired and nothing else, and gives the room back", async () => {
    using folder = new Folder();
    const clock = new TestClock();
    await using store = await SqliteStore.open({
      ...{ file: folder.file(), clock: clock.read, queueMemory: 100, sweepEvery: 2 ** 31 - 1 },
    });
    const writes = Array.from({ length: 1200 }, (_, index): Write[] => [
      { put: { collection: "c", key: `${index}`, value: "x".repeat(1000), expires: clock.now + 50 } },
      { enqueue: { queue: "inbox", id: `${index}`, key: "juliet", payload: 1, expires: clock.now + 50 } },
    ]);
    await store.commit([{ put: { collection: "c", key: "stays", value: 1 } }, ...writes.flat()]);
    for (let index = 0; index < 700; index += 1) {
      await store.commit([{ complete: { queue: "inbox", id: `${index}` } }]);
    }
    assert.equal(await store.sweep(), 0);
    clock.now += 50;
    assert.equal(await store.sweep(), 1200);
    assert.deepEqual([rows(store.file, "records"), rows(store.file, "remembered")], [1, 700]);
    clock.now += 50;
    assert.equal(await store.sweep(), 700);
    assert.deepEqual([rows(store.file, "records"), rows(store.file, "remembered")], [1, 0]);
    assert.deepEqual(await store.counts("inbox"), { waiting: 500, dead: 0 }, "what is queued stays");
    const before = pages(store.file);
    await store.commit(
      Array.from({ length: 500 }, (_, index) => ({ complete: { queue: "inbox", id: `${700 + index}` } })),
    );
    await store.sweep();
    assert.ok(pages(store.file) < before, `${pages(store.file)} pages of ${before}`);
  });

  it("goes on by itself", async () => {
    using folder = new Folder();
    await using store = await SqliteStore.open({ file: folder.file(), sweepEvery: 5 });
    await store.commit([{ put: { collection: "c", key: "k", value: 1, expires: 1 } }]);
    const deadline = AbortSignal.timeout(10_000);
    while (rows(store.file, "records") > 0) {
      deadline.throwIfAborted();
      await store.counts("inbox");
    }
  });
});

function pages(file: string): number {
  using db = new DatabaseSync(file, { readOnly: true });
  return Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
}

describe("a backup of a SqliteStore", () => {
  it("is the store at one moment, taken while another process commits", async () => {
    using folder = new Folder();
    const filled = await SqliteStore.open({ file: folder.file() });
    // Long enough to copy that others commit in between.
    await filled.commit(
      Array.from({ length: 3000 }, (_, index) => ({
        put: { collection: "ballast", key: `${index}`, value: "x".repeat(1000) },
      })),
    );
    await filled.close();
    const committer = new Committer(new URL("./committer.ts", import.meta.url), folder.file());
    try {
      for (const name of ["one", "two", "three"]) {
        await committer.after(50);
        const before = new Map(committer.acknowledged);
        await backupSqliteStore(folder.file(), folder.file(name));
        const copy = folder.file(name);
        assert.equal((statSync(copy).mode & 0o777).toString(8), "600");
        await using store = await SqliteStore.open({ file: copy });
        // All that was acknowledged before it began, and each commit as a whole.
        for (const lane of before.keys()) {
          const number = Number((await store.get("first", `lane${lane}`))?.value);
          assert.ok(number >= (before.get(lane) ?? 0), `lane ${lane}`);
          before.set(lane, number);
        }
        await checkCommitted(store, before);
      }
    } finally {
      await committer.kill();
    }
  });

  it("overwrites nothing, and leaves nothing half done", async () => {
    using folder = new Folder();
    await using store = await SqliteStore.open({ file: folder.file() });
    await store.commit([{ put: { collection: "c", key: "k", value: 1 } }]);
    writeFileSync(folder.file("taken"), "mine");
    await assert.rejects(store.backup(folder.file("taken")), /taken exists; name a file that does not/);
    await assert.rejects(
      backupSqliteStore(folder.file("none"), folder.file("copy")),
      /there is no store .*none/,
    );
    writeFileSync(folder.file("text"), "my notes ".repeat(1000));
    await assert.rejects(backupSqliteStore(folder.file("text"), folder.file("copy")), StoreError);
    for (const name of ["none", "copy", "copy.partial"])
      assert.equal(existsSync(folder.file(name)), false, name);
    await store.backup(folder.file("deep/copy"));
    await using copy = await SqliteStore.open({ file: folder.file("deep/copy") });
    assert.equal((await copy.get("c", "k"))?.value, 1);
  });
});

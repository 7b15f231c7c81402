import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import {
  SqliteStore,
  StoreDamagedError,
  StoreError,
  StoreInUseError,
  StoreIoError,
  StoreVersionError,
  type Write,
} from "../../../src/store/index.ts";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { openFile, pragma } from "../../../src/store/sqlite/open.ts";
import { Committer } from "../support/committed.ts";
import { Folder } from "../support/folder.ts";

const put = (key: string, value: string): Write => ({ put: { collection: "c", key, value } });

function mode(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

/** Makes a file by SQL. */
function make(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

/** Opening must fail in this way, and leave the file as it is. */
async function refused(
  file: string,
  kind: new (message: string) => StoreError,
  message: RegExp,
): Promise<void> {
  const before = readFileSync(file);
  await assert.rejects(SqliteStore.open({ file }), (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    assert.ok(error.message.includes(file), "names the file");
    return true;
  });
  assert.deepEqual(readFileSync(file), before);
}

describe("opening a SqliteStore", () => {
  it("creates the file and its directories for nobody else to read", async () => {
    using folder = new Folder();
    const file = join(folder.path, "var/lib/store.sqlite");
    await using store = await SqliteStore.open({ file });
    await store.commit([put("k", "v")]);
    assert.equal(store.file, file);
    for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}-lock`])
      assert.equal(mode(name), "600", name);
    assert.equal(mode(join(folder.path, "var/lib")), "700");
    assert.equal(mode(join(folder.path, "var")), "700");
  });

  it("finds everything again, and goes on counting", async () => {
    using folder = new Folder();
    const file = folder.file();
    const entry = { queue: "outbox", id: "1", key: "juliet", payload: "<message/>" } as const;
    const first = await SqliteStore.open({ file });
    const [, , version = 0] = await first.commit([put("k", "v"), { enqueue: entry }, put("gone", "v")]);
    await first.commit([{ delete: { collection: "c", key: "gone" } }]);
    const before = [await first.list("c"), await first.entries("outbox")];
    await first.close();
    await using second = await SqliteStore.open({ file });
    assert.deepEqual([await second.list("c"), await second.entries("outbox")], before);
    assert.deepEqual(await second.commit([{ enqueue: entry }]), [undefined]);
    const [next = 0] = await second.commit([put("gone", "v")]);
    assert.ok(next > version);
  });

  it("has SQLite sync every commit to the disk, and keep its log in bounds", () => {
    using folder = new Folder();
    using open = openFile(folder.file(), false);
    const settings = [
      "journal_mode",
      "synchronous",
      "wal_autocheckpoint",
      "journal_size_limit",
      "auto_vacuum",
    ];
    assert.deepEqual(
      settings.map((name) => pragma(open.db, name)),
      ["wal", 2, 1000, 16 * 1024 * 1024, 2],
    );
  });

  it("is for one process, until that ends in whatever way", async () => {
    using folder = new Folder();
    const file = folder.file();
    const owner = new Committer(new URL("./committer.ts", import.meta.url), file);
    await owner.after(1);
    const inUse = (error: Error): boolean => error instanceof StoreInUseError && error.message.includes(file);
    await assert.rejects(SqliteStore.open({ file }), inUse);
    await owner.kill();
    await using store = await SqliteStore.open({ file });
    await assert.rejects(SqliteStore.open({ file }), inUse, "nor twice in one process");
    await store.close();
    await using again = await SqliteStore.open({ file });
    await again.commit([put("k", "v")]);
  });

  it("may be shared with its owner, to mend something", async () => {
    using folder = new Folder();
    const file = folder.file();
    await using owner = await SqliteStore.open({ file });
    const id = { queue: "inbox", id: "1" } as const;
    const enqueue = { ...id, key: "juliet", payload: 1 };
    await owner.commit([{ enqueue }, { bury: { ...id, error: "bug" } }]);
    await using mender = await SqliteStore.open({ file, shared: true });
    assert.equal((await mender.entries("inbox", { state: "dead" })).length, 1);
    const [sequence] = await mender.commit([{ revive: id }]);
    assert.equal((await owner.heads("inbox", { limit: 1 }))[0]?.sequence, sequence);
    const numbers = await Promise.all(
      [owner, mender, owner, mender].map((store, index) => store.commit([put(`${index}`, "v")])),
    );
    assert.equal(new Set(numbers.flat()).size, 4, "they count together");
  });

  it("shared neither creates a file nor brings one up to date", async () => {
    using folder = new Folder();
    const file = folder.file();
    await assert.rejects(
      SqliteStore.open({ file, shared: true }),
      (error) => error instanceof StoreError && /there is no store .*a server makes it/.test(error.message),
    );
    assert.equal(existsSync(file), false);
    writeFileSync(file, "");
    await assert.rejects(SqliteStore.open({ file, shared: true }), StoreVersionError);
    assert.equal(statSync(file).size, 0);
  });

  it("refuses what a newer restanza has written", async () => {
    using folder = new Folder();
    const file = folder.file();
    await (await SqliteStore.open({ file })).close();
    make(file, "PRAGMA user_version = 99");
    await refused(file, StoreVersionError, /newer restanza.*schema 99.*backup/);
  });

  it("refuses what is no store", async () => {
    using folder = new Folder();
    make(folder.file("other"), "CREATE TABLE customers (name TEXT)");
    await refused(folder.file("other"), StoreDamagedError, /another program.*name another file/);
    make(folder.file("marked"), "PRAGMA application_id = 7");
    await refused(folder.file("marked"), StoreDamagedError, /another program/);
    writeFileSync(folder.file("text"), "my notes ".repeat(1000));
    await refused(folder.file("text"), StoreDamagedError, /not a database.*backup/);
  });

  it("refuses a file that is damaged, and says how to mend that", async () => {
    using folder = new Folder();
    const file = folder.file();
    const store = await SqliteStore.open({ file });
    await store.commit(Array.from({ length: 2000 }, (_, index) => put(`key${index}`, "value".repeat(20))));
    await store.close();
    const sound = readFileSync(file);
    const middle = Math.floor(sound.length / 4096 / 2) * 4096;
    for (const [from, length] of [
      // A page of nonsense, the order of rows within one, and a file that has lost its end.
      [middle, 4096],
      [middle + 12, 2],
      [sound.length - 40_000, 0],
    ] as const) {
      const bytes = Buffer.from(length === 0 ? sound.subarray(0, from) : sound).fill(
        0x05,
        from,
        from + length,
      );
      writeFileSync(file, bytes);
      const message = /(?:is damaged|malformed).*leaves such a file as it is.*backup.*recover/s;
      await refused(file, StoreDamagedError, message);
    }
    writeFileSync(file, sound);
    await using mended = await SqliteStore.open({ file });
    assert.equal((await mended.list("c", { limit: 3000 })).length, 2000);
  });

  it("says what the file system has against it", async () => {
    using folder = new Folder();
    writeFileSync(folder.file("file"), "");
    const file = join(folder.file("file"), "store.sqlite");
    await assert.rejects(
      SqliteStore.open({ file }),
      (error) => error instanceof StoreIoError && error.message.includes(file),
    );
  });

  it("refuses options that mean nothing", async () => {
    using folder = new Folder();
    const file = folder.file();
    for (const options of [
      { maxBytes: 0 },
      { maxBytes: Number.NaN },
      { sweepEvery: 0 },
      { sweepEvery: 2 ** 31 },
    ]) {
      await assert.rejects(SqliteStore.open({ file, ...options }), RangeError);
    }
    assert.equal(existsSync(file), false);
  });
});

describe("migrating", () => {
  it("takes each step as a whole or not at all", () => {
    using db = new DatabaseSync(":memory:");
    const steps = ["CREATE TABLE one (a)", "CREATE TABLE two (a); INSERT INTO missing VALUES (1)"];
    assert.throws(() => migrate(db, 0, steps), /missing/);
    const look = () => [
      db.prepare("PRAGMA user_version").get()?.["user_version"],
      db
        .prepare("SELECT name FROM sqlite_schema")
        .all()
        .map(({ name }) => name),
    ];
    assert.deepEqual(look(), [1, ["one"]]);
    migrate(db, 1, [steps[0] ?? "", "CREATE TABLE two (a)"]);
    assert.deepEqual(look(), [2, ["one", "two"]]);
  });
});

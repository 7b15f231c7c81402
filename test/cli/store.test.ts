import assert from "node:assert/strict";
import { open, stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { SqliteStore } from "../../src/store/index.ts";
import { StoreFolder } from "./letters.ts";
import { restanza } from "./run.ts";

const URL = "postgres://rest:s3cret%2Fx@db.example.org:6432/bots?sslmode=require&password=s3cret";

describe("restanza store", { concurrency: 3 }, () => {
  test("stats counts what waits and what was put aside, and since when", async () => {
    await using at = await StoreFolder.with(
      { id: "a" },
      { id: "b" },
      { id: "c", error: "Error: on purpose" },
      { queue: "outbox", id: "d" },
    );
    const { code, stdout } = await at.run(["store", "stats"]);
    assert.equal(code, 0);
    assert.match(stdout, /^\S+store\.sqlite, [\d.]+ KiB\n/);
    assert.match(stdout, /^inbox {2,}2 +\d+ s ago +1 +\d+ s ago$/m);
    assert.match(stdout, /^outbox {2,}1 +\d+ s ago +0$/m);
    const json = JSON.parse((await at.run(["store", "stats", "--json"])).stdout) as {
      bytes: number;
      queues: Record<string, { waiting: number; dead: number; oldestWaiting: string | null }>;
    };
    assert.ok(json.bytes >= (await stat(at.file)).size);
    assert.deepEqual([json.queues["inbox"]?.waiting, json.queues["inbox"]?.dead], [2, 1]);
    assert.equal(json.queues["timers"]?.oldestWaiting, null);
    const since = Date.parse(json.queues["inbox"]?.oldestWaiting ?? "");
    assert.ok(Math.abs(Date.now() - since) < 600_000);
  });

  test("check finds a whole store whole, beside the process that has it open", async () => {
    await using at = await StoreFolder.with({ id: "a" }, { id: "b" });
    await using _owner = await at.open();
    const { code, stdout } = await at.run(["store", "check"]);
    assert.equal(code, 0);
    assert.match(stdout, /^\S+store\.sqlite is there and whole\.\n/);
    assert.deepEqual(
      (JSON.parse((await at.run(["store", "check", "--json"])).stdout) as { problems: unknown }).problems,
      [],
    );
  });

  test("check finds damage that keeps no server from starting", async () => {
    await using at = await StoreFolder.with();
    {
      await using store = await at.open();
      await store.commit([{ put: { collection: "c", key: "k", value: 1, expires: 9e15 } }]);
    }
    // An index that disagrees with its table is what quick_check, at the start, does not look for.
    const db = new DatabaseSync(at.file, { defensive: false });
    db.exec("PRAGMA writable_schema = ON");
    db.exec(
      "UPDATE sqlite_schema SET sql = replace(sql, '(expires)', '(version)') WHERE name = 'records_by_expiry'",
    );
    db.close();
    await (await at.open()).close();
    const { code, stderr, stdout } = await at.run(["store", "check"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /records_by_expiry/);
    assert.match(stderr, /is damaged\. Back it up as it is, stop restanza/);
    const json = await at.run(["store", "check", "--json"]);
    assert.equal(json.code, 1);
    assert.match(
      String((JSON.parse(json.stdout) as { problems: string[] }).problems[0]),
      /records_by_expiry/,
    );
  });

  test("check finds a conversation that nobody would ever go on with", async () => {
    await using at = await StoreFolder.with({ id: "a" }, { id: "b" });
    const db = new DatabaseSync(at.file);
    db.exec("UPDATE entries SET head = 0");
    db.close();
    const { code, stderr } = await at.run(["store", "check"]);
    assert.equal(code, 1);
    assert.match(stderr, /the conversation "echo@\S+ alice@\S+" of the inbox has no right first entry/);
  });

  test("check tells what is no store at all", async () => {
    await using at = await StoreFolder.with();
    const absent = await at.run(["store", "check"], { env: { RESTANZA_STORE: `${at.folder}/none` } });
    assert.deepEqual([absent.code, absent.stdout], [1, ""]);
    assert.match(absent.stderr, /there is no store \S+\/none; a server makes it when it starts/);
    const file = await open(at.file, "r+");
    await file.write("this is no database", 0);
    await file.close();
    const { code, stderr } = await at.run(["store", "check"]);
    assert.equal(code, 1);
    assert.match(stderr, /file is not a database/);
    assert.doesNotMatch(stderr, /\n {4}at /, "no stack for what its user can mend");
  });

  test("backup copies a store in use, and overwrites nothing", async () => {
    await using at = await StoreFolder.with({ id: "a" });
    await using owner = await at.open();
    const copy = `${at.folder}/copy.sqlite`;
    const { code, stdout, stderr } = await at.run(["store", "backup", copy]);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /copy\.sqlite is a whole copy\. To restore it, stop restanza/);
    await owner.commit([{ complete: { queue: "inbox", id: "a" } }]);
    await using restored = await SqliteStore.open({ file: copy });
    assert.equal((await restored.find("inbox", "a"))?.state, "waiting");
    const again = await at.run(["store", "backup", copy]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /copy\.sqlite exists; name a file that does not/);
  });

  test("backup of PostgreSQL is the business of pg_dump, which is told without the password", async () => {
    const { code, stdout, stderr } = await restanza(["store", "backup", "my copy"], {
      env: { RESTANZA_STORE: URL },
    });
    assert.deepEqual([code, stdout], [1, ""]);
    const command =
      "pg_dump --format=custom --file='my copy' --dbname='postgres://rest@db.example.org:6432/bots?sslmode=require'";
    assert.ok(stderr.includes(`\n  ${command}\n`), stderr);
    assert.doesNotMatch(stderr, /s3cret/);
  });

  test("a store that is none is refused by every command, without what may be a password", async () => {
    for (const [store, said] of [
      ["mysql://a:s3cret@b/c", /RESTANZA_STORE .* begins with mysql:\/\/, which is no store/],
      ["postgres://a:s3#cret@b/c", /RESTANZA_STORE .* is no URL such as .* %23/],
      ["postgres://a:s3cret@b", /RESTANZA_STORE .* names no database/],
      ["sqlite:///var/lib/s3cret", /RESTANZA_STORE .* begins with sqlite:\/\/; give the path/],
    ] as const) {
      for (const args of [["store", "stats"], ["dead", "list"], ["serve"]]) {
        const { code, stdout, stderr } = await restanza(args, { env: { RESTANZA_STORE: store } });
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, said);
        assert.doesNotMatch(stderr, /s3#?cret|\n {4}at /);
      }
    }
  });
});

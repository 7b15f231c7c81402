import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import {
  PostgresStore,
  StoreDamagedError,
  StoreError,
  StoreIoError,
  StoreVersionError,
} from "../../../src/store/index.ts";
import { TestProxy } from "./proxy.ts";
import { PASSWORD, PostgresServer } from "./server.ts";

/** In milliseconds: what is not to be waited for, and yet longer than a busy machine takes to connect. */
const PATIENCE = 2_000;

const put = { put: { collection: "c", key: "k", value: 1 } };

async function failure(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => assert.fail("it was to fail"),
    (thrown: Error) => thrown,
  );
  assert.ok(!`${error.stack}${JSON.stringify(error)}${error.cause ?? ""}`.includes(PASSWORD), "no secret");
  return error;
}

describe("PostgresStore", () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server[Symbol.asyncDispose]());

  it("makes its schema once, whoever of many comes first, and keeps what is in it", async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => PostgresStore.open({ url })));
    await stores[0]?.commit([put]);
    for (const store of stores) {
      assert.equal((await store.get("c", "k"))?.value, 1);
      await store.close();
    }
    assert.deepEqual(await server.query("SELECT version, compatible FROM restanza.meta", url), [
      { version: 1, compatible: 1 },
    ]);
  });

  it("has as many stores in one database as schemas are named", async () => {
    const url = await server.createDatabase();
    await using one = await PostgresStore.open({ url, schema: 'Quo"ted' });
    await using other = await PostgresStore.open({ url, schema: "other" });
    await one.commit([put]);
    assert.equal(await other.get("c", "k"), undefined);
    assert.ok(await one.leases.claim("inbox", "juliet"));
    assert.ok(await other.leases.claim("inbox", "juliet"));
  });

  it("works beside a newer schema that lets it, and refuses one that does not", async () => {
    const url = await server.createDatabase();
    await using running = await PostgresStore.open({ url });
    await server.query("UPDATE restanza.meta SET version = 7", url);
    await (await PostgresStore.open({ url })).close();
    await server.query("UPDATE restanza.meta SET compatible = 7", url);
    const error = await failure(PostgresStore.open({ url }));
    assert.ok(error instanceof StoreVersionError, String(error));
    assert.match(error.message, /schema 7.*newer.*knows 1/s);
    await running.commit([put]);
  });

  it("leaves the schema of another program alone", async () => {
    const url = await server.createDatabase();
    await server.query("CREATE SCHEMA restanza; CREATE TABLE restanza.theirs (it int)", url);
    const error = await failure(PostgresStore.open({ url }));
    assert.ok(error instanceof StoreDamagedError, String(error));
  });

  it("says what is wrong without telling the password", async () => {
    const nobody = server.url().replace("restanza:", "nobody:");
    const closed = server.url("postgres", 1);
    assert.match(
      (await failure(PostgresStore.open({ url: nobody }))).message,
      /correct the user or the password/,
    );
    assert.match((await failure(PostgresStore.open({ url: server.url("nowhere") }))).message, /create it/);
    assert.match(
      (await failure(PostgresStore.open({ url: `x${server.url()}` }))).message,
      /must look like postgresql/,
    );
    assert.match(
      (await failure(PostgresStore.open({ url: `postgres://${PASSWORD}:x:y` }))).message,
      /look like/,
    );
    const away = await failure(PostgresStore.open({ url: closed, patience: 50 }));
    assert.ok(away instanceof StoreIoError);
    await assert.rejects(PostgresStore.open({ url: server.url(), poolSize: 1 }), RangeError);
    await assert.rejects(PostgresStore.open({ url: server.url(), leaseDuration: 0 }), RangeError);
    await server.query(
      "CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
    );
    const encoding = await failure(PostgresStore.open({ url: server.url("latin") }));
    assert.ok(encoding instanceof StoreError && /UTF8/.test(encoding.message), String(encoding));
  });

  it("goes on as soon as the server does, and says nothing of the password meanwhile", async () => {
    const url = await server.createDatabase();
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
    await using store = await PostgresStore.open({ url, log, leaseDuration: 3_000, patience: PATIENCE });
    await store.commit([put]);
    await server.stop();
    const [read, commit] = await Promise.all([failure(store.get("c", "k")), failure(store.commit([put]))]);
    assert.ok(read instanceof StoreIoError, String(read));
    assert.ok(commit instanceof StoreIoError, String(commit));
    assert.ok(!commit.message.includes("may turn out"), "nothing was sent");
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await server.startAgain();
    assert.equal((await store.get("c", "k"))?.value, 1);
    await store.commit([put]);
    assert.ok(await store.leases.claim("inbox", "juliet"));
    assert.ok(!lines.join("").includes(PASSWORD));
  });

  it("does not wait for ever for a server that stands still", async () => {
    const database = new URL(await server.createDatabase()).pathname.slice(1);
    await using proxy = await TestProxy.start(server.port);
    const url = server.url(database, proxy.port);
    const store = await PostgresStore.open({ url, timeout: PATIENCE, patience: PATIENCE });
    await store.commit([put]);
    proxy.pause();
    const commit = await failure(store.commit([put]));
    const read = await failure(store.get("c", "k"));
    assert.ok(read instanceof StoreIoError, String(read));
    assert.ok(commit instanceof StoreIoError && commit.message.includes("may turn out"), String(commit));
    proxy.resume();
    await store.commit([put]);
    proxy.pause();
    await store.close();
  });

  it("gives a claim up where leases end before they are answered, so that it can be closed", async () => {
    const url = await server.createDatabase();
    const store = await PostgresStore.open({ url });
    // As if each node were silent for too long at once.
    await server.query(
      "CREATE RULE forget AS ON INSERT TO restanza.nodes DO INSTEAD NOTHING; DELETE FROM restanza.nodes",
      url,
    );
    const error = await failure(store.leases.claim("inbox", "juliet"));
    assert.ok(error instanceof StoreIoError && /longer leaseDuration/.test(error.message), String(error));
    await store.close();
  });

  it("gives no token twice after PostgreSQL has crashed, and ends what was held", async () => {
    const url = await server.createDatabase();
    await using one = await PostgresStore.open({ url });
    await using other = await PostgresStore.open({ url });
    const tokens: number[] = [];
    for (let crash = 0; crash < 3; crash += 1) {
      const claim = await one.leases.claim("inbox", "juliet");
      assert.ok(claim);
      await server.kill();
      await server.startAgain();
      const next = await other.leases.claim("inbox", "juliet");
      assert.ok(next);
      await assert.rejects(one.commit([{ fence: claim.lease }]), { name: "ConflictError" });
      await other.commit([{ fence: next.lease }]);
      tokens.push(claim.lease.token, next.lease.token);
      await other.leases.release(next.lease);
    }
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].sort((a, b) => a - b),
    );
  });

  it("sweeps out what has expired, on one node at a time", async () => {
    const url = await server.createDatabase();
    let now = 1_000;
    await using store = await PostgresStore.open({ url, clock: () => now, queueMemory: 10 });
    const entry = { queue: "inbox", id: "1" } as const;
    await store.commit([
      { put: { collection: "c", key: "gone", value: 1, expires: 1_005 } },
      put,
      { enqueue: { ...entry, key: "juliet", payload: 1 } },
      { complete: entry },
    ]);
    assert.equal(await store.sweep(), 0);
    now += 10;
    assert.equal(await store.sweep(), 2);
    assert.deepEqual(await server.query("SELECT key FROM restanza.records", url), [{ key: "k" }]);
    assert.deepEqual(await server.query("SELECT id FROM restanza.remembered", url), []);
  });

  it("keeps names that are longer than any index takes", async () => {
    await using store = await PostgresStore.open({ url: await server.createDatabase() });
    const long = (end: string) => "\u{1f600}x".repeat(2_000) + end;
    await store.commit([
      { put: { collection: long("c"), key: long("a"), value: "a" } },
      { put: { collection: long("c"), key: long("b"), value: "b" } },
      { enqueue: { queue: "inbox", id: long("1"), key: long("k"), payload: 1 } },
      { enqueue: { queue: "inbox", id: long("2"), key: long("k"), payload: 2 } },
    ]);
    assert.equal((await store.get(long("c"), long("b")))?.value, "b");
    assert.deepEqual(
      (await store.list(long("c"), { prefix: long("a") })).map(({ key }) => key),
      [long("a")],
    );
    const claim = await store.leases.claim("inbox", long("k"));
    assert.deepEqual([claim?.lease.key, claim?.head?.id], [long("k"), long("1")]);
    assert.deepEqual(await store.heads("inbox", { limit: 9, skipKeys: new Set([long("k")]) }), []);
    assert.equal((await store.find("inbox", long("2")))?.payload, 2);
  });
});

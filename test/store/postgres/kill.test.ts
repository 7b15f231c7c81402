import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { PostgresStore } from "../../../src/store/index.ts";
import { type Acknowledged, Committer, checkCommitted } from "../support/committed.ts";
import { Lanes } from "./lanes.ts";
import { TestProxy } from "./proxy.ts";
import { PostgresServer } from "./server.ts";

/** How often to kill PostgreSQL; set RESTANZA_PG_KILLS for more. */
const KILLS = Number(process.env["RESTANZA_PG_KILLS"] ?? 8);
const CLIENT_KILLS = 6;
const RESETS = 40;

const COMMITTER = new URL("./committer.ts", import.meta.url);

function told(lanes: Lanes): string {
  const total = [...lanes.acknowledged.values()].reduce((sum, number) => sum + number, 0);
  return `${total} commits, 0 acknowledged ones lost; of ${lanes.unknown} whose fate was unknown ${lanes.happened} had happened`;
}

/** Somewhere between two acknowledgements. */
function anyMoment(): Promise<void> {
  return wait(Math.random() * 10);
}

describe("PostgresStore", () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server[Symbol.asyncDispose]());

  it(`has every acknowledged commit after each of ${CLIENT_KILLS} times that its process was killed`, async () => {
    const url = await server.createDatabase();
    const acknowledged: Acknowledged = new Map();
    for (let kill = 0; kill < CLIENT_KILLS; kill += 1) {
      const committer = new Committer(COMMITTER, url, acknowledged);
      await committer.after(1 + Math.floor(Math.random() * 200));
      await committer.kill();
      await using store = await PostgresStore.open({ url });
      // What the server was in the middle of comes to its end by itself, after which it has no such session any more.
      const busy =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%commit_1%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()";
      while ((await server.query(busy, url)).length > 0) await wait(5);
      await checkCommitted(store, acknowledged);
    }
  });

  it(`has every acknowledged commit after each of ${KILLS} times that PostgreSQL was killed`, async (context) => {
    const url = await server.createDatabase();
    await using store = await PostgresStore.open({ url });
    const lanes = new Lanes(store);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await lanes.after(1 + Math.floor(Math.random() * 300));
      await anyMoment();
      await server.kill();
      await server.startAgain();
    }
    await lanes.after(50);
    await lanes.stop();
    await using fresh = await PostgresStore.open({ url });
    await checkCommitted(fresh, new Map(lanes.acknowledged));
    assert.ok(lanes.unknown > 0, "commits were under way when the server was killed");
    context.diagnostic(`${KILLS} kills of PostgreSQL: ${told(lanes)}`);
  });

  it(`has every acknowledged commit though its connections are reset ${RESETS} times`, async (context) => {
    const database = new URL(await server.createDatabase()).pathname.slice(1);
    await using proxy = await TestProxy.start(server.port);
    await using store = await PostgresStore.open({ url: server.url(database, proxy.port) });
    const lanes = new Lanes(store);
    for (let reset = 0; reset < RESETS; reset += 1) {
      await lanes.after(1 + Math.floor(Math.random() * 50));
      await anyMoment();
      proxy.reset();
    }
    await lanes.after(50);
    await lanes.stop();
    await using fresh = await PostgresStore.open({ url: server.url(database) });
    await checkCommitted(fresh, new Map(lanes.acknowledged));
    assert.ok(lanes.unknown > 0, "commits were under way when the connections were reset");
    context.diagnostic(`${RESETS} resets: ${told(lanes)}`);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PostgresStore } from "../../src/store/index.ts";
import { PASSWORD, PostgresServer } from "../store/postgres/server.ts";
import { CONVERSATION } from "./letters.ts";
import { type Ended, restanza } from "./run.ts";

/** What `serve` needs besides a store. */
const MOUNT = {
  RESTANZA_DOMAIN: "bots.example.org",
  RESTANZA_REST_URL: "http://127.0.0.1:9/rest",
  RESTANZA_TOKEN: "a-token",
  RESTANZA_CALLBACK_AUTH: "prosody:callback-secret",
  PORT: "0",
};

describe("the commands on PostgreSQL", () => {
  let server: PostgresServer;
  let url: string;
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    restanza(args, { env: { RESTANZA_STORE: url, ...env } });

  before(async () => {
    server = await PostgresServer.start();
    url = await server.createDatabase();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  test("list, replay and count what is there, beside a process that serves from it", async () => {
    await using store = await PostgresStore.open({ url });
    const payload = {
      bot: "echo@bots.example.org",
      xml: "<message xmlns='jabber:client' from='a@b.example'/>",
    };
    await store.commit([
      { enqueue: { queue: "inbox", id: "a", key: CONVERSATION, payload } },
      { bury: { queue: "inbox", id: "a", error: "Error: on purpose" } },
    ]);
    assert.match(
      (await run(["dead", "list"])).stdout,
      /^a +inbox .* echo@bots\.example\.org +a@b\.example +Error: on purpose$/m,
    );
    assert.equal((await run(["dead", "replay", "--all", "--yes"])).code, 0);
    assert.equal((await store.find("inbox", "a"))?.state, "waiting");
    const check = await run(["store", "check"]);
    assert.equal(check.code, 0, check.stderr);
    assert.match(check.stdout, /^postgres:\/\/\S+ is there and of this restanza's schema\.\n/);
    assert.match(check.stdout, /^inbox {2,}1 /m);
    assert.doesNotMatch(check.stdout, new RegExp(PASSWORD));
  });

  test("a server that is away, or lets nobody in, is told in a few words and without the password", async () => {
    const wrong = new URL(url);
    wrong.password = `${PASSWORD}-wrong`;
    const away = new URL(url);
    away.port = "9";
    for (const [store, said] of [
      [wrong.href, /correct the user or the password in the URL/],
      [away.href, /see that PostgreSQL runs and can be reached from here/],
    ] as const) {
      for (const args of [["store", "check"], ["serve"]]) {
        const { code, stdout, stderr } = await run(args, { ...MOUNT, RESTANZA_STORE: store });
        assert.equal(code, 1);
        assert.match(stderr, said);
        assert.doesNotMatch(stdout + stderr, new RegExp(PASSWORD));
        assert.doesNotMatch(stderr, /\n {4}at /, "no stack for what its user can mend");
      }
    }
  });
});

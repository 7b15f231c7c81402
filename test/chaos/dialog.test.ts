import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { freePort } from "../../prosody/free-port.ts";
import { message } from "../../src/stanza/index.ts";
import { ModRestDouble, type ModRestUser } from "../../src/testkit/index.ts";
import { startRestanza } from "./process.ts";

const DOMAIN = "bots.localhost";

interface Scene {
  readonly alice: ModRestUser;
  /** Says something, and resolves with what the bot says up to an answer that ends like this. */
  say(body: string, until: string): Promise<string[]>;
  /** Resolves with what the bot says up to this. */
  hear(until: string): Promise<string[]>;
  /** Ends the process as a power cut would, and begins another with an edition of the bots. */
  kill(edition?: "before" | "after"): Promise<void>;
}

async function scene(t: TestContext): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "restanza-dialog-"));
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const [port, restPort] = [await freePort(), await freePort()];
  const start = (edition: string): Promise<ChildProcess> =>
    startRestanza({
      PORT: String(port),
      RESTANZA_DOMAIN: DOMAIN,
      RESTANZA_REST_URL: `http://127.0.0.1:${restPort}/rest`,
      RESTANZA_TOKEN: token,
      RESTANZA_CALLBACK_AUTH: auth,
      RESTANZA_CALLBACK_KEYS: key,
      RESTANZA_BOTS_DIR: `test/chaos/dialog-bots/${edition}`,
      RESTANZA_STORE: join(folder, "store.sqlite"),
    });
  let child = await start("before");
  const prosody = await ModRestDouble.start({
    port: restPort,
    virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
    components: [
      {
        domain: DOMAIN,
        tokens: [token],
        callback: {
          url: `http://${auth}@127.0.0.1:${port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
          carried: { keys: [key] },
        },
      },
    ],
  });
  t.after(async () => {
    child.kill("SIGKILL");
    await prosody.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const alice = await prosody.user("alice@localhost/phone");
  const heard: string[] = [];
  const ids = new Set<string>();
  alice.listen((stanza) => {
    if (stanza.kind !== "message" || stanza.body === undefined) return;
    // What the outbox did not know to have arrived comes again under its id, by which clients know it.
    if (stanza.id !== undefined && ids.has(stanza.id)) return;
    ids.add(stanza.id ?? "");
    heard.push(stanza.body);
  });
  let read = 0;
  const hear = async (until: string): Promise<string[]> => {
    if (!heard.slice(read).includes(until)) {
      await alice.next((stanza) => stanza.kind === "message" && stanza.body === until, {
        signal: AbortSignal.timeout(60_000),
      });
    }
    const said = heard.slice(read);
    read = heard.length;
    return said;
  };
  return {
    alice,
    hear,
    say: async (body, until) => {
      alice.send(message({ to: `pizza@${DOMAIN}`, type: "chat", body }));
      return await hear(until);
    },
    kill: async (edition = "before") => {
      child.kill("SIGKILL");
      await once(child, "exit");
      child = await start(edition);
    },
  };
}

const SIZES = "Which size?\n1. small\n2. large";

test("a dialog survives kill -9 between its questions, and in the midst of a step", async (t) => {
  const { alice, say, hear, kill } = await scene(t);
  assert.deepEqual(await say("order", "Which city?"), ["Which city?"]);
  await kill();
  assert.deepEqual(await say("Verona", SIZES), [SIZES]);
  await kill();
  // The step is at it when that has been said.
  assert.deepEqual(await say("2", "Let me see."), ["Let me see."]);
  await kill();
  assert.deepEqual(await hear("Sure? (yes or no)"), ["Sure? (yes or no)"]);
  await kill();
  const done = "Order 1: one large pizza to Verona.";
  assert.deepEqual(await say("yes", done), [done]);
  assert.deepEqual(await say("hello", "You said hello"), ["You said hello"]);
  const errors = alice.stanzas.filter(({ type }) => type === "error");
  assert.deepEqual(errors, []);
});

test("a dialog whose bot has changed while it was away ends politely", async (t) => {
  const { say, kill } = await scene(t);
  await say("order", "Which city?");
  await say("Verona", SIZES);
  // It is handled after what came before, so that is stored by then.
  await say("!ping", "pong");
  await kill("after");
  const sorry = "Sorry, I have been changed in the meantime, so we would have to begin again.";
  assert.deepEqual(await say("2", sorry), [sorry]);
  assert.deepEqual(await say("hello", "You said hello"), ["You said hello"]);
  assert.deepEqual(await say("order", "Which street?"), ["Which street?"]);
});

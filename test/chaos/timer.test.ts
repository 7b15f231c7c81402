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
import { ModRestDouble } from "../../src/testkit/index.ts";
import { startRestanza } from "./process.ts";

const DOMAIN = "bots.localhost";

interface Scene {
  say(body: string): void;
  /** Resolves when the bot says what matches, with that. */
  hear(pattern: RegExp): Promise<string>;
  /** All that the bot has said. */
  readonly heard: readonly string[];
  /** Ends the process as a power cut would, and begins another. */
  kill(): Promise<void>;
}

async function scene(t: TestContext): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "restanza-timer-"));
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const [port, restPort] = [await freePort(), await freePort()];
  const start = (): Promise<ChildProcess> =>
    startRestanza({
      PORT: String(port),
      RESTANZA_DOMAIN: DOMAIN,
      RESTANZA_REST_URL: `http://127.0.0.1:${restPort}/rest`,
      RESTANZA_TOKEN: token,
      RESTANZA_CALLBACK_AUTH: auth,
      RESTANZA_CALLBACK_KEYS: key,
      RESTANZA_BOTS_DIR: "test/chaos/timer-bots",
      RESTANZA_STORE: join(folder, "store.sqlite"),
    });
  let child = await start();
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
  const ids = new Set<string | undefined>();
  let told = Promise.withResolvers<void>();
  alice.listen((stanza) => {
    // What the outbox did not know to have arrived comes again under its id, by which clients know it.
    if (stanza.kind !== "message" || stanza.body === undefined || ids.has(stanza.id)) return;
    ids.add(stanza.id);
    heard.push(stanza.body);
    told.resolve();
    told = Promise.withResolvers();
  });
  return {
    heard,
    say: (body) => alice.send(message({ to: `tea@${DOMAIN}`, type: "chat", body })),
    hear: async (pattern) => {
      for (;;) {
        const found = heard.find((body) => pattern.test(body));
        if (found !== undefined) return found;
        await told.promise;
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
      child = await start();
    },
  };
}

const LIMIT = { timeout: 120_000 };

test(
  "a reminder survives kill -9 before it is due, and a timer kill -9 in its midst; each is said once",
  LIMIT,
  async (t) => {
    const { say, hear, heard, kill } = await scene(t);
    say("in 3s Breathe.");
    await hear(/^Noted/);
    await kill();
    await hear(/^Breathe/);
    await kill();
    say("tea");
    // The handler is at it when that has been said.
    await hear(/kettle/);
    await kill();
    await hear(/^Cup/);
    await kill();
    say("seconds");
    await hear(/^Seconds/);
    const said = heard.filter((body) => !body.startsWith("Seconds"));
    assert.deepEqual(said.sort(), ["At once.", "Breathe.", "Cup 1 is ready.", "Noted.", "The kettle is on."]);
  },
);

test("a schedule runs once each time, through kill -9", LIMIT, async (t) => {
  const { say, hear, heard, kill } = await scene(t);
  for (let round = 0; round < 4; round += 1) {
    await kill();
    say(`in ${1_200 + 150 * round}ms Round ${round}`);
    await hear(new RegExp(`^Round ${round}$`));
  }
  say("seconds");
  const seconds: number[] = JSON.parse((await hear(/^Seconds/)).slice("Seconds: ".length));
  assert.ok(seconds.length >= 4, `only ${seconds.length} runs`);
  assert.deepEqual(
    seconds,
    [...new Set(seconds)].sort((one, other) => one - other),
  );
  assert.equal(heard.filter((body) => body.startsWith("Round")).length, 4);
});

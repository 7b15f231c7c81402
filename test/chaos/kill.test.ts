import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../../prosody/free-port.ts";
import { message } from "../../src/stanza/index.ts";
import { SqliteStore } from "../../src/store/index.ts";
import { ModRestDouble } from "../../src/testkit/index.ts";
import { startRestanza } from "./process.ts";
import { readBook } from "./support/book.ts";

/** How often the process is killed; more for a long run: `RESTANZA_KILLS=1000 npm test`. */
const KILLS = Number(process.env["RESTANZA_KILLS"] ?? 12);
const DOMAIN = "bots.localhost";

test(`${KILLS} times kill -9: what was acknowledged is handled once, in order`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "restanza-chaos-"));
  const file = join(folder, "store.sqlite");
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const port = await freePort();
  const restPort = await freePort();
  const start = (): Promise<ChildProcess> =>
    startRestanza({
      PORT: String(port),
      RESTANZA_DOMAIN: DOMAIN,
      RESTANZA_REST_URL: `http://127.0.0.1:${restPort}/rest`,
      RESTANZA_TOKEN: token,
      RESTANZA_CALLBACK_AUTH: auth,
      RESTANZA_CALLBACK_KEYS: key,
      RESTANZA_BOTS_DIR: "test/chaos/bots",
      RESTANZA_STORE: file,
      RESTANZA_DEADLINE: "50",
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
  const refused = new Set<string>();
  alice.listen((stanza) => {
    if (stanza.kind === "message" && stanza.type === "error" && stanza.id) refused.add(stanza.id);
  });
  let said = 0;
  const speaking = setInterval(() => {
    const body = `${said++}`;
    alice.send(message({ to: `ledger@${DOMAIN}`, type: "chat", id: body, body }));
  }, 5);
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = said;
      // By what has been said, not by the clock, so that there is something to lose on a slow machine too.
      while (said < before + 20 + Math.random() * 60) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill("SIGKILL");
      await once(child, "exit");
      child = await start();
    }
  } finally {
    clearInterval(speaking);
  }
  const last = message({ to: `ledger@${DOMAIN}`, type: "chat", id: "last", body: "last" });
  alice.send(last);
  await alice.next((stanza) => stanza.kind === "message" && stanza.body === "noted last", {
    signal: AbortSignal.timeout(60_000),
  });
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  assert.equal(code, 0);

  await using store = await SqliteStore.open({ file });
  const book = await readBook(store, `ledger@${DOMAIN}`, "alice@localhost");
  const numbers = book.filter((body) => body !== "last").map(Number);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((one, other) => one - other),
    "in order, and each once",
  );
  const lost = Array.from({ length: said }, (_, number) => number).filter(
    (number) => !refused.has(`${number}`) && !numbers.includes(number),
  );
  assert.deepEqual(lost, [], "what was not refused is in the book");
  assert.deepEqual(await store.entries("inbox"), []);
  const confirmed = alice.stanzas.flatMap((stanza) =>
    stanza.kind === "message" && stanza.body?.startsWith("noted ") ? [stanza.body] : [],
  );
  const twice = confirmed.length - new Set(confirmed).size;
  t.diagnostic(
    `${said} said, ${refused.size} refused, ${numbers.length} in the book; ${twice} confirmed twice`,
  );
  const unconfirmed = numbers.filter((number) => !confirmed.includes(`noted ${number}`));
  t.diagnostic(`${unconfirmed.length} in the book whose confirmation was lost`);
});

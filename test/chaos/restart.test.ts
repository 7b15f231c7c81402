import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../prosody/free-port.ts";
import { startProsody } from "../../prosody/server.ts";
import { connect, onBothServers, until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";

/** How long restanza is away, in seconds; 30 shows what a slow deployment looks like: `RESTANZA_AWAY=30 npm test`. */
const AWAY = Number(process.env["RESTANZA_AWAY"] ?? 3);
const PASSWORD = "romeo and juliet";

onBothServers(`restanza is away for ${AWAY} s under steady load, with our module for Prosody`, (suite) => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    test(`${signal}: every message is answered, in order`, async (t) => {
      const folder = await mkdtemp(join(tmpdir(), "restanza-restart-"));
      const token = randomBytes(24).toString("base64url");
      const auth = `prosody:${randomBytes(24).toString("base64url")}`;
      const key = `whsec_${randomBytes(32).toString("base64")}`;
      const [port, httpPort] = [await freePort(), await freePort()];
      const start = (): Promise<ChildProcess> =>
        startRestanza({
          PORT: String(port),
          RESTANZA_DOMAIN: "bots.test",
          RESTANZA_REST_URL: `http://127.0.0.1:${httpPort}/rest`,
          RESTANZA_TOKEN: token,
          RESTANZA_CALLBACK_AUTH: auth,
          RESTANZA_CALLBACK_KEYS: key,
          RESTANZA_STORE: join(folder, "store.sqlite"),
        });
      let child = await start();
      const prosody = await startProsody({
        suite,
        httpPort,
        hosts: [
          { kind: "virtualhost", host: "people.test" },
          {
            kind: "component",
            host: "bots.test",
            tokens: [token],
            callback: { address: `127.0.0.1:${port}`, auth, keys: [key] },
          },
        ],
        users: [{ jid: "alice@people.test", password: PASSWORD }],
      });
      t.after(async () => {
        child.kill("SIGKILL");
        await prosody.stop();
        await rm(folder, { recursive: true, force: true });
      });
      const alice = await connect(prosody, "alice@people.test", PASSWORD);
      let said = 0;
      // So that what one person says in 30 s stays below restanza_callback_queue_per_conversation.
      const speaking = setInterval(() => void alice.say("echo@bots.test", `${said++}`), 40);
      await until(() => alice.texts().length > 20, "the first answers");
      child.kill(signal);
      await once(child, "exit");
      await sleep(AWAY * 1000);
      child = await start();
      const back = said;
      await until(() => said > back + 50, "more to say");
      clearInterval(speaking);
      await until(() => alice.texts().length >= said, `${said} answers`, 60_000);
      assert.deepEqual(
        alice.texts(),
        Array.from({ length: said }, (_, number) => `${number}`),
      );
      t.diagnostic(`${said} said and answered in order, ${signal} in between`);
      await alice.stop();
    });
  }
});

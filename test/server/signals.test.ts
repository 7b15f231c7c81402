import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readStanza } from "../../src/stanza/index.ts";
import { AUTH, call, chat } from "../callback/support/harness.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DOMAIN = "bots.test";
const to = `echo@${DOMAIN}`;

/** `restanza serve` in a process of its own, ready to be called back. */
async function serve() {
  const folder = await mkdtemp(join(tmpdir(), "restanza-signals-"));
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "serve"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      RESTANZA_DOMAIN: DOMAIN,
      RESTANZA_REST_URL: "http://127.0.0.1:9/rest",
      RESTANZA_TOKEN: "a-token",
      RESTANZA_CALLBACK_AUTH: AUTH,
      RESTANZA_DEADLINE: "600000",
      RESTANZA_STORE: join(folder, "store.sqlite"),
    },
  });
  const lines: string[] = [];
  const ended = once(child, "exit");
  void ended.then(() => rm(folder, { recursive: true, force: true }));
  const port = await new Promise<number>((resolve, reject) => {
    void ended.then(([code]) => reject(new Error(`it ended with ${code}: ${lines.join("\n")}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const found = /serving callbacks at http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (found) resolve(Number(found[1]));
    });
  });
  const logged = async (text: string): Promise<void> => {
    while (!lines.some((line) => line.includes(text))) await once(child.stdout, "data");
  };
  return { child, port, lines, logged, ended };
}

test("the first signal lets a handler finish, whose reply arrives, and then the process ends well", async () => {
  const { child, port, logged, ended } = await serve();
  const answer = call(port, { to, body: chat("wait 1 at last", { to }) });
  await call(port, { to: `hello@${DOMAIN}`, body: chat("ready?", { to: `hello@${DOMAIN}` }) });
  child.kill("SIGTERM");
  await logged("SIGTERM: taking no more");
  const stanza = readStanza((await answer).body);
  assert.equal(stanza.kind === "message" && stanza.body, "at last");
  assert.deepEqual(await ended, [0, null]);
});

test("the second ends it at once", async () => {
  const { child, port, logged, ended, lines } = await serve();
  const answer = call(port, { to, body: chat("wait 60 never", { to }) }).catch(() => "none");
  await call(port, { to: `hello@${DOMAIN}`, body: chat("ready?", { to: `hello@${DOMAIN}` }) });
  child.kill("SIGINT");
  await logged("SIGINT: taking no more");
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [1, null]);
  assert.equal(await answer, "none");
  assert.doesNotMatch(lines.join(""), /the-callback-secret|a-token/);
});

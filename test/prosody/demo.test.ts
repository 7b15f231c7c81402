import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const DEMO = fileURLToPath(new URL("../../prosody/demo.ts", import.meta.url));

test("npm run prosody -- --help tells who is an admin, and how others are", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", DEMO, "--help"]);
  assert.match(stdout, /RESTANZA_ADMINS names the admins of the bots, instead of alice@localhost/);
  assert.match(stdout, /Web hooks are at WEB_PORT, which is 9004 here/);
});

test("npm run prosody takes the bots from where RESTANZA_BOTS_DIR says", async () => {
  const env = { ...process.env, RESTANZA_BOTS_DIR: "/nowhere/bots" };
  const run = promisify(execFile)(process.execPath, ["--import", "tsx", DEMO], { env });
  await assert.rejects(run, ({ stderr }: { stderr?: string }) => stderr?.includes("/nowhere/bots") === true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../prosody/support.ts";
import { call, chat, type Harness, startHarness } from "./support/harness.ts";

const said = ({ log }: Harness): number =>
  log.filter((line) => line.includes("are on the client that asked alone")).length;

test("what answers by stock mod_rest lack is said once", async () => {
  await using harness = await startHarness();
  await call(harness.port, { headers: { "webhook-id": "msg_1" } });
  assert.equal(said(harness), 0, "our module routes them");
  assert.match((await call(harness.port)).body, /<body>Hello</);
  await call(harness.port, { body: chat("again") });
  assert.equal(said(harness), 1);
});

test("where answers are POSTed they lack nothing", async () => {
  await using harness = await startHarness({ config: { deadline: 0 } });
  assert.equal((await call(harness.port)).body, "");
  await until(() => harness.posts.join().includes("<body>Hello<"), "the answer by POST");
  assert.equal(said(harness), 0);
});

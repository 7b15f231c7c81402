import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ROOT, restanza } from "./run.ts";

describe("restanza chat", { concurrency: true }, () => {
  test("one question, one answer", async () => {
    assert.deepEqual(await restanza(["chat", "echo", "hi", "there"]), {
      code: 0,
      stdout: "hi there\n",
      stderr: "",
    });
  });

  test("the bot of the component's own address answers by its name", async () => {
    const { stdout } = await restanza(["chat", "help", "?"]);
    assert.match(stdout, /^echo@bots\.localhost says back what you say$/m);
  });

  test("a bot that does not exist is named, with those that do", async () => {
    const { code, stdout, stderr } = await restanza(["chat", "ecko", "hi"]);
    const bots = (await readdir("bots")).sort().join(", ");
    assert.deepEqual([code, stdout, stderr], [1, "", `there is no bot called ecko; there are ${bots}\n`]);
  });

  test("an answer that does not come in time is an error", async () => {
    const { code, stderr } = await restanza(["chat", "--wait", "0.2", "echo", "wait 30 too late"]);
    assert.deepEqual(
      [code, stderr],
      [1, "echo@bots.localhost has not answered within 0.2 s; --wait grants more\n"],
    );
  });

  test("a conversation from a pipe waits for the last answer", async () => {
    const { code, stdout, stderr } = await restanza([], {
      input: "/to hello\nmoin\n/to echo\nwait 0.7 at last\n",
    });
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.match(stdout, /hello@bots\.localhost {2}Hello, \S+!\n/);
    assert.match(stdout, /echo@bots\.localhost is typing…\necho@bots\.localhost {2}at last\n$/);
  });

  test("a bot's own configuration comes from the environment, and what does not fit is told", async () => {
    const configured = { RESTANZA_BOT_CONFIG: '{"hello":{"greeting":"Moin"}}' };
    assert.match((await restanza(["chat", "hello", "hi"], { env: configured })).stdout, /^Moin, /);
    const wrong = { RESTANZA_BOT_CONFIG: '{"hello":{"greeting":7}}' };
    const { code, stderr } = await restanza(["chat", "hello", "hi"], { env: wrong });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /the bot hello cannot be set up: its configuration does not fit: bots\.hello\.greeting: Invalid input/,
    );
  });

  test("a folder without bots says where it looked", async () => {
    const folder = await mkdtemp(join(tmpdir(), "restanza-"));
    try {
      const { code, stderr } = await restanza(["chat"], { cwd: folder });
      assert.equal(code, 1);
      assert.match(stderr, /there are no bots here.*RESTANZA_BOTS_DIR/s);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("restanza serve", { concurrency: true }, () => {
  test("without configuration every missing setting is listed with its mend", async () => {
    const { code, stdout, stderr } = await restanza(["serve"]);
    assert.deepEqual([code, stdout], [1, ""]);
    for (const name of ["RESTANZA_DOMAIN", "RESTANZA_REST_URL", "RESTANZA_TOKEN", "RESTANZA_CALLBACK_AUTH"]) {
      assert.match(stderr, new RegExp(`• ${name} .*(?:is missing|has to be given)`), stderr);
    }
  });

  test("what is missing or wrong is listed at once, and no secret with it", async () => {
    const { code, stderr } = await restanza(["start"], {
      env: { RESTANZA_DOMAIN: "bots@example.org", RESTANZA_CALLBACK_AUTH: "topsecret", PORT: "99999" },
    });
    assert.equal(code, 1);
    for (const name of ["RESTANZA_DOMAIN", "RESTANZA_REST_URL", "RESTANZA_CALLBACK_AUTH", "PORT"]) {
      assert.match(stderr, new RegExp(`• ${name} `), stderr);
    }
    assert.doesNotMatch(stderr, /topsecret/);
    assert.doesNotMatch(stderr, new RegExp(`at .*${ROOT}`), "no stack for what its user can mend");
  });
});

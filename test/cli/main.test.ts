import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT, restanza, run } from "./run.ts";

test("a command that there is not is named, and what there is is shown", async () => {
  const { code, stdout, stderr } = await restanza(["stats\u001b[2J"]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^error: there is no command 'stats\\u\{1b\}\[2J'\n/);
  assert.match(stderr, /^ {2}store .*where state is kept$/m);
});

test("who pipes the result into something that has read enough sees no crash", async () => {
  const command = `'${process.execPath}' --import tsx src/cli/main.ts chat echo hi`;
  // The reader of the first is gone long before there is anything to read.
  for (const [reader, read] of [
    ["true", ""],
    ["cat", "hi\n"],
  ] as const) {
    const ended = await run("bash", ["-c", `set -o pipefail; ${command} | ${reader}`], { cwd: ROOT });
    assert.deepEqual(ended, { code: 0, stdout: read, stderr: "" });
  }
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
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

test("an older Node.js is told what it takes, and nothing else is loaded", async () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.2'})";
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const bin = join(ROOT, "src/cli/bin.ts");
  const { code, stdout, stderr } = await run(process.execPath, [
    "--import",
    tsx,
    "--import",
    older,
    bin,
    "--version",
  ]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^restanza needs Node\.js 24 or later, and this is 20\.19\.2: .*node@24\n$/);
  const newer = await run(process.execPath, ["--import", tsx, bin, "--version"]);
  assert.match(newer.stdout, /^\d+\.\d+\.\d+\n$/);
  const { engines } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  assert.equal(engines.node, ">=24");
});

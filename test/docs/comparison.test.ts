import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const page = readFileSync(join(ROOT, "docs/COMPARISON.md"), "utf8");

/** The pieces of code under a heading, in their order; the last is the test. */
function code(framework: string): string[] {
  const section = page.split(`\n## ${framework}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].map(([, body = ""]) => body);
}

/** The cells of the row of the table that begins so. */
function row(start: string): string[] {
  const line = page.split("\n").find((candidate) => candidate.startsWith(start)) ?? "";
  return line
    .split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());
}

function lines(pieces: readonly string[]): string {
  return String(pieces.join("").match(/^.*\S.*$/gm)?.length);
}

describe("the comparison with others", () => {
  it("tells how many lines it shows", () => {
    const blocks = row("| | ").map(code);
    assert.ok(blocks.every((pieces) => pieces.length > 1));
    assert.deepEqual(
      row("| lines of the bot"),
      blocks.map((pieces) => lines(pieces.slice(0, -1))),
    );
    assert.deepEqual(
      row("| lines of its test"),
      blocks.map((pieces) => lines(pieces.slice(-1))),
    );
  });

  it("shows a bot of restanza whose test passes", async () => {
    const [bot = "", test = ""] = code("restanza");
    const parent = join(ROOT, ".restanza");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "comparison-"));
    try {
      writeFileSync(join(folder, "bot.ts"), bot);
      writeFileSync(join(folder, "bot.test.ts"), test);
      // As a test of its own, not as a part of this one.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--import", "tsx", "--test", "--test-reporter=tap", join(folder, "bot.test.ts")],
        { cwd: ROOT, env },
      );
      assert.match(stdout, /^# pass 3$/m);
      assert.match(stdout, /^# fail 0$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

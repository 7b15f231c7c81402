import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Bot } from "restanza";
import { testbed } from "restanza/testkit";
import { type Block, documentationBlocks } from "./blocks.ts";
import { TALKS } from "./talks.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What operators would set for bots that want something. */
const CONFIGS: Readonly<Record<string, unknown>> = {
  builds: { secret: "long-and-random", room: "team@rooms.localhost" },
};

/** What is said to a bot of a page, and what it answers, as the page has it. */
const SAID: Readonly<Record<string, readonly [words: string, answer: RegExp]>> = {
  "README.md shout": ["hello", /^HELLO$/],
  "docs/BOTS.md weather": ["weather in Mantua", /^It is fair in Mantua\.$/],
  "docs/TEN_MINUTES.md greeter": ["hello Juliet --loud", /^HELLO, JULIET! YOU ARE NUMBER 1\.$/],
  "docs/bots/commands.md egg": [
    "boil 4m30s breakfast --size small",
    /^A small egg, salted: 270 s\. breakfast$/,
  ],
  "docs/bots/commands.md pizza": ["order", /^Which city\?$/],
  "docs/bots/composition.md butler": ["thank you", /^You are welcome\.$/],
  "docs/bots/composition.md porter": ["hello", /^(Closed\.|Come in!)$/],
  "docs/bots/contacts.md duty": ["who", /^Nobody\.$/],
  "docs/bots/dialogs.md pizza": ["order", /^Which city\?$/],
  "docs/bots/languages.md pizza": ["2 to Rome", /^2 pizzas are on the way to Rome\.$/],
  "docs/bots/lifecycle.md stock": ["tables", /^0$/],
  "docs/bots/lifecycle.md regex": ["does aaa match ^a+$", /^It does\.$/],
  "docs/bots/memory.md counter": ["hello", /^That was number 1\.$/],
  "docs/bots/menus.md pizza": ["order funghi --count 2", /^2 funghi are on their way\.$/],
  "docs/bots/menus.md jukebox": ["music", /^What would you like to hear\?/],
  "docs/bots/profile.md remind": ["water the plants", /^I shall\.$/],
  "docs/bots/profile.md curious": ["reactions?", /^It (can|does not say so)\.$/],
  "docs/bots/rate-limits.md painter": ["paint a cat", /^I am painting a cat\.$/],
  "docs/bots/time.md remind": ["remind 2h water the plants", /^Noted, as number /],
};

/** The bot that asks a service as it starts, which is there a moment later only. */
const EARLY = "docs/bots/calls.md herald";

/** Who says something that only admins may. */
const permissions = { groups: { admins: ["alice@localhost"] } };

describe("the bots and tests of the documentation", () => {
  // In the repository, so that they find the packages that they import.
  const parent = join(ROOT, ".restanza");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bots-"));
  after(() => rmSync(folder, { recursive: true }));

  const written = (index: number, { code }: Block): string => {
    const path = join(folder, `block${index}.ts`);
    // A page names pictures and the like, which stand beside a bot of somebody's own.
    writeFileSync(
      path,
      code
        .replace(/^ *avatar: new URL.*\n/m, "")
        .replaceAll('openAsBlob("cat.jpg")', "openAsBlob(import.meta.filename)"),
    );
    return path;
  };
  // The bot of the comparison has a test of its own, on its page.
  const blocks = [...documentationBlocks(ROOT).entries()].filter(([, { file }]) => {
    return file.endsWith(".md") && file !== "docs/COMPARISON.md";
  });

  const bots = blocks.filter(([, { code }]) => /^export default defineBot\(/m.test(code));
  const silent = new Set([...Object.keys(SAID), ...Object.keys(TALKS)]);
  for (const [index, block] of bots) {
    it(`${block.file}:${block.line} starts and answers`, async (t) => {
      const module: unknown = await import(pathToFileURL(written(index, block)).href);
      const { default: bot } = module as { default: Bot };
      const config = CONFIGS[bot.name];
      const key = `${block.file} ${bot.name}`;
      const failures = key === EARLY ? "tell" : "throw";
      await using bed = await testbed(bot, {
        permissions,
        failures,
        ...(config === undefined ? {} : { config }),
      });
      const [words, answer] = SAID[key] ?? [];
      if (words !== undefined && answer !== undefined)
        assert.match((await bed.alice.says(words)).bodies[0] ?? "", answer);
      await TALKS[key]?.(bed, t);
      silent.delete(key);
    });
  }

  it("all are there that are talked to", () => assert.deepEqual([...silent], []));

  // What is replayed on the page about that is a file of somebody's own.
  const tests = blocks.filter(
    ([, { code }]) => code.includes('from "restanza/testkit"') && !code.includes("readFixture"),
  );
  assert.ok(tests.length > 3);
  for (const [index, block] of tests) {
    it(`${block.file}:${block.line} passes`, async () => {
      // As a test of its own, not as a part of this one.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const path = written(index, block);
      await promisify(execFile)(process.execPath, ["--import", "tsx", "--test", path], { cwd: ROOT, env });
    });
  }
});

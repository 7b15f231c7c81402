import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Ended, ROOT, run } from "../cli/run.ts";

/** The first bot of the README, so that what it shows is what works. */
async function readmeBot(): Promise<string> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const block = /## A first bot[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  assert.ok(block, "README.md shows a first bot");
  return block;
}

async function npm(args: readonly string[], cwd: string): Promise<Ended> {
  const ended = await run("npm", args, { cwd });
  assert.equal(ended.code, 0, `npm ${args.join(" ")}:\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

describe("the packed package in an empty folder", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "restanza-package-"));
    await npm(["pack", "--silent", "--pack-destination", folder], ROOT);
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
    await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
    const packages = [`./restanza-${version}.tgz`, "typescript", "@types/node@24", "zod"];
    await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], folder);
    await mkdir(join(folder, "bots/shout"), { recursive: true });
    await writeFile(join(folder, "bots/shout/bot.ts"), await readmeBot());
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test("runs the README's first bot", async () => {
    const restanza = join(folder, "node_modules/restanza/dist/cli/main.js");
    const { code, stdout, stderr } = await run(process.execPath, [restanza, "chat", "shout", "hello there"], {
      cwd: folder,
    });
    assert.deepEqual([code, stdout, stderr], [0, "HELLO THERE\n", ""]);
  });

  test("carries types for every entry point", async () => {
    await writeFile(
      join(folder, "check.ts"),
      [
        'import { defineBot, defineConfig } from "restanza";',
        'import { bearer, RestClient } from "restanza/outbound";',
        'import { readXml } from "restanza/stanza";',
        'import { ModRestDouble } from "restanza/testkit";',
        'import { NS_PING } from "restanza/xep";',
        "const name: string = readXml(`<a/>`).name;",
        "// @ts-expect-error a bot has a summary",
        "const bot = defineBot({ name, routes() {} });",
        "export { bot, bearer, defineConfig, ModRestDouble, NS_PING, RestClient };",
        "",
      ].join("\n"),
    );
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024", "--types", "node"];
    const tsc = join(folder, "node_modules/typescript/bin/tsc");
    const { code, stdout } = await run(process.execPath, [tsc, ...options, "check.ts", "bots/shout/bot.ts"], {
      cwd: folder,
    });
    assert.equal(stdout, "");
    assert.equal(code, 0);
  });

  test("holds what an operator needs of Prosody's side, and nothing of ours", async () => {
    const { stdout } = await npm(["ls", "--json", "--depth=0"], folder);
    assert.ok((JSON.parse(stdout) as { dependencies: object }).dependencies);
    const packed = join(folder, "node_modules/restanza");
    await readFile(join(packed, "prosody/modules/mod_restanza_token/mod_restanza_token.lua"));
    await readFile(join(packed, "prosody/config/component.cfg.lua"));
    await assert.rejects(readFile(join(packed, "test/package/package.test.ts")), { code: "ENOENT" });
  });
});

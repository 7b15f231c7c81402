import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
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

/** Packs the package once; it is built for that. */
const packed = mkdtemp(join(tmpdir(), "restanza-packed-")).then(async (folder) => {
  await npm(["pack", "--silent", "--pack-destination", folder], ROOT);
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  return { folder, tarball: join(folder, `restanza-${version}.tgz`) };
});

after(async () => await rm((await packed).folder, { recursive: true, force: true }));

describe("the packed package in an empty folder", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "restanza-package-"));
    const { tarball } = await packed;
    await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
    const packages = [tarball, "typescript", "@types/node@24", "zod"];
    await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], folder);
    await mkdir(join(folder, "bots/shout"), { recursive: true });
    await writeFile(join(folder, "bots/shout/bot.ts"), await readmeBot());
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test("runs the README's first bot", async () => {
    const restanza = join(folder, "node_modules/restanza/dist/cli/bin.js");
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
    const installed = join(folder, "node_modules/restanza");
    await readFile(join(installed, "prosody/modules/mod_restanza_token/mod_restanza_token.lua"));
    await readFile(join(installed, "prosody/config/component.cfg.lua"));
    await assert.rejects(readFile(join(installed, "test/package/package.test.ts")), { code: "ENOENT" });
  });
});

type Step =
  | { readonly command: string; readonly output: string }
  | { readonly file: string; readonly text: string };

/** What the page on the first ten minutes has somebody do, in its order: type a command, or save a file. */
async function tenMinutes(): Promise<Step[]> {
  const page = await readFile(join(ROOT, "docs/TEN_MINUTES.md"), "utf8");
  const files = ["bots/greeter/bot.ts", "bots/greeter/bot.test.ts"];
  const steps: Step[] = [];
  for (const [, kind, text = ""] of page.matchAll(/^```(shell-session|ts)\b.*\n([\s\S]*?)^```$/gm)) {
    if (kind === "ts") steps.push({ file: files.shift() ?? "", text });
    else
      for (const [, command = "", output = ""] of text.matchAll(/^\$ (.+)\n((?:(?!\$ ).*\n)*)/gm))
        steps.push({ command, output });
  }
  return steps;
}

/** An output without the times in it, which differ each time. */
function timeless(output: string): string {
  return output.replace(/\((?:[\d.]+|… )ms\)/g, "(… ms)").replace(/duration_ms [\d.]+/, "duration_ms …");
}

describe("the first ten minutes, as docs/TEN_MINUTES.md has them, without any registry", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "restanza-ten-"));
    const modules = join(folder, "node_modules");
    await mkdir(join(modules, "restanza"), { recursive: true });
    const unpacked = await run("tar", [
      "-xzf",
      (await packed).tarball,
      "--strip-components=1",
      "-C",
      join(modules, "restanza"),
    ]);
    assert.equal(unpacked.code, 0, unpacked.stderr);
    // What npm would install beside it stands in this repository already.
    for (const name of await readdir(join(ROOT, "node_modules")))
      if (!name.startsWith(".")) await symlink(join(ROOT, "node_modules", name), join(modules, name));
    const bin = join(modules, ".bin");
    await mkdir(bin);
    await symlink(process.execPath, join(bin, "node"));
    await symlink("../restanza/dist/cli/bin.js", join(bin, "restanza"));
    await chmod(join(modules, "restanza/dist/cli/bin.js"), 0o755);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test("every command says what the page says that it does", { timeout: 600_000 }, async () => {
    const steps = await tenMinutes();
    assert.ok(steps.length >= 6);
    for (const step of steps) {
      if ("file" in step) {
        await writeFile(join(folder, step.file), step.text);
        continue;
      }
      const { stdout, stderr } = await run("bash", ["-c", `${step.command} 2>&1`], {
        cwd: folder,
        env: { npm_config_loglevel: "error" },
      });
      assert.equal(timeless(stdout), timeless(step.output), `${step.command}\n${stderr}`);
    }
  });

  test("a mistake in a bot's types is found there, with its place", { timeout: 600_000 }, async () => {
    await writeFile(
      join(folder, "bots/greeter/bot.ts"),
      'import { defineBot } from "restanza";\n\nexport default defineBot({ name: "greeter", routes() {} });\n',
    );
    const { code, stdout } = await run("npx", ["restanza", "check"], {
      cwd: folder,
      env: { npm_config_loglevel: "error" },
    });
    assert.equal(code, 1);
    assert.match(stdout, /^types: bots\/greeter\/bot\.ts:3: TS\d+: .*'summary' is missing/);
  });
});

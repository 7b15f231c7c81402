import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeFolder } from "../server/folder.ts";
import { ROOT, restanza } from "./run.ts";

const read = async (folder: string, file: string): Promise<string> =>
  await readFile(join(folder, file), "utf8");

describe("restanza new", { concurrency: 3 }, () => {
  test("in an empty folder it makes a project, and says what to type next", async () => {
    await using parent = await makeFolder();
    const { code, stdout, stderr } = await restanza(["new", "greeter", "--dir", "Über uns"], {
      cwd: parent.path,
    });
    assert.equal(code, 0, stderr);
    const folder = join(parent.path, "Über uns");
    const files = ["bots/greeter/bot.ts", "bots/greeter/bot.test.ts", "package.json"];
    assert.deepEqual(stdout.split("\n"), [...files, "tsconfig.json", ".gitignore", "README.md", ""]);
    assert.match(stderr, /cd 'Über uns'\n {2}npm install\n {2}npm run dev\n {2}npm test\n/);
    const manifest = JSON.parse(await read(folder, "package.json")) as { name: string; type: string };
    assert.deepEqual([manifest.name, manifest.type], ["ber-uns", "module"]);
    const [, commands = ""] = (await read(folder, "README.md")).split("```sh\n");
    const columns = [...(commands.split("```")[0]?.matchAll(/^(.*?) {2}# /gm) ?? [])].map(
      ([, { length } = ""]) => length,
    );
    assert.deepEqual([columns.length, new Set(columns).size], [5, 1], "the comments are below each other");
  });

  test("in a project it adds the bot, and what package.json lacks", async () => {
    await using folder = await makeFolder();
    const written = {
      name: "mine",
      scripts: { start: "node mine.js", test: 'echo "Error: no test specified" && exit 1' },
      dependencies: { restanza: "file:x.tgz", left: "1" },
    };
    await folder.write("package.json", JSON.stringify(written));
    await folder.write("README.md", "mine");
    assert.equal((await restanza(["new", "one"], { cwd: folder.path })).code, 0);
    const manifest = JSON.parse(await read(folder.path, "package.json")) as typeof written & { type: string };
    assert.equal(manifest.type, "module");
    assert.equal(manifest.scripts.start, "node mine.js");
    assert.match(manifest.scripts.test, /^node --test/);
    assert.deepEqual([manifest.dependencies.restanza, manifest.dependencies.left], ["file:x.tgz", "1"]);
    assert.equal(await read(folder.path, "README.md"), "mine");
    const again = await restanza(["new", "two"], { cwd: folder.path });
    assert.equal(again.stdout, "bots/two/bot.ts\nbots/two/bot.test.ts\n");
  });

  test("nothing is written over, and nothing where it cannot work", async () => {
    await using folder = await makeFolder();
    await folder.write("bots/one/bot.ts", "mine");
    const exists = await restanza(["new", "one"], { cwd: folder.path });
    assert.equal(exists.code, 1);
    assert.match(exists.stderr, /^bots\/one exists; choose another name, or go on there\n$/);
    assert.equal(await read(folder.path, "bots/one/bot.ts"), "mine");

    await folder.write("package.json", '{ "type": "commonjs", "dependencies": { "restanza": "*" } }');
    const commonjs = await restanza(["new", "two"], { cwd: folder.path });
    assert.equal(commonjs.code, 1);
    assert.match(commonjs.stderr, /npm pkg set type=module, then this once more/);

    await mkdir(join(folder.path, "deeper"));
    const inside = await restanza(["new", "two"], { cwd: join(folder.path, "deeper") });
    assert.equal(inside.code, 1);
    assert.match(inside.stderr, /is inside the project .*; run this there/);

    await writeFile(join(folder.path, "package.json"), "{");
    assert.match((await restanza(["new", "two"], { cwd: folder.path })).stderr, /package\.json is no JSON/);
    assert.deepEqual(await readdir(join(folder.path, "bots")), ["one"]);
  });

  test("a name that can be no address is refused with one that can", async () => {
    await using folder = await makeFolder();
    for (const [name, better] of [
      ["Weather", "weather"],
      ["käse ecke", "kase-ecke"],
      ["echo@bots.example.org", "echo"],
      ["../up", "up"],
    ] as const) {
      const { code, stderr } = await restanza(["new", name], { cwd: folder.path });
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`a bot cannot be called .*; call it ${better}\n$`));
    }
    const { stderr } = await restanza(["new", "…"], { cwd: folder.path });
    assert.match(stderr, /a letter or digit first\n$/);
    assert.deepEqual(await readdir(folder.path), ["package.json"]);
  });

  test("in this repository it makes the bot alone", async () => {
    await using folder = await makeFolder();
    await folder.write("package.json", await read(ROOT, "package.json"));
    const { stdout, stderr } = await restanza(["new", "one"], { cwd: folder.path });
    assert.equal(stdout, "bots/one/bot.ts\nbots/one/bot.test.ts\n");
    assert.match(stderr, /npm start -- dev\n {2}npx tsx --test bots\/one\/bot\.test\.ts\n/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BotLoadError, loadBot, loadBots } from "../../src/server/index.ts";
import { botText, makeFolder } from "./folder.ts";

describe("loading bots", () => {
  test("every folder with a bot.ts, bot.js or bot.mjs is one; the others are none", async () => {
    await using folder = await makeFolder({
      "b/bot.ts": botText("beta", '"b"'),
      "a/bot.js": botText("alpha", '"a"'),
      "c/bot.mjs": botText("gamma", '"c"'),
      "notes/readme.md": "x",
      ".git/bot.js": "throw new Error()",
      "bot.js": "throw new Error()",
    });
    const loaded = await loadBots(folder.path);
    assert.deepEqual(
      loaded.map(({ bot }) => bot.name),
      ["alpha", "beta", "gamma"],
    );
    assert.deepEqual(
      loaded.map((each) => each.folder),
      ["a", "b", "c"].map((name) => `${folder.path}/${name}`),
    );
  });

  test("the bundled bots load", async () => {
    const loaded = await loadBots(new URL("../../bots", import.meta.url).pathname);
    assert.deepEqual(
      loaded.map(({ bot }) => bot.name),
      ["assistant", "echo", "feeds", "github", "hello", "help", "poll", "remind"],
    );
  });

  const mistakes: Record<string, { files: Record<string, string>; message: RegExp }> = {
    "a file that throws": {
      files: { "x/bot.js": 'throw new Error("no such luck");' },
      message: /x\/bot\.js cannot be loaded: no such luck/,
    },
    "a syntax error": { files: { "x/bot.ts": "export default {" }, message: /x\/bot\.ts cannot be loaded: / },
    "an import that is not there": {
      files: { "x/bot.js": 'import "./missing.js";' },
      message: /x\/bot\.js cannot be loaded: .*missing/,
    },
    "a default export that is no bot": {
      files: { "x/bot.js": "export default { name: 'x' };" },
      message: /x\/bot\.js exports no bot: write export default defineBot/,
    },
    "no default export": { files: { "x/bot.js": "export const bot = 1;" }, message: /exports no bot/ },
    "a name that is no localpart": {
      files: { "x/bot.js": botText("Not A Name", '"x"') },
      message: /cannot be loaded: a bot cannot be called "Not A Name"/,
    },
    "two bots of one name": {
      files: { "x/bot.js": botText("same", '"x"'), "y/bot.js": botText("same", '"y"') },
      message: /two bots are called same: .*\/x and .*\/y; rename one/,
    },
    "a package that is not of ES modules": {
      files: { "package.json": "{}", "x/bot.js": botText("x", '"x"') },
      message: /is no ES module, because .*package\.json says so: run npm pkg set type=module/,
    },
  };
  for (const [what, { files, message }] of Object.entries(mistakes)) {
    test(`${what} is told with the file and what to do`, async () => {
      await using folder = await makeFolder(files);
      await assert.rejects(loadBots(folder.path), (error: Error) => {
        assert.ok(error instanceof BotLoadError, error.stack);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("a folder that is not there is told with the setting", async () => {
    await assert.rejects(
      loadBots("/nowhere/at/all"),
      /no bots here, as \/nowhere\/at\/all does not exist: .*restanza new NAME.* RESTANZA_BOTS_DIR/,
    );
  });

  test("a bot is loaded anew with its helpers, while the framework stays one", async () => {
    const helper = (text: string) => `export const text = ${JSON.stringify(text)};`;
    await using folder = await makeFolder({
      "x/bot.ts": botText("x", "text", 'import { text } from "./lib/helper.ts";'),
      "x/lib/helper.ts": helper("old"),
      "shared.ts": "export const loads = { count: 0 }; loads.count += 1;",
    });
    const first = await loadBot(`${folder.path}/x`);
    await folder.write("x/lib/helper.ts", helper("new"));
    const second = await loadBot(`${folder.path}/x`);
    const says = (bot: typeof first) => {
      let handler: (() => unknown) | undefined;
      bot?.bot.routes(
        {
          on: (_: string, given: () => unknown) => {
            handler = given;
          },
        } as never,
        undefined,
        undefined,
      );
      return handler?.();
    };
    assert.deepEqual([says(first), says(second)], ["old", "new"]);
    assert.equal(Object.getOwnPropertySymbols(first?.bot)[0], Object.getOwnPropertySymbols(second?.bot)[0]);
  });

  test("what lies beside the bot's folder is loaded once", async () => {
    await using folder = await makeFolder({
      "x/bot.ts": botText("x", "String(++loads.count)", 'import { loads } from "../shared.ts";'),
      "shared.ts": "export const loads = { count: 0 };",
    });
    const counts: unknown[] = [];
    for (let load = 0; load < 2; load += 1) {
      const loaded = await loadBot(`${folder.path}/x`);
      loaded?.bot.routes(
        { on: (_: string, given: () => unknown) => counts.push(given()) } as never,
        undefined,
        undefined,
      );
    }
    assert.deepEqual(counts, ["1", "2"]);
  });

  test("a folder without a bot is none", async () => {
    await using folder = await makeFolder({ "x/readme.md": "x" });
    assert.equal(await loadBot(`${folder.path}/x`), undefined);
  });
});

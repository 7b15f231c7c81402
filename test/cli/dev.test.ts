import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { botText, FRAMEWORK, makeFolder } from "../server/folder.ts";
import { CliSession } from "./session.ts";

const TIMEOUT = { timeout: 120_000 };

/** Counts what it hears, and fails on request. */
function countingText(word: string): string {
  return `import { defineBot } from ${JSON.stringify(FRAMEWORK)};

export default defineBot({
  name: "counter",
  summary: "counts",
  routes(bot) {
    bot.hears("fail", () => {
      throw new RangeError("too far");
    });
    bot.on("message:body", async (ctx) => {
      const count = ((await ctx.storage.get<number>("count")) ?? 0) + 1;
      ctx.storage.set("count", count);
      return \`${word} \${count}\`;
    });
  },
});
`;
}

describe("restanza dev", { concurrency: 3 }, () => {
  test("a bot that is saved goes on with what it has stored", TIMEOUT, async () => {
    await using folder = await makeFolder({ "counter/bot.ts": countingText("one") });
    await using dev = new CliSession(["dev", "counter"], { RESTANZA_BOTS_DIR: folder.path });
    await dev.sees(/reloaded when you save/);
    dev.type("x");
    await dev.sees(/counter@bots\.localhost {2}one 1\n/);
    await folder.write("counter/bot.ts", countingText("another"));
    await dev.sees(/✓ counter was reloaded\n/);
    dev.type("x");
    await dev.sees(/counter@bots\.localhost {2}another 2\n/);
    assert.equal(await dev.end(), 0);
  });

  test("a configuration file that names no Prosody configures the bots of the chat", TIMEOUT, async () => {
    const bot = botText("shop", '"fine"').replace("  routes(bot) {", "  routes(bot, config) {");
    await using folder = await makeFolder({
      "bots/shop/bot.ts": bot
        .replace("  routes(", "  config: { parse: (config) => config },\n  routes(")
        .replace('"fine"', "config.sells"),
    });
    const written = { botsDir: `${folder.path}/bots`, bots: { shop: { sells: "tea" } } };
    await folder.write("restanza.config.json", JSON.stringify(written));
    await using dev = new CliSession(["--config", `${folder.path}/restanza.config.json`, "dev", "shop"], {});
    await dev.sees(/reloaded when you save/);
    dev.type("x");
    await dev.sees(/shop@bots\.localhost {2}tea\n/);
  });

  test(
    "a bot that joins a room as it starts is in it, without a word of what is not there yet",
    TIMEOUT,
    async () => {
      const joining = botText("guest", '"fine"').replace(
        "  routes(bot) {",
        '  async start(bot) { await bot.rooms.join("hall@rooms.localhost"); },\n  routes(bot) {',
      );
      await using folder = await makeFolder({ "guest/bot.ts": joining });
      await using dev = new CliSession(["dev", "guest"], { RESTANZA_BOTS_DIR: folder.path });
      await dev.sees(/^[^!✗]*reloaded when you save/);
      dev.type("/join hall");
      dev.type("x");
      await dev.sees(/hall.*guest {2}fine\n/);
    },
  );

  test("what a bot throws is shown with its place in the bot, and no framework", TIMEOUT, async () => {
    await using folder = await makeFolder({ "counter/bot.ts": countingText("one") });
    await using dev = new CliSession(["dev", "counter"], { RESTANZA_BOTS_DIR: folder.path });
    dev.type("fail");
    await dev.sees(
      /✗ counter failed over a stanza\n {2}RangeError: too far\n {2}at .*counter\/bot\.ts:8:13\n.*\n {2}> {4}8 \| +throw new RangeError\("too far"\);\n.*\n(?! +at )/,
    );
  });

  test(
    "a bot that is broken from the start joins when it is mended, and so does a new one",
    TIMEOUT,
    async () => {
      await using folder = await makeFolder({
        "fine/bot.ts": botText("fine", '"fine"'),
        "broken/bot.ts": 'export default {\n  name: "broken,\n};\n',
        "torn/bot.ts": botText("torn", '"torn"').replace(
          "routes(bot) {",
          'routes(bot) { throw new Error("torn");',
        ),
      });
      await using dev = new CliSession(["dev"], { RESTANZA_BOTS_DIR: folder.path });
      await dev.sees(/✗ a bot cannot be loaded; save it when it is mended\n/);
      await dev.sees(/ {2}at .*broken\/bot\.ts:2:\d+\n/);
      await dev.sees(
        /✗ torn cannot be set up; save it when it is mended\n {2}Error: torn\n {2}at .*torn\/bot\.ts:/,
      );
      await dev.sees(/reloaded when you save/);
      await folder.write("broken/bot.ts", botText("broken", '"whole"'));
      await dev.sees(/✓ broken was loaded\n/);
      await folder.write("new/bot.ts", "export default (");
      await dev.sees(/✗ a bot cannot be loaded; save it when it is mended\n/);
      await folder.write("new/bot.ts", botText("new", '"brand new"'));
      await dev.sees(/✓ new was loaded\n/);
      for (const [bot, says] of [
        ["broken", "whole"],
        ["new", "brand new"],
        ["fine", "fine"],
      ]) {
        dev.type(`/to ${bot}`);
        dev.type("?");
        await dev.sees(new RegExp(`${bot}@bots\\.localhost {2}${says}\n`));
      }
    },
  );

  test("with a Prosody configured it serves that, and reloads", TIMEOUT, async () => {
    await using folder = await makeFolder({ "fine/bot.ts": botText("fine", '"fine"') });
    await using dev = new CliSession(["dev"], {
      RESTANZA_BOTS_DIR: folder.path,
      RESTANZA_STORE: `${folder.path}/store.sqlite`,
      RESTANZA_DOMAIN: "bots.example.org",
      RESTANZA_REST_URL: "http://127.0.0.1:9/rest",
      RESTANZA_TOKEN: "a-token-of-some-length",
      RESTANZA_CALLBACK_AUTH: "prosody:long-enough",
      PORT: "0",
    });
    await dev.sees(
      /✓ serving callbacks at http:\/\/127\.0\.0\.1:\d+\/callback\n {2}fine@bots\.example\.org\n/,
    );
    await dev.sees(/✓ bots are reloaded when you save them\n/);
    await folder.write("fine/bot.ts", botText("fine", '"better"'));
    await dev.sees(/✓ fine was reloaded\n/);
  });
});

describe("restanza chat, in a conversation", { concurrency: 2 }, () => {
  test("rooms, corrections and reactions are said and shown", TIMEOUT, async () => {
    await using folder = await makeFolder({
      "clerk/bot.ts": `import { defineBot } from ${JSON.stringify(FRAMEWORK)};
export default defineBot({
  name: "clerk",
  summary: "notes",
  routes(bot) {
    bot.on("message:correction").on("message:body", (ctx) => \`corrected: \${ctx.body}\`);
    bot.on("message:reaction", (ctx) => \`felt: \${ctx.reaction.emojis.join("")}\`);
    bot.on("message:body", (ctx) => \`noted: \${ctx.body}\`);
  },
});
`,
    });
    await using chat = new CliSession(["chat", "clerk"], { RESTANZA_BOTS_DIR: folder.path });
    await chat.sees(/reloaded when you save/);
    chat.type("/edit tea");
    await chat.sees(/you have said nothing to clerk@bots\.localhost yet/);
    chat.type("te");
    await chat.sees(/ {2}noted: te\n/);
    chat.type("/edit tea");
    await chat.sees(/ {2}corrected: tea\n/);
    chat.type("/react 👍");
    await chat.sees(/ {2}felt: 👍\n/);
    chat.type("/join lobby clerk");
    await chat.sees(/clerk is in lobby@rooms\.localhost\n/);
    chat.type("hello all");
    await chat.sees(/lobby@rooms\.localhost\/clerk {2}noted: hello all\n/);
    chat.type("/react 👎");
    await chat.sees(/lobby@rooms\.localhost\/clerk {2}felt: 👎\n/);
    chat.type("/leave clerk");
    await chat.sees(/is out of lobby@rooms\.localhost \(left\)\n/);
    chat.type("alone");
    await chat.sees(/clerk@bots\.localhost {2}noted: alone\n/);
    chat.type("/to nobody");
    await chat.sees(/there is no bot called nobody; there are clerk\n/);
    chat.type("/what");
    await chat.sees(
      /there is no \/what; what there is:\n(?: {2}\/.*\n)* {2}\/edit TEXT +corrects what you said last\n/,
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ZodError, z } from "zod";
import { configureBot, defineBot, isBot, type StartedBot } from "../../src/bot/index.ts";
import { Jid, JidError, message, presence } from "../../src/stanza/index.ts";
import { world, xml } from "../dispatch/support.ts";

const plain = { summary: "is a test", routes: () => undefined };

describe("defineBot", () => {
  it("takes names that can be a localpart, and says which those are", () => {
    for (const name of ["a", "0", "echo", "a.b_c-d"]) assert.equal(defineBot({ name, ...plain }).name, name);
    for (const name of ["", "Echo", "-a", "a b", "é", "a@b", "a/b", "__proto__"]) {
      assert.throws(() => defineBot({ name, ...plain }), {
        name: "TypeError",
        message: /use lower-case letters/,
      });
    }
  });

  it("takes timeouts that a timer can hold", () => {
    for (const timeout of [1, 2 ** 31 - 1]) {
      assert.equal(configureBot(defineBot({ name: "a", ...plain, timeout })).timeout, timeout);
    }
    assert.equal(configureBot(defineBot({ name: "a", ...plain })).timeout, 60_000);
    for (const timeout of [0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
      assert.throws(() => defineBot({ name: "a", ...plain, timeout }), {
        name: "RangeError",
        message: /from 1 to 2147483647/,
      });
    }
  });

  it("makes a value that nothing changes, and that is known for a bot", () => {
    const bot = defineBot({ name: "a", ...plain });
    assert.ok(isBot(bot) && Object.isFrozen(bot));
    for (const other of [undefined, null, 1, "bot", {}, { name: "a", ...plain }])
      assert.equal(isBot(other), false);
  });
});

describe("configureBot", () => {
  it("hands the routes what the schema makes of the configuration", () => {
    const seen: unknown[] = [];
    const bot = defineBot({
      name: "a",
      summary: "is a test",
      config: z.object({ city: z.string(), celsius: z.boolean().default(true) }),
      routes: (_, config) => void seen.push(config),
    });
    configureBot(bot, { city: "Verona", unknown: 1 });
    assert.deepEqual(seen, [{ city: "Verona", celsius: true }]);
    assert.throws(() => configureBot(bot, { city: 1 }), ZodError);
    assert.throws(() => configureBot(bot), ZodError);
    assert.deepEqual(seen.length, 1);
  });

  it("builds routes of its own each time", () => {
    const bot = defineBot({ name: "a", ...plain });
    assert.notEqual(configureBot(bot).routes, configureBot(bot).routes);
  });

  it("lets a bot start and stop, sync or async, with its configuration and a voice", async () => {
    const { bot: mounted, sender } = world({ echo: () => undefined });
    const seen: unknown[] = [];
    const hooks = async (started: StartedBot<{ word: string }>): Promise<void> => {
      seen.push(started.config.word, String(started.jid));
      await started.send("juliet@example.com", started.config.word);
    };
    const bot = configureBot(
      defineBot({
        name: "echo",
        ...plain,
        config: z.object({ word: z.string() }),
        start: hooks,
        stop: hooks,
      }),
      { word: "hello" },
    );
    await bot.start(mounted("echo"));
    await bot.stop(mounted("echo"));
    assert.deepEqual(seen, ["hello", "echo@bots.example", "hello", "echo@bots.example"]);
    assert.equal(
      xml(sender.sent[0] as never),
      '<message type="chat" to="juliet@example.com" from="echo@bots.example"><body>hello</body></message>',
    );
    const without = configureBot(defineBot({ name: "echo", ...plain }));
    await without.start(mounted("echo"));
    await without.stop(mounted("echo"));
  });

  it("lets a started bot speak to people, to rooms it is in, and with whole stanzas, always as itself", async () => {
    const { bot: mounted, sender } = world({ echo: () => undefined });
    const handle = mounted("echo");
    await handle.rooms.join(Jid.parse("room@rooms.example"));
    const configured = configureBot(
      defineBot({
        name: "echo",
        ...plain,
        start: async (bot) => {
          await bot.send("room@rooms.example", "to all");
          await bot.send("room@rooms.example/nurse", "to one");
          await bot.send("juliet@example.com", presence({ from: "forged@example.com", show: "chat" }));
          await bot.send("juliet@example.com", message({ to: "romeo@example.com", id: "mine", body: "hi" }));
          await assert.rejects(bot.send("@", "nobody"), JidError);
        },
      }),
    );
    await configured.start(handle);
    assert.deepEqual(sender.sent.slice(1).map(xml), [
      '<message type="groupchat" to="room@rooms.example" from="echo@bots.example"><body>to all</body></message>',
      '<message type="chat" to="room@rooms.example/nurse" from="echo@bots.example"><body>to one</body></message>',
      '<presence from="echo@bots.example" to="juliet@example.com"><show>chat</show></presence>',
      '<message id="mine" to="juliet@example.com" from="echo@bots.example"><body>hi</body></message>',
    ]);
  });
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { pino } from "pino";
import { freePort } from "../../../prosody/free-port.ts";
import { checkConfig, loadBots, startServer } from "../../../src/server/index.ts";
import { message, presence } from "../../../src/stanza/index.ts";
import { ModRestDouble } from "../../../src/testkit/index.ts";
import { buildJoin } from "../../../src/xep/index.ts";
import { until } from "../../prosody/support.ts";
import { makeFolder } from "../folder.ts";
import { wildText } from "./support.ts";

test("a bot in a process of its own is in rooms, also after a crash, which it does not speak of there, and does not answer itself", async () => {
  await using folder = await makeFolder({
    "wild/bot.ts": wildText().replace(
      'bot.hears("version"',
      'bot.on("message:groupchat").hears(/^say (.*)$/, (ctx) => ctx.match[1]);\n    bot.hears("version"',
    ),
  });
  const port = await freePort();
  const auth = "prosody:the-callback-secret";
  const config = checkConfig({
    port: 0,
    botsDir: folder.path,
    mounts: [
      {
        domain: "bots.test",
        rest: { url: `http://127.0.0.1:${port}/rest`, token: "a-token" },
        callback: { auth: [auth] },
        rooms: { wild: ["lobby@rooms.test/Wild"] },
      },
    ],
  });
  const bots = (await loadBots(folder.path)).map(({ bot }) => bot);
  const server = await startServer(config, bots, pino({ level: "silent" }));
  const prosody = await ModRestDouble.start({
    port,
    virtualHosts: [{ domain: "test", accounts: { juliet: randomBytes(12).toString("hex") } }],
    components: [
      {
        domain: "bots.test",
        tokens: ["a-token"],
        callback: {
          url: `http://${auth}@127.0.0.1:${server.address.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
        },
      },
    ],
    rooms: ["rooms.test"],
  });
  try {
    const juliet = await prosody.user("juliet@test/phone");
    juliet.send(presence({ to: "lobby@rooms.test/Juliet" }, buildJoin()));
    await juliet.next(
      (stanza) => stanza.kind === "presence" && String(stanza.from) === "lobby@rooms.test/Wild",
    );
    const hears = async (words: string): Promise<void> => {
      const said = await juliet.next(
        (stanza) => stanza.kind === "message" && String(stanza.from) === "lobby@rooms.test/Wild",
      );
      assert.equal(said.kind === "message" && said.body, words);
    };
    const says = (body: string): void =>
      juliet.send(message({ to: "lobby@rooms.test", type: "groupchat", body }));
    says("say hello");
    await hears("hello");
    says("say say again");
    await hears("say again");
    const mount = server.dispatcher.mount("bots.test");
    assert.deepEqual(mount?.get("wild")?.rooms.joined, ["lobby@rooms.test"], "the server knows of it too");
    says("exit");
    await until(() => mount?.get("wild")?.remote?.isUp === false, "its end");
    await until(() => mount?.get("wild")?.remote?.isUp === true, "its return", 90_000);
    says("say I am back");
    await hears("I am back");
  } finally {
    await server.stop();
    await prosody.stop();
  }
});

test("two bots in processes of their own do not answer each other in a room for ever", async () => {
  const parrot = (name: string): string =>
    wildText()
      .replaceAll("wild", name)
      .replace('bot.hears("version"', 'bot.on("message:body", (ctx) => ctx.body);\n    bot.hears("version"');
  await using folder = await makeFolder({ "one/bot.ts": parrot("one"), "two/bot.ts": parrot("two") });
  const port = await freePort();
  const auth = "prosody:the-callback-secret";
  const rooms = { one: ["lobby@rooms.test/One"], two: ["lobby@rooms.test/Two"] };
  const config = checkConfig({
    port: 0,
    botsDir: folder.path,
    mounts: [
      {
        domain: "bots.test",
        rest: { url: `http://127.0.0.1:${port}/rest`, token: "a-token" },
        callback: { auth: [auth], dedupe: 0 },
        rooms,
      },
    ],
  });
  const bots = (await loadBots(folder.path)).map(({ bot }) => bot);
  const log: string[] = [];
  const server = await startServer(config, bots, pino({}, { write: (line: string) => void log.push(line) }));
  const prosody = await ModRestDouble.start({
    port,
    virtualHosts: [{ domain: "test", accounts: { juliet: randomBytes(12).toString("hex") } }],
    components: [
      {
        domain: "bots.test",
        tokens: ["a-token"],
        callback: {
          url: `http://${auth}@127.0.0.1:${server.address.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
        },
      },
    ],
    rooms: ["rooms.test"],
  });
  try {
    const juliet = await prosody.user("juliet@test/phone");
    juliet.send(presence({ to: "lobby@rooms.test/Juliet" }, buildJoin()));
    for (const nick of ["One", "Two"])
      await juliet.next(
        (stanza) => stanza.kind === "presence" && String(stanza.from) === `lobby@rooms.test/${nick}`,
      );
    juliet.send(message({ to: "lobby@rooms.test", type: "groupchat", body: "hello" }));
    await until(
      () => log.some((line) => line.includes("answer each other without an end")),
      "the end",
      60_000,
    );
  } finally {
    await server.stop();
    await prosody.stop();
  }
});

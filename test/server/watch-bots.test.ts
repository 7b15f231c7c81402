import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bot } from "../../src/bot/index.ts";
import { loadBots, watchBots } from "../../src/server/index.ts";
import { readStanza } from "../../src/stanza/index.ts";
import { call, chat, PLAIN, startHarness } from "../callback/support/harness.ts";
import { until } from "../prosody/support.ts";
import { botText, makeFolder } from "./folder.ts";

test("a bot that is saved is loaded anew; one that is broken leaves the older at work", async () => {
  await using folder = await makeFolder({
    "talker/bot.ts": botText("talker", "text", 'import { text } from "./text.ts";'),
    "talker/text.ts": 'export const text = "first";',
    "other/bot.ts": botText("other", '"other"'),
  });
  const bots = (await loadBots(folder.path)).map(({ bot }) => bot as Bot);
  await using harness = await startHarness({ bots });
  const ask = async (name = "talker"): Promise<string | undefined> => {
    const to = `${name}@${PLAIN}`;
    const { body } = await call(harness.port, { to, body: chat("?", { to }) });
    const answer = readStanza(body);
    return answer.kind === "message" ? answer.body : undefined;
  };
  const logged = (text: string, times = 1) =>
    until(() => harness.log.filter((line) => line.includes(text)).length >= times, text);
  const messages = (): string[] =>
    harness.log
      .map((line) => JSON.parse(line) as { msg: string; err?: object })
      .flatMap(({ msg, err }) => (err === undefined ? [] : [msg]));
  const { pino } = await import("pino");
  const log = pino({ base: null }, { write: (line) => void (harness.log as string[]).push(line) });
  const watch = await watchBots(folder.path, harness.server, log, bots);
  try {
    assert.equal(await ask(), "first");

    await folder.write("talker/text.ts", 'export const text = "second";');
    await logged("talker was reloaded");
    assert.equal(await ask(), "second");
    assert.equal(await ask("other"), "other");

    await folder.write("talker/text.ts", "export const text = ");
    await logged("could not be reloaded");
    assert.equal(await ask(), "second");

    await folder.write("talker/bot.ts", "export default 7;");
    await logged("exports no bot");
    assert.equal(await ask(), "second");

    await folder.write("talker/text.ts", 'export const text = "third";');
    await folder.write("talker/bot.ts", botText("talker", "text", 'import { text } from "./text.ts";'));
    await logged("talker was reloaded", 2);
    assert.equal(await ask(), "third");

    await folder.write("young/bot.ts", "export default 7;");
    await logged("exports no bot", 2);
    assert.deepEqual(messages().slice(-1), ["a bot cannot be loaded; save it when it is mended"]);
    await folder.write("young/bot.ts", botText("young", '"young"'));
    await logged("young was loaded");
    assert.equal(await ask("young"), "young");
    await folder.write("young/bot.ts", "export default 8;");
    await logged("exports no bot", 3);
    assert.deepEqual(messages().slice(-1), ["a bot could not be reloaded; the one from before goes on"]);
    assert.equal(await ask("young"), "young");
  } finally {
    await watch.close();
  }
});

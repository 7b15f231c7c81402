import assert from "node:assert/strict";
import { test } from "node:test";
import help from "../../bots/help/bot.ts";
import type { Bot } from "../../src/bot/index.ts";
import { loadBotNamed, loadBots } from "../../src/server/index.ts";
import { readStanza } from "../../src/stanza/index.ts";
import { ALICE, call, chat, type Harness, PLAIN, startHarness } from "../callback/support/harness.ts";
import { botText, makeFolder } from "./folder.ts";

const ADMINS = { groups: { admins: ["alice@example.com"] } };

async function ask({ port }: Harness, text: string, to = PLAIN, from = ALICE): Promise<string | undefined> {
  const { body } = await call(port, { to, from, body: chat(text, { to, from }) });
  const answer = readStanza(body);
  return answer.kind === "message" ? answer.body : undefined;
}

test("an admin has a bot loaded anew from its files, and is told where it is broken", async () => {
  await using folder = await makeFolder({
    "folder/bot.ts": botText("talker", '"first"'),
    "own/bot.ts": botText("own", '"own"'),
  });
  const bots = (await loadBots(folder.path)).map(({ bot }) => bot);
  const load = (name: string): Promise<Bot> => loadBotNamed(folder.path, name);
  await using harness = await startHarness({
    bots: [help as Bot, ...bots],
    config: {
      ...ADMINS,
      botsDir: folder.path,
    },
    load,
  });
  const talker = `talker@${PLAIN}`;
  assert.equal(await ask(harness, "?", talker), "first");

  await folder.write("folder/bot.ts", botText("talker", '"second"'));
  assert.notEqual(await ask(harness, "reload talker", PLAIN, "eve@example.com/x"), "talker is reloaded.");
  assert.equal(await ask(harness, "?", talker), "first", "nobody else may");
  assert.equal(await ask(harness, "reload talker"), "talker is reloaded.");
  assert.equal(await ask(harness, "?", talker), "second");

  const why = "talker could not be reloaded, so the one from before goes on: ";
  await folder.write("folder/bot.ts", botText("talker", '"third"', 'throw new Error("no key");'));
  assert.equal(await ask(harness, "reload talker"), `${why}no key (folder/bot.ts:2:7)`);
  await folder.write("folder/bot.ts", botText("another", '"third"'));
  await folder.write("talker/bot.ts", botText("talker", '"third"', 'throw new Error("no key");'));
  assert.equal(await ask(harness, "reload talker"), `${why}no key (talker/bot.ts:2:7)`);
  await folder.write("talker/bot.ts", "export const a = 1;\nexport default (");
  assert.match((await ask(harness, "reload talker")) ?? "", /talker\/bot\.ts:2:\d+/);
  const start = "start() {\n throw new Error('no luck');\n},\n routes";
  await folder.write("talker/bot.ts", botText("talker", '"third"').replace("routes", start));
  assert.equal(await ask(harness, "reload talker"), `${why}no luck (talker/bot.ts:7:8)`);
  assert.equal(await ask(harness, "?", talker), "second");

  assert.equal(await ask(harness, "reload nobody"), "There is no bot called nobody here.");
  assert.match((await ask(harness, "reload help")) ?? "", /^help itself cannot be reloaded/);
  assert.equal(
    await ask(harness, "reload echo"),
    `echo could not be reloaded, so the one from before goes on: no bot in ${folder.path} is called echo: was it renamed, or moved away?`,
  );
  await ask(harness, "language de");
  assert.match((await ask(harness, "reload help")) ?? "", /^help selbst lässt sich von hier nicht neu laden/);
  assert.equal(
    await ask(harness, "reload talker"),
    "talker ließ sich nicht neu laden, darum bleibt es bei dem von vorher: no luck (talker/bot.ts:7:8)",
  );
});

test("bots that do not come from files cannot be reloaded", async () => {
  await using harness = await startHarness({ bots: [help as Bot], config: ADMINS });
  assert.equal(await ask(harness, "reload echo"), "Bots cannot be reloaded here: restart the server.");
});

test("bots that are reloaded at the same moment do not wait for each other for ever", async () => {
  await using folder = await makeFolder({ "talker/bot.ts": botText("talker", '"first"') });
  const load = (): Promise<Bot> => loadBotNamed(folder.path, "talker");
  await using harness = await startHarness({ bots: [await load()] });
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const busy = {
    ...(await load()),
    routes: (routes: Parameters<Bot["routes"]>[0]) =>
      void routes.on("message:body", async () => {
        begun.resolve();
        await held.promise;
        return "done";
      }),
  } as Bot;
  await harness.server.reload(busy);
  const asked = ask(harness, "?", `talker@${PLAIN}`);
  await begun.promise;
  const reloads = [harness.server.reload(await load()), harness.server.reload(await load())];
  held.resolve();
  await Promise.all(reloads);
  assert.equal(await asked, "done");
  assert.equal(await ask(harness, "?", `talker@${PLAIN}`), "first");
});

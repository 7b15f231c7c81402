import assert from "node:assert/strict";
import { test } from "node:test";
import help from "../../bots/help/bot.ts";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { readStanza } from "../../src/stanza/index.ts";
import { ALICE, call, chat, type Harness, PLAIN, startHarness } from "../callback/support/harness.ts";

const tea = defineBot({
  name: "tea",
  summary: "makes tea",
  routes: (bot) => {
    bot.command({ name: "brew", aliases: ["b"], summary: { en: "brews", de: "brüht" }, run: () => "hot" });
    bot.command({ name: "descale", summary: "cleans", access: "admin", run: () => "clean" });
  },
});
const echo = defineBot({ name: "echo", summary: "echoes", routes: (bot) => void bot.use((ctx) => ctx.body) });
const EVE = "eve@example.com/x";

async function start(): Promise<Harness> {
  return await startHarness({
    bots: [help as Bot, tea as Bot, echo as Bot],
    config: { groups: { admins: ["alice@example.com"] } },
  });
}

async function ask({ port }: Harness, text: string, from = ALICE, to = PLAIN): Promise<string | undefined> {
  const { body } = await call(port, { to, from, body: chat(text, { to, from }) });
  if (body === "") return undefined;
  const answer = readStanza(body);
  return answer.kind === "message" ? answer.body : undefined;
}

test("help tells what a bot can do for who asks, and all about its commands", async () => {
  await using harness = await start();
  assert.match(
    (await ask(harness, "help")) ?? "",
    /^These bots live here; .*\n.*echo@.*\n.*tea@.* makes tea$/,
  );
  assert.equal(
    await ask(harness, "help tea", EVE),
    [
      `tea@${PLAIN} makes tea.`,
      "brew: brews",
      "help [command…]: tells what I can do, or all about a command",
      "why <command> [who]: tells why you may run a command, or may not",
      "",
      "help tea COMMAND tells more.",
    ].join("\n"),
  );
  assert.match((await ask(harness, "help tea")) ?? "", /^descale: cleans$/m);
  assert.equal(await ask(harness, "help tea b", EVE), "brew\nbrews\n\nAlso: b");
  assert.equal(await ask(harness, "help tea descale", EVE), "tea has no command descale that you may use.");
  assert.match((await ask(harness, "help tea descale")) ?? "", /^descale\ncleans/);
  assert.equal(await ask(harness, "help echo"), `echo@${PLAIN} echoes. Write to it, and see.`);
  assert.match((await ask(harness, "help nobody")) ?? "", /^These bots live here/);
});

test("help goes by what admins have granted the person with that bot", async () => {
  await using harness = await start();
  await ask(harness, "grant eve@example.com descale", ALICE, `tea@${PLAIN}`);
  assert.match((await ask(harness, "help tea", EVE)) ?? "", /^descale: cleans$/m);
});

test("admins decide about who waits by their address as it came, also where it is none by RFC 7622", async () => {
  await using harness = await startHarness({
    bots: [
      help as Bot,
      defineBot({
        name: "echo",
        summary: "echoes",
        contacts: { policy: "ask" },
        routes: () => undefined,
      }) as Bot,
    ],
    config: { groups: { admins: ["alice@example.com"] } },
  });
  const to = `echo@${PLAIN}`;
  const wants = async (from: string): Promise<void> => {
    const body = `<presence xmlns="jabber:client" type="subscribe" from="${from}" to="${to}"/>`;
    await call(harness.port, { to, from, kind: "presence", type: "subscribe", body });
  };
  for (const who of ["♥@example.com", "♠@example.com", "eve@example.com", "Eve@example.com"])
    await wants(who);
  const waiting = async (): Promise<string[]> =>
    [...((await ask(harness, "requests")) ?? "").matchAll(/echo: (\S+),/g)].map(([, who = ""]) => who).sort();
  assert.deepEqual(await waiting(), ["Eve@example.com", "eve@example.com", "♠@example.com", "♥@example.com"]);
  assert.equal(await ask(harness, "accept echo ♥@example.com"), "♥@example.com has echo as a contact now.");
  assert.equal(
    await ask(harness, "refuse echo ♠@example.com"),
    "♠@example.com does not have echo as a contact.",
  );
  assert.equal(
    await ask(harness, "refuse echo Eve@example.com"),
    "Eve@example.com does not have echo as a contact.",
  );
  assert.deepEqual(await waiting(), ["eve@example.com"]);
  assert.equal(
    await ask(harness, "accept echo xmpp:Eve@Example.com/x"),
    "eve@example.com has echo as a contact now.",
  );
  assert.equal(
    await ask(harness, "refuse echo ♥@example.com"),
    "♥@example.com does not have echo as a contact.",
    "a contact by now",
  );
  assert.equal(
    await ask(harness, "accept echo ♦@example.com"),
    "♦@example.com is no address, such as juliet@example.com, nor does anybody of that name wait.",
  );
});

test("admins see how the bots are, switch them off and on again, and others do not", async () => {
  await using harness = await start();
  const to = `tea@${PLAIN}`;
  for (const command of ["states", "disable tea", "enable tea", "reload tea"])
    assert.match((await ask(harness, command, EVE)) ?? "", /^You may not use/, command);
  assert.equal(await ask(harness, "states"), "echo: running\nhelp: running\ntea: running");
  assert.equal(await ask(harness, "brew", EVE, to), "hot");
  assert.equal(await ask(harness, "disable Tea"), "tea is disabled.");
  assert.equal(await ask(harness, "states"), "echo: running\nhelp: running\ntea: disabled");
  assert.match((await ask(harness, "brew", EVE, to)) ?? "", /^I am switched off/);
  assert.equal(await ask(harness, "enable tea"), "tea is enabled.");
  assert.equal(await ask(harness, "brew", EVE, to), "hot");
  assert.equal(await ask(harness, "disable nobody"), "There is no bot called nobody here.");
  assert.match((await ask(harness, "disable help")) ?? "", /nobody could switch it on/);
  await ask(harness, "language de");
  assert.equal(
    await ask(harness, "disable help"),
    "help selbst lässt sich nicht abschalten: niemand könnte ihn wieder einschalten.",
  );
  assert.equal(await ask(harness, "states"), "echo: läuft\nhelp: läuft\ntea: läuft");
});

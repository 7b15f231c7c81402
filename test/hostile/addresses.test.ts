import assert from "node:assert/strict";
import { test } from "node:test";
import { type Composer, type Context, personOf, sendOwn, session } from "../../src/bot/index.ts";
import { services } from "../../src/services/index.ts";
import type { Jid } from "../../src/stanza/index.ts";
import { ERROR, stanza, words, world } from "../dispatch/support.ts";

function routes(bot: Composer<Context>): void {
  const own = bot.extend(session({ initial: () => ({ count: 0 }) }));
  const echo = own.dialog("echo", async (d) => `So ${await d.ask("Well?")}.`);
  own.timer("later", () => undefined);
  own.hears("all", async (ctx) => {
    (await ctx.session).count += 1;
    ctx.storage.set(personOf(ctx), true);
    await ctx.schedule("later", 60_000);
    await ctx.send(ctx.from, "sent");
    await sendOwn(ctx.bot, ctx.from, "by itself");
    return "done";
  });
  own.hears("ask", (ctx) => echo.start(ctx));
}

for (const from of [
  "♥@example.com/\u202ephone",
  "juliet@example.com/♥\u202e",
  "lobby@rooms.example/\u202enick",
])
  test(`all that a bot does for others it does for ${JSON.stringify(from)}, whom a server has let in`, async () => {
    const { dispatcher, sender, log, bot } = world({ echo: routes }, { fallback: services() });
    if (from.startsWith("lobby"))
      await bot("echo").rooms.join(stanza(`<presence from='${from}'/>`).from as Jid);
    sender.sent.length = 0;
    const said = async (body: string): Promise<string> => {
      const told = stanza(
        `<message type='chat' id='${body}' from='${from}' to='echo@bots.example'><body>${body}</body></message>`,
      );
      const outcome = await dispatcher.dispatch(told);
      return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
    };
    assert.deepEqual([await said("all"), await said("ask"), await said("tea")], ["done", "Well?", "So tea."]);
    assert.deepEqual(sender.words, ["sent", "by itself"]);
    for (const { to } of sender.sent) assert.equal(String(to), from);
    assert.deepEqual(
      log.filter(({ level }) => level >= ERROR).map(({ msg }) => msg),
      [],
    );
  });

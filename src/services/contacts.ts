import { Composer } from "../bot/index.ts";
import { presence } from "../stanza/index.ts";

/**
 * Makes a bot a contact like any other (RFC 6121 §3, §4.3): it lets those see its presence whom its policy lets, and tells it to them when
 * asked. What comes of that is in `ctx.bot.contacts`.
 */
export function contacts(): Composer {
  const service = new Composer();
  service.on("presence:subscribe", async (ctx) => {
    const said = await ctx.bot.contacts.wanted(ctx.stanza, ctx.from, ctx.effects);
    for (const stanza of said) await ctx.reply(stanza);
  });
  service.on("presence:unsubscribe", () => presence({ type: "unavailable" }));
  service.on("presence:probe", async (ctx) => {
    const said = await ctx.bot.contacts.probed(ctx.stanza, ctx.from, ctx.effects);
    for (const stanza of said) await ctx.reply(stanza);
  });
  return service;
}

import { Composer, type Context } from "../bot/index.ts";
import { type Presence, presence } from "../stanza/index.ts";

/**
 * Makes a bot a contact like any other (RFC 6121 §3, §4.3): it lets those see its presence whom its policy lets, and tells it to them when
 * asked. What comes of that is in `ctx.bot.contacts`.
 */
export function contacts(): Composer {
  const service = new Composer();
  service.on("presence:subscribe", async (ctx) => {
    if (standsIn(ctx)) await answer(ctx, presence({ type: "subscribed" }));
    else await ctx.bot.contacts.answerWish(ctx.stanza, ctx.from);
  });
  service.on("presence:unsubscribe", () => presence({ type: "unavailable" }));
  service.on("presence:probe", async (ctx) => {
    if (standsIn(ctx)) await answer(ctx);
    else await ctx.bot.contacts.answerProbe(ctx.stanza, ctx.from);
  });
  return service;
}

/** Whether the bot stands in for an address that is not its own: of those there is no end, so it has no contacts there. */
function standsIn({ to, bot }: Context): boolean {
  return !to.bare.equals(bot.jid);
}

/** Answers who wants to see such an address, by the policy as it is. */
async function answer(ctx: Context, ...first: Presence[]): Promise<void> {
  const { contacts: own } = ctx.bot;
  if (own.judge(ctx.from) !== "accept") return await ctx.reply(presence({ type: "unsubscribed" }));
  for (const each of first) await ctx.reply(each);
  await ctx.reply(await own.presence(ctx.stanza.lang));
}

import { Composer, type Context } from "../bot/index.ts";
import { type Message, type Presence, presence } from "../stanza/index.ts";

/**
 * Makes a bot a contact like any other (RFC 6121 §3, §4.3): it lets those see its presence whom its policy lets, and tells it to them when
 * asked. What comes of that is in `ctx.bot.contacts`.
 */
export function contacts(): Composer {
  const service = new Composer();
  service.on("presence:subscribe", async (ctx) => {
    const { stanza, from, bot, effects } = ctx;
    if (standsIn(ctx)) await answer(ctx, await asIs(ctx, presence({ type: "subscribed" })));
    else await answer(ctx, await bot.contacts.wanted(stanza, from, effects));
  });
  service.on("presence:unsubscribe", () => presence({ type: "unavailable" }));
  service.on("presence:probe", async (ctx) => {
    const { stanza, from, bot, effects } = ctx;
    if (standsIn(ctx)) await answer(ctx, await asIs(ctx));
    else await answer(ctx, await bot.contacts.probed(stanza, from, effects));
  });
  return service;
}

/** Whether the bot stands in for an address that is not its own: of that there is no end, so it has no contacts there. */
function standsIn({ to, bot }: Context): boolean {
  return !to.bare.equals(bot.jid);
}

/** What becomes of who wants to see such an address: the policy as it is, and what the bot is like. */
async function asIs({ bot, from, stanza }: Context, ...first: Presence[]): Promise<readonly Presence[]> {
  if (bot.contacts.judge(from) !== "accept") return [presence({ type: "unsubscribed" })];
  return [...first, await bot.contacts.presence(stanza.lang)];
}

async function answer(ctx: Context, said: readonly (Message | Presence)[]): Promise<void> {
  for (const stanza of said) await ctx.reply(stanza);
}

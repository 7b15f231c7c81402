import type { Context } from "../context.ts";
import type { Chain } from "../middleware.ts";

/** @internal Has the contacts of a bot learn from what comes, before its handlers do about it what they like. */
export function observing(chain: Chain<Context>): Chain<Context> {
  return (pass, next) => {
    const { ctx } = pass;
    const { stanza, from, bot } = ctx;
    if (stanza.kind !== "presence" || ctx.inRoom || !ctx.to.bare.equals(bot.jid)) return chain(pass, next);
    if (stanza.type === "subscribe" || stanza.type === "probe") return chain(pass, next);
    return bot.contacts.observe(stanza, from).then(() => chain(pass, next));
  };
}

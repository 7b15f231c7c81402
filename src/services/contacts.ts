import { Composer } from "../bot/index.ts";
import { presence } from "../stanza/index.ts";

/**
 * Makes a bot a contact like any other (RFC 6121 §3, §4.3): it lets everybody see its presence, and tells it when asked.
 */
export function contacts(): Composer {
  const service = new Composer();
  service.on("presence:subscribe", async (ctx) => {
    await ctx.reply(presence({ type: "subscribed" }));
    await ctx.reply(presence());
  });
  service.on("presence:unsubscribe", () => presence({ type: "unsubscribed" }));
  service.on("presence:probe", () => presence());
  return service;
}

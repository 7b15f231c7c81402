import { Composer, menuInfo, menuItems } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import { buildDiscoInfo, buildDiscoItems, NS_COMMANDS, NS_DISCO_INFO, NS_DISCO_ITEMS } from "../xep/index.ts";

/**
 * Lists a bot's commands for the menus of clients (XEP-0050 §2.2): each to whoever may run it. Running them is the bot's own, among its
 * other routes; here it is only said that there is no such command.
 */
export function commands(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_DISCO_INFO}`, async (ctx, next) => {
    const node = ctx.payload.attr("node");
    const info = node === undefined ? undefined : await menuInfo(ctx, node);
    if (info === undefined) {
      await next();
      return undefined;
    }
    return buildDiscoInfo(info.identities, info.features, { node });
  });
  service.on(`iq:get:${NS_DISCO_ITEMS}`, async (ctx, next) => {
    const node = ctx.payload.attr("node");
    if (node === NS_COMMANDS) return buildDiscoItems(await menuItems(ctx), node);
    await next();
    return undefined;
  });
  service.on("iq", async (ctx, next) => {
    const isCommand = ctx.payload?.is("command", NS_COMMANDS) === true;
    if (isCommand && (ctx.bot.commands ?? []).length > 0) throw new StanzaError("item-not-found");
    await next();
  });
  return service;
}

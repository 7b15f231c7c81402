import { Composer, menuItem } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import { buildDiscoInfo, buildDiscoItems, NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PUBSUB } from "../xep/index.ts";
import { PEP_NODES, pepItem } from "./pep-nodes.ts";

/** Answers what a bot is and what is beneath it (XEP-0030): its bots beneath the domain, and what it has published of itself beneath a bot. */
export function discovery(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_DISCO_INFO}`, (ctx) => {
    const node = ctx.payload.attr("node");
    const { identity } = ctx.bot;
    if (node !== undefined && PEP_NODES.includes(node))
      return buildDiscoInfo([{ category: "pubsub", type: "leaf" }], [NS_PUBSUB], { node });
    if (node !== undefined && !identity.isOwnNode(node)) throw new StanzaError("item-not-found");
    const { identities, features } = identity.info;
    return buildDiscoInfo(identities, features, { node });
  });
  service.on(`iq:get:${NS_DISCO_ITEMS}`, async (ctx) => {
    const { to, bot } = ctx;
    const node = ctx.payload.attr("node");
    if (node !== undefined && PEP_NODES.includes(node)) {
      const item = pepItem(bot, node);
      return buildDiscoItems(item === undefined ? [] : [{ jid: to.bare.toString(), name: item.id }], node);
    }
    if (node !== undefined) throw new StanzaError("item-not-found");
    const menu = await menuItem(ctx);
    const own = menu === undefined ? [] : [menu];
    if (to.local !== undefined)
      return buildDiscoItems([...own, ...PEP_NODES.map((node) => ({ jid: to.bare.toString(), node }))]);
    const others = bot.directory.list().filter(({ jid }) => !jid.equals(to));
    return buildDiscoItems([
      ...own,
      ...others.map(({ jid, nick, summary }) => ({ jid: jid.toString(), name: `${nick}: ${summary}` })),
    ]);
  });
  return service;
}

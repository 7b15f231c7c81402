import { Composer } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import { buildDiscoInfo, buildDiscoItems, NS_DISCO_INFO, NS_DISCO_ITEMS } from "../xep/index.ts";

/** Answers what a bot is and what is beneath it (XEP-0030): beneath the domain are its bots. */
export function discovery(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_DISCO_INFO}`, (ctx) => {
    const node = ctx.payload.attr("node");
    const { identity } = ctx.bot;
    if (node !== undefined && !identity.isOwnNode(node)) throw new StanzaError("item-not-found");
    const { identities, features } = identity.info;
    return buildDiscoInfo(identities, features, { node });
  });
  service.on(`iq:get:${NS_DISCO_ITEMS}`, (ctx) => {
    if (ctx.payload.attr("node") !== undefined) throw new StanzaError("item-not-found");
    const { to, bot } = ctx;
    const beneath = to.local === undefined ? bot.directory.list().filter(({ jid }) => !jid.equals(to)) : [];
    return buildDiscoItems(
      beneath.map(({ jid, name, summary }) => ({ jid: jid.toString(), name: `${name}: ${summary}` })),
    );
  });
  return service;
}

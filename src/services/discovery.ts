import { Composer } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import {
  buildDiscoInfo,
  buildDiscoItems,
  NS_CHAT_STATES,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
  NS_PING,
  NS_RECEIPTS,
} from "../xep/index.ts";

const features = [NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING, NS_RECEIPTS, NS_CHAT_STATES];

/** Answers what a bot is and what is beneath it (XEP-0030): the domain lists its bots, a bot nothing. */
export function discovery(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_DISCO_INFO}`, (ctx) => {
    refuseNode(ctx.payload.attr("node"));
    const { bot } = ctx;
    const host = ctx.to.local === undefined;
    return buildDiscoInfo(
      [
        host
          ? { category: "component", type: "generic", name: "Bots" }
          : { category: "client", type: "bot", name: bot.name },
      ],
      features,
    );
  });
  service.on(`iq:get:${NS_DISCO_ITEMS}`, (ctx) => {
    refuseNode(ctx.payload.attr("node"));
    const { to, bot } = ctx;
    const beneath = to.local === undefined ? bot.directory.list().filter(({ jid }) => !jid.equals(to)) : [];
    return buildDiscoItems(
      beneath.map(({ jid, name, summary }) => ({ jid: jid.toString(), name: `${name}: ${summary}` })),
    );
  });
  return service;
}

function refuseNode(node: string | undefined): void {
  if (node !== undefined) throw new StanzaError("item-not-found");
}

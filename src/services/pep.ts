import { Composer } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import { buildItems, buildPubSubRefusal, NS_PUBSUB, readWantedItems } from "../xep/index.ts";
import { PEP_NODES, pepItem } from "./pep-nodes.ts";

/** Answers what a bot has published of itself (XEP-0163, XEP-0060 §6.5): everybody may ask. */
export function pep(): Composer {
  const service = new Composer();
  service.on(`iq:get:{${NS_PUBSUB}}pubsub`, ({ payload, bot }) => {
    const wanted = readWantedItems(payload);
    if (wanted === undefined) throw new StanzaError("feature-not-implemented");
    const { node, ids, last } = wanted;
    if (!PEP_NODES.includes(node)) throw new StanzaError("item-not-found");
    const item = pepItem(bot, node);
    const isWanted = item !== undefined && last !== 0 && (ids.length === 0 || ids.includes(item.id ?? ""));
    return buildItems(node, isWanted ? [item] : []);
  });
  service.on(`iq:set:{${NS_PUBSUB}}pubsub`, ({ payload }) => {
    const [what] = payload.elements;
    // Who is interested says so in its own presence (XEP-0163 §4.3.2); nobody else publishes here.
    if (what?.name === "subscribe" || what?.name === "unsubscribe")
      throw buildPubSubRefusal({ reason: "unsupported", feature: "subscribe" });
    throw new StanzaError("forbidden");
  });
  return service;
}

import { type Element, el } from "../stanza/index.ts";
import { buildToldItem, NS_PUBSUB, pubsubElement, type ToldItem } from "./pubsub.ts";
import { buildPageInfo, type PageInfo } from "./rsm.ts";
import { readNumber } from "./values.ts";

/** XEP-0163: what an entity says in XEP-0030 that has nodes of its own. */
export const PEP_IDENTITY = { category: "pubsub", type: "pep" } as const;

/** XEP-0060 §10: items can be asked for. */
export const FEATURE_RETRIEVE_ITEMS = `${NS_PUBSUB}#retrieve-items`;

/** Which items somebody wants of a node of ours. */
export interface WantedItems {
  readonly node: string;
  /** Only these; none for any. */
  readonly ids: readonly string[];
  /** Only so many of the last ones; `undefined` for all. */
  readonly last: number | undefined;
}

/** The feature of who wants to be told what happens at a node (XEP-0163 §4.2). */
export function notifyFeature(node: string): string {
  return `${node}+notify`;
}

/** Reads which items are wanted (XEP-0060 §6.5); `undefined` where that is not what is asked. */
export function readWantedItems(pubsub: Element): WantedItems | undefined {
  const items = pubsub.child("items", NS_PUBSUB);
  const node = items?.attr("node");
  if (items === undefined || node === undefined) return undefined;
  return {
    node,
    ids: items.childrenNamed("item").flatMap((item) => item.attr("id") ?? []),
    last: readNumber(items.attr("max_items")),
  };
}

/**
 * Answers with items of a node (XEP-0060 §6.5.2).
 *
 * @param page which part of them all this is, where a service gives parts (§6.5.4).
 */
export function buildItems(node: string, items: readonly ToldItem[], page?: PageInfo | undefined): Element {
  return pubsubElement(el("items", { node }, items.map(buildToldItem)), page && buildPageInfo(page));
}

import { type Element, el } from "../stanza/index.ts";
import { buildSubmit, type DataForm, NS_DATA, readDataForm } from "./data-forms.ts";
import { buildPageRequest, type PageInfo, type PageRequest, readPageInfo } from "./rsm.ts";

/** XEP-0060: Publish-Subscribe; also its feature, of which those of its parts begin with it and `#`. */
export const NS_PUBSUB = "http://jabber.org/protocol/pubsub";

const FORM_PUBLISH = `${NS_PUBSUB}#publish-options`;
const FORM_CONFIGURE = `${NS_PUBSUB}#node_config`;

/** What is filled into a form, by the names of its fields. */
export type FormInput = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One item of a node. */
export interface PubSubItem {
  readonly id: string | undefined;
  /** `undefined` where only the id is told. */
  readonly payload: Element | undefined;
  /** Who published it, where the service tells. */
  readonly publisher: string | undefined;
}

/** An item to publish. */
export interface PubSubItemInit {
  /** Default: the service gives one. */
  readonly id?: string | undefined;
  /** Left out where the node takes items without one. */
  readonly payload?: Element | undefined;
}

/** Which items of a node are wanted. */
export interface ItemsRequest extends PageRequest {
  readonly node: string;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Only so many of the last ones (XEP-0060 §6.5.7). */
  readonly last?: number | undefined;
}

/** Items of a node. */
export interface ItemsPage {
  readonly items: readonly PubSubItem[];
  /** Which part of them all this is, where the service gives parts (XEP-0060 §6.5.4). */
  readonly page: PageInfo | undefined;
}

/**
 * Publishes items at a node (XEP-0060 §7.1). With ids and no payloads it is what a component that is such a service answers to that
 * (§7.1.2).
 */
export function buildPublish(
  node: string,
  items: readonly PubSubItemInit[],
  options?: FormInput | undefined,
): Element {
  return pubsubElement(
    el("publish", { node }, items.map(buildPubSubItem)),
    options && el("publish-options", {}, buildSubmit(options, FORM_PUBLISH)),
  );
}

/** The ids that the service gave to what was published; none where it does not tell. */
export function readPublished(pubsub: Element): string[] {
  return readPubSubItems(pubsub.child("publish")).flatMap(({ id }) => id ?? []);
}

/** Takes items back (XEP-0060 §7.2). */
export function buildRetractItems(node: string, ids: readonly string[], notify?: boolean): Element {
  return pubsubElement(
    el(
      "retract",
      { node, notify },
      ids.map((id) => el("item", { id })),
    ),
  );
}

/** Asks for items of a node (XEP-0060 §6.5). */
export function buildItemsRequest({ node, ids = [], last, ...page }: ItemsRequest): Element {
  return pubsubElement(
    el(
      "items",
      { node, max_items: last },
      ids.map((id) => el("item", { id })),
    ),
    buildPageRequest(page),
  );
}

/** Reads the answer to {@link buildItemsRequest}. */
export function readItemsPage(pubsub: Element): ItemsPage {
  return { items: readPubSubItems(pubsub.child("items")), page: readPageInfo(pubsub) };
}

/** Makes a node (XEP-0060 §8.1). */
export function buildCreateNode(node: string | undefined, configuration?: FormInput | undefined): Element {
  return pubsubElement(
    el("create", { node }),
    configuration && el("configure", {}, buildSubmit(configuration, FORM_CONFIGURE)),
  );
}

/** The node that was made; `undefined` where the service does not tell, as it need not where it did not choose the name. */
export function readCreatedNode(pubsub: Element): string | undefined {
  return pubsub.child("create")?.attr("node");
}

/** The form inside an element of publish-subscribe; `undefined` without one. */
export function readPubSubForm(parent: Element | undefined): DataForm | undefined {
  const form = parent?.child("x", NS_DATA);
  return form && readDataForm(form);
}

/** @internal */
export function readPubSubItems(parent: Element | undefined): PubSubItem[] {
  return (parent?.childrenNamed("item") ?? []).map((item) => ({
    id: item.attr("id"),
    payload: item.elements[0],
    publisher: item.attr("publisher"),
  }));
}

/** @internal */
export function buildPubSubItem({ id, payload }: PubSubItemInit): Element {
  return el("item", { id }, payload);
}

/** An item of a node, as a service tells of it. */
export interface ToldItem extends PubSubItemInit {
  /** Who published it. */
  readonly publisher?: string | undefined;
}

/** @internal */
export function buildToldItem(item: ToldItem): Element {
  return buildPubSubItem(item).withAttrs({ publisher: item.publisher });
}

/** @internal The payload of a request, or of its answer. */
export function pubsubElement(...children: Parameters<typeof el>[2][]): Element {
  return el("pubsub", { xmlns: NS_PUBSUB }, children);
}

import { type Element, el, type Jid } from "../stanza/index.ts";
import { buildSubmit, type DataForm, NS_DATA, readDataForm } from "./data-forms.ts";
import { buildPageRequest, type PageInfo, type PageRequest, readPageInfo } from "./rsm.ts";
import { readInstant } from "./values.ts";

/** XEP-0060: Publish-Subscribe; also its feature, of which those of its parts begin with it and `#`. */
export const NS_PUBSUB = "http://jabber.org/protocol/pubsub";

const FORM_PUBLISH = `${NS_PUBSUB}#publish-options`;
const FORM_SUBSCRIBE = `${NS_PUBSUB}#subscribe_options`;
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

/** How far a subscription is (XEP-0060 §4.2). */
export type SubscriptionState = "none" | "pending" | "unconfigured" | "subscribed";

/** That an address is told what happens at a node. */
export interface Subscription {
  /** `undefined` for the service itself. */
  readonly node: string | undefined;
  readonly jid: string;
  readonly state: SubscriptionState;
  /** Which it is of several that the same address has. */
  readonly subId: string | undefined;
  /** Until when it lasts. */
  readonly expiry: Date | undefined;
}

/** What somebody may do with a node (XEP-0060 §4.1). */
export type NodeAffiliation = "owner" | "publisher" | "publish-only" | "member" | "none" | "outcast";

/** What an address may do with a node. */
export interface NodeAffiliate {
  readonly node: string | undefined;
  readonly jid: string | undefined;
  readonly affiliation: NodeAffiliation;
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

/** Publishes items at a node (XEP-0060 §7.1). */
export function buildPublish(
  node: string,
  items: readonly PubSubItemInit[],
  options?: FormInput | undefined,
): Element {
  return pubsub(
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
  return pubsub(
    el(
      "retract",
      { node, notify },
      ids.map((id) => el("item", { id })),
    ),
  );
}

/** Asks for items of a node (XEP-0060 §6.5). */
export function buildItemsRequest({ node, ids = [], last, ...page }: ItemsRequest): Element {
  return pubsub(
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

/** Asks to be told what happens at a node (XEP-0060 §6.1). */
export function buildSubscribe(node: string, jid: Jid | string, options?: FormInput | undefined): Element {
  return pubsub(
    el("subscribe", { node, jid: String(jid) }),
    options && el("options", {}, buildSubmit(options, FORM_SUBSCRIBE)),
  );
}

/** Asks to be told no more (XEP-0060 §6.2). */
export function buildUnsubscribe(node: string, jid: Jid | string, subId?: string | undefined): Element {
  return pubsub(el("unsubscribe", { node, jid: String(jid), subid: subId }));
}

/** Asks for the subscriptions that one has (XEP-0060 §5.6): at one node, or all. */
export function buildSubscriptionsRequest(node?: string | undefined): Element {
  return pubsub(el("subscriptions", { node }));
}

/** Asks what one may do with which node (XEP-0060 §5.7): with one, or all. */
export function buildAffiliationsRequest(node?: string | undefined): Element {
  return pubsub(el("affiliations", { node }));
}

/** Makes a node (XEP-0060 §8.1). */
export function buildCreateNode(node: string | undefined, configuration?: FormInput | undefined): Element {
  return pubsub(
    el("create", { node }),
    configuration && el("configure", {}, buildSubmit(configuration, FORM_CONFIGURE)),
  );
}

/** The node that was made; `undefined` where the service does not tell, as it need not where it did not choose the name. */
export function readCreatedNode(pubsub: Element): string | undefined {
  return pubsub.child("create")?.attr("node");
}

/** Reads one subscription: a `<subscription/>`, or a `<pubsub/>` with one. */
export function readSubscription(element: Element): Subscription | undefined {
  const subscription = element.name === "subscription" ? element : element.child("subscription");
  const state = STATES.find((known) => known === (subscription?.attr("subscription") ?? "subscribed"));
  if (subscription === undefined || state === undefined) return undefined;
  return {
    node: subscription.attr("node"),
    jid: subscription.attr("jid") ?? "",
    state,
    subId: subscription.attr("subid"),
    expiry: readInstant(subscription.attr("expiry")),
  };
}

/** Reads the subscriptions in a `<pubsub/>`, one's own or those of a node. */
export function readSubscriptions(pubsub: Element): Subscription[] {
  const list = pubsub.child("subscriptions");
  return (list?.childrenNamed("subscription") ?? []).flatMap((each) => {
    const subscription = readSubscription(each);
    return subscription ? { ...subscription, node: subscription.node ?? list?.attr("node") } : [];
  });
}

/** Reads the affiliations in a `<pubsub/>`, one's own or those of a node. */
export function readNodeAffiliations(pubsub: Element): NodeAffiliate[] {
  const list = pubsub.child("affiliations");
  return (list?.childrenNamed("affiliation") ?? []).flatMap((each) => {
    const affiliation = AFFILIATIONS.find((known) => known === each.attr("affiliation"));
    const node = each.attr("node") ?? list?.attr("node");
    return affiliation ? { node, jid: each.attr("jid"), affiliation } : [];
  });
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

function pubsub(...children: Parameters<typeof el>[2][]): Element {
  return el("pubsub", { xmlns: NS_PUBSUB }, children);
}

const STATES: readonly SubscriptionState[] = ["none", "pending", "unconfigured", "subscribed"];
const AFFILIATIONS: readonly NodeAffiliation[] = [
  "owner",
  "publisher",
  "publish-only",
  "member",
  "none",
  "outcast",
];

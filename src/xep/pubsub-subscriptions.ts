import { type Element, el, type Jid } from "../stanza/index.ts";
import { buildSubmit } from "./data-forms.ts";
import { type FormInput, NS_PUBSUB, pubsubElement } from "./pubsub.ts";
import { readInstant, writeInstant } from "./values.ts";

const FORM_SUBSCRIBE = `${NS_PUBSUB}#subscribe_options`;

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

/** Asks to be told what happens at a node (XEP-0060 §6.1). */
export function buildSubscribe(node: string, jid: Jid | string, options?: FormInput | undefined): Element {
  return pubsubElement(
    el("subscribe", { node, jid: String(jid) }),
    options && el("options", {}, buildSubmit(options, FORM_SUBSCRIBE)),
  );
}

/** Asks to be told no more (XEP-0060 §6.2). */
export function buildUnsubscribe(node: string, jid: Jid | string, subId?: string | undefined): Element {
  return pubsubElement(el("unsubscribe", { node, jid: String(jid), subid: subId }));
}

/** Asks for the subscriptions that one has (XEP-0060 §5.6): at one node, or all. */
export function buildSubscriptionsRequest(node?: string | undefined): Element {
  return pubsubElement(el("subscriptions", { node }));
}

/** Asks what one may do with which node (XEP-0060 §5.7): with one, or all. */
export function buildAffiliationsRequest(node?: string | undefined): Element {
  return pubsubElement(el("affiliations", { node }));
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

/** Answers with a subscription that has begun, or waits for something (XEP-0060 §6.1.2). For a component that is such a service. */
export function buildSubscription(subscription: Subscription): Element {
  return pubsubElement(subscriptionElement(subscription));
}

/**
 * Answers which subscriptions somebody has (XEP-0060 §5.6). For a component that is such a service; who has subscribed to a node it tells
 * the owner by {@link buildNodeSubscriptions}.
 */
export function buildSubscriptions(subscriptions: readonly Subscription[]): Element {
  return pubsubElement(el("subscriptions", {}, subscriptions.map(subscriptionElement)));
}

/**
 * Answers what somebody may do with which node (XEP-0060 §5.7). For a component that is such a service; who may do what with a node it
 * tells the owner by {@link buildNodeAffiliations}.
 */
export function buildAffiliations(affiliates: readonly NodeAffiliate[]): Element {
  const each = affiliates.map(({ node, jid, affiliation }) => el("affiliation", { node, jid, affiliation }));
  return pubsubElement(el("affiliations", {}, each));
}

/** @internal */
export function subscriptionElement({ node, jid, state, subId, expiry }: Subscription): Element {
  return el("subscription", {
    node,
    jid,
    subscription: state,
    subid: subId,
    expiry: expiry && writeInstant(expiry),
  });
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

const STATES: readonly SubscriptionState[] = ["none", "pending", "unconfigured", "subscribed"];
const AFFILIATIONS: readonly NodeAffiliation[] = [
  "owner",
  "publisher",
  "publish-only",
  "member",
  "none",
  "outcast",
];

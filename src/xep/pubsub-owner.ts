import { type Element, el, type Jid } from "../stanza/index.ts";
import { buildSubmit } from "./data-forms.ts";
import { type FormInput, NS_PUBSUB } from "./pubsub.ts";
import type { NodeAffiliation, SubscriptionState } from "./pubsub-subscriptions.ts";

/** XEP-0060 §8: what the owner of a node does. */
export const NS_PUBSUB_OWNER = `${NS_PUBSUB}#owner`;

/** Asks how a node is configured (XEP-0060 §8.2). */
export function buildNodeConfigurationRequest(node: string): Element {
  return owner(el("configure", { node }));
}

/** Configures a node. */
export function buildNodeConfiguration(node: string, values: FormInput): Element {
  return owner(el("configure", { node }, buildSubmit(values, `${NS_PUBSUB}#node_config`)));
}

/**
 * Takes a node away, with all that is published there (XEP-0060 §8.4).
 *
 * @param redirect the URI of the node that takes its place.
 */
export function buildDeleteNode(node: string, redirect?: string | undefined): Element {
  return owner(el("delete", { node }, redirect !== undefined && el("redirect", { uri: redirect })));
}

/** Takes back all that is published at a node (XEP-0060 §8.5). */
export function buildPurgeNode(node: string): Element {
  return owner(el("purge", { node }));
}

/** Asks who is told what happens at a node (XEP-0060 §8.8.1). */
export function buildNodeSubscriptionsRequest(node: string): Element {
  return owner(el("subscriptions", { node }));
}

/**
 * Changes who is told what happens at a node (XEP-0060 §8.8.2), and answers who is (§8.8.1), as a component does that is such a service.
 *
 * @param changes each with an id where an address has several subscriptions.
 */
export function buildNodeSubscriptions(
  node: string,
  changes: Iterable<readonly [jid: Jid | string, state: SubscriptionState, subId?: string | undefined]>,
): Element {
  const each = [...changes].map(([jid, state, subId]) =>
    el("subscription", { jid: String(jid), subscription: state, subid: subId }),
  );
  return owner(el("subscriptions", { node }, each));
}

/** Asks who may do what with a node (XEP-0060 §8.9.1). */
export function buildNodeAffiliationsRequest(node: string): Element {
  return owner(el("affiliations", { node }));
}

/** Changes who may do what with a node (XEP-0060 §8.9.2), and answers who may (§8.9.1), as a component does that is such a service. */
export function buildNodeAffiliations(
  node: string,
  changes: Iterable<readonly [jid: Jid | string, affiliation: NodeAffiliation]>,
): Element {
  const each = [...changes].map(([jid, affiliation]) => el("affiliation", { jid: String(jid), affiliation }));
  return owner(el("affiliations", { node }, each));
}

function owner(child: Element): Element {
  return el("pubsub", { xmlns: NS_PUBSUB_OWNER }, child);
}

import { type Element, el, type Message } from "../stanza/index.ts";
import { buildDataForm, type DataForm } from "./data-forms.ts";
import { buildToldItem, NS_PUBSUB, type PubSubItem, readPubSubForm, readPubSubItems } from "./pubsub.ts";
import { readSubscription, type Subscription, subscriptionElement } from "./pubsub-subscriptions.ts";

/** XEP-0060: what a service tells those who have subscribed. */
export const NS_PUBSUB_EVENT = `${NS_PUBSUB}#event`;

/** XEP-0131: Stanza Headers and Internet Metadata, in which a service tells by which subscription something comes. */
const NS_SHIM = "http://jabber.org/protocol/shim";

/** What has happened at a node. */
export type PubSubEvent =
  | { readonly type: "items"; readonly node: string; readonly items: readonly PubSubItem[] }
  /** Items were taken back. */
  | { readonly type: "retract"; readonly node: string; readonly ids: readonly string[] }
  /** All of them were. */
  | { readonly type: "purge"; readonly node: string }
  /** The node is gone; `redirect` is the URI of the one in its place. */
  | { readonly type: "delete"; readonly node: string; readonly redirect: string | undefined }
  /** The node is configured anew; `form` says how, where the service tells. */
  | { readonly type: "configuration"; readonly node: string; readonly form: DataForm | undefined }
  /** A subscription has begun, ended, or waits for an owner. */
  | { readonly type: "subscription"; readonly node: string; readonly subscription: Subscription };

/**
 * What a message tells of a node; `undefined` where it tells nothing, or nothing that is known here.
 *
 * Anybody can send a message that looks so: look at who sent it, which is the service, or the person of whom the node is.
 */
export function readPubSubEvent(message: Message): PubSubEvent | undefined {
  const what = message.child("event", NS_PUBSUB_EVENT)?.elements.find(({ ns }) => ns === NS_PUBSUB_EVENT);
  const node = what?.attr("node");
  if (what === undefined || node === undefined) return undefined;
  switch (what.name) {
    case "items": {
      const ids = what.childrenNamed("retract").flatMap((retract) => retract.attr("id") ?? []);
      if (ids.length > 0) return { type: "retract", node, ids };
      return { type: "items", node, items: readPubSubItems(what) };
    }
    case "purge":
      return { type: "purge", node };
    case "delete":
      return { type: "delete", node, redirect: what.child("redirect")?.attr("uri") };
    case "configuration":
      return { type: "configuration", node, form: readPubSubForm(what) };
    case "subscription": {
      const subscription = readSubscription(what);
      return subscription && { type: "subscription", node, subscription };
    }
    default:
      return undefined;
  }
}

/** By which of several subscriptions a message about a node has come (XEP-0060 §7.1.2.4). */
export function readSubscriptionIds(message: Message): string[] {
  const headers = message.child("headers", NS_SHIM)?.childrenNamed("header") ?? [];
  return headers.filter((header) => header.attr("name") === "SubID").map(({ text }) => text);
}

/** Tells by which of several subscriptions something comes, beside {@link buildPubSubEvent}. For a component that is such a service. */
export function buildSubscriptionIds(ids: readonly string[]): Element {
  const headers = ids.map((id) => el("header", { name: "SubID" }, id));
  return el("headers", { xmlns: NS_SHIM }, headers);
}

/** Tells what has happened at a node. */
export function buildPubSubEvent(event: PubSubEvent): Element {
  return el("event", { xmlns: NS_PUBSUB_EVENT }, happening(event));
}

function happening(event: PubSubEvent): Element {
  const { type, node } = event;
  switch (type) {
    case "items":
      return el("items", { node }, event.items.map(buildToldItem));
    case "retract":
      return el(
        "items",
        { node },
        event.ids.map((id) => el("retract", { id })),
      );
    case "purge":
      return el("purge", { node });
    case "delete":
      return el("delete", { node }, event.redirect !== undefined && el("redirect", { uri: event.redirect }));
    case "configuration":
      return el("configuration", { node }, event.form && buildDataForm(event.form));
    case "subscription":
      return subscriptionElement({ ...event.subscription, node });
  }
}

import type { Jid } from "../../stanza/index.ts";
import {
  buildAffiliationsRequest,
  buildCreateNode,
  buildSubscriptionsRequest,
  type DiscoItem,
  type FormInput,
  type NodeAffiliate,
  readCreatedNode,
  readNodeAffiliations,
  readSubscriptions,
  type Subscription,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { items } from "./disco.ts";
import { PubSubNode } from "./pubsub-node.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/**
 * A service of publish-subscribe (XEP-0060), or a person's own nodes at their bare JID (XEP-0163).
 *
 * Where the service refuses something, `readPubSubRefusal` of `restanza/xep` tells its reason.
 *
 * @example
 * ```ts
 * import { Composer, el } from "restanza";
 *
 * new Composer().hears(/^news (.+)$/, async (ctx) => {
 *   const news = ctx.calls.pubsub("pubsub.example.com").node("news");
 *   const id = await news.publish(el("title", { xmlns: "urn:example:news" }, ctx.match[1] ?? ""));
 *   return `Published as ${id}`;
 * });
 * ```
 */
export class PubSub {
  readonly #client: Requester;
  readonly #jid: string | Jid | undefined;

  /** @internal */
  constructor(client: Requester, jid: string | Jid | undefined) {
    this.#client = client;
    this.#jid = jid;
  }

  /** One node of it, which need not exist yet. */
  node(name: string): PubSubNode {
    return new PubSubNode(this.#client, this.#jid, name);
  }

  /** The nodes that it shows (XEP-0060 §5.2). */
  async nodes(options: QueryOptions = {}): Promise<readonly DiscoItem[]> {
    return (await items(this.#client, this.#jid, options)).filter(({ node }) => node !== undefined);
  }

  /**
   * Makes a node of which the service chooses the name (XEP-0060 §8.1.2).
   *
   * @param configuration as {@link PubSubNode.create} takes it.
   */
  async createNode(configuration?: FormInput, options: QueryOptions = {}): Promise<PubSubNode> {
    const payload = buildCreateNode(undefined, configuration);
    const name = readCreatedNode(await ask(this.#client, "set", this.#jid, payload, options));
    if (name === undefined) throw noPayload("create", payload.ns);
    return this.node(name);
  }

  /** The subscriptions of who asks (XEP-0060 §5.6). */
  async subscriptions(options: QueryOptions = {}): Promise<readonly Subscription[]> {
    return readSubscriptions(await ask(this.#client, "get", this.#jid, buildSubscriptionsRequest(), options));
  }

  /** What who asks may do with which node (XEP-0060 §5.7). */
  async affiliations(options: QueryOptions = {}): Promise<readonly NodeAffiliate[]> {
    return readNodeAffiliations(
      await ask(this.#client, "get", this.#jid, buildAffiliationsRequest(), options),
    );
  }
}

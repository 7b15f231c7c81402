import type { Element, Jid } from "../../stanza/index.ts";
import {
  buildCreateNode,
  buildDeleteNode,
  buildNodeAffiliations,
  buildNodeAffiliationsRequest,
  buildNodeConfiguration,
  buildNodeConfigurationRequest,
  buildNodeSubscriptions,
  buildNodeSubscriptionsRequest,
  buildPurgeNode,
  type DataForm,
  type FormInput,
  type NodeAffiliate,
  type NodeAffiliation,
  NS_DATA,
  readNodeAffiliations,
  readPubSubForm,
  readSubscriptions,
  type Subscription,
  type SubscriptionState,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** What its owner can do with a node of publish-subscribe (XEP-0060 §8). */
export class NodeAdministration {
  /** Its name. */
  readonly name: string;
  readonly #client: Requester;
  readonly #jid: string | Jid | undefined;

  /** @internal */
  constructor(client: Requester, jid: string | Jid | undefined, name: string) {
    this.name = name;
    this.#client = client;
    this.#jid = jid;
  }

  /**
   * Makes the node (XEP-0060 §8.1).
   *
   * @param configuration the fields of its form that are to differ, such as `{ "pubsub#max_items": "20" }`.
   */
  async create(configuration?: FormInput, options: QueryOptions = {}): Promise<void> {
    await this.#set(buildCreateNode(this.name, configuration), options);
  }

  /** How it is configured (XEP-0060 §8.2). */
  async configuration(options: QueryOptions = {}): Promise<DataForm> {
    const form = readPubSubForm(
      (await this.#own(buildNodeConfigurationRequest(this.name), options)).elements[0],
    );
    if (form === undefined) throw noPayload("x", NS_DATA);
    return form;
  }

  /** Configures it: the fields of its form that are to change. */
  async configure(values: FormInput, options: QueryOptions = {}): Promise<void> {
    await this.#set(buildNodeConfiguration(this.name, values), options);
  }

  /**
   * Takes the node away, with all that is published there (XEP-0060 §8.4).
   *
   * @param options.redirect the URI of the node that takes its place.
   */
  async delete(options: QueryOptions & { readonly redirect?: string | undefined } = {}): Promise<void> {
    await this.#set(buildDeleteNode(this.name, options.redirect), options);
  }

  /** Takes back all that is published there (XEP-0060 §8.5). */
  async purge(options: QueryOptions = {}): Promise<void> {
    await this.#set(buildPurgeNode(this.name), options);
  }

  /** Who has subscribed (XEP-0060 §8.8); for its owner. */
  async subscriptions(options: QueryOptions = {}): Promise<readonly Subscription[]> {
    return readSubscriptions(await this.#own(buildNodeSubscriptionsRequest(this.name), options));
  }

  /**
   * Changes who has subscribed; who is not named stays as they are.
   *
   * @param changes each with an id where an address has several subscriptions.
   */
  async changeSubscriptions(
    changes: Iterable<readonly [jid: Jid | string, state: SubscriptionState, subId?: string | undefined]>,
    options: QueryOptions = {},
  ): Promise<void> {
    await this.#set(buildNodeSubscriptions(this.name, changes), options);
  }

  /** Who may do what with it (XEP-0060 §8.9); for its owner. */
  async affiliations(options: QueryOptions = {}): Promise<readonly NodeAffiliate[]> {
    return readNodeAffiliations(await this.#own(buildNodeAffiliationsRequest(this.name), options));
  }

  /** Changes who may do what with it; who is not named stays as they are. */
  async changeAffiliations(
    changes: Iterable<readonly [jid: Jid | string, affiliation: NodeAffiliation]>,
    options: QueryOptions = {},
  ): Promise<void> {
    await this.#set(buildNodeAffiliations(this.name, changes), options);
  }

  async #set(payload: Element, options: QueryOptions): Promise<void> {
    await this.#client.iq({ type: "set", to: this.#jid, from: options.from, payload }, options);
  }

  #own(payload: Element, options: QueryOptions): Promise<Element> {
    return ask(this.#client, "get", this.#jid, payload, options);
  }
}

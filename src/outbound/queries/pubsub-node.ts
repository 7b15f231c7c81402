import type { Element, Iq, Jid } from "../../stanza/index.ts";
import {
  buildItemsRequest,
  buildPublish,
  buildRetractItems,
  buildSubscribe,
  buildUnsubscribe,
  type FormInput,
  type ItemsPage,
  type ItemsRequest,
  NS_PUBSUB,
  type PubSubItem,
  type PubSubItemInit,
  readItemsPage,
  readPublished,
  readSubscription,
  type Subscription,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { NodeAdministration } from "./node-administration.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** What publishing takes. */
export interface PublishOptions extends QueryOptions {
  /** The id of the item, which takes the place of an older one of that id. Default: the service gives one. */
  readonly id?: string | undefined;
  /** How the node is to be configured (XEP-0060 §7.1.5), such as `{ "pubsub#access_model": "open" }`. Default: as it is. */
  readonly publishOptions?: FormInput | undefined;
}

/** What asking for items takes. */
export interface ItemsOptions extends QueryOptions, Omit<ItemsRequest, "node" | "index"> {}

/** What subscribing takes. */
export interface SubscribeOptions extends QueryOptions {
  /** Who is to be told. Default: who asks. */
  readonly jid?: Jid | string | undefined;
  /** What is to be told (XEP-0060 §6.3), such as `{ "pubsub#digest": "1" }`. */
  readonly subscribeOptions?: FormInput | undefined;
}

/** What ending a subscription takes. */
export interface UnsubscribeOptions extends QueryOptions {
  /** Who is not to be told any more. Default: who asks. */
  readonly jid?: Jid | string | undefined;
  /** Which of several subscriptions of that address. */
  readonly subId?: string | undefined;
}

/** A node of publish-subscribe (XEP-0060), which need not exist yet. */
export class PubSubNode extends NodeAdministration {
  readonly #client: Requester;
  readonly #jid: string | Jid | undefined;

  /** @internal */
  constructor(client: Requester, jid: string | Jid | undefined, name: string) {
    super(client, jid, name);
    this.#client = client;
    this.#jid = jid;
  }

  /**
   * Publishes an item (XEP-0060 §7.1).
   *
   * @param payload left out where the node takes items without one.
   * @returns its id; `undefined` where neither you nor the service has named one.
   */
  async publish(payload?: Element, options: PublishOptions = {}): Promise<string | undefined> {
    const { id, publishOptions } = options;
    const [published] = await this.publishAll([{ id, payload }], { ...options, publishOptions });
    return published ?? id;
  }

  /** Publishes several items at once, where the service takes several. @returns the ids that it tells. */
  async publishAll(
    items: readonly PubSubItemInit[],
    options: Omit<PublishOptions, "id"> = {},
  ): Promise<readonly string[]> {
    const answer = await this.#set(buildPublish(this.name, items, options.publishOptions), options);
    const pubsub = answer.child("pubsub", NS_PUBSUB);
    return pubsub ? readPublished(pubsub) : [];
  }

  /**
   * Takes items back (XEP-0060 §7.2).
   *
   * @param options.notify whether those who have subscribed are told; default: as the node is configured.
   */
  async retract(
    ids: string | readonly string[],
    options: QueryOptions & { readonly notify?: boolean | undefined } = {},
  ): Promise<void> {
    const list = typeof ids === "string" ? [ids] : ids;
    await this.#set(buildRetractItems(this.name, list, options.notify), options);
  }

  /** Some of the items, or a page of them (XEP-0060 §6.5). */
  async items(options: ItemsOptions = {}): Promise<ItemsPage> {
    const { ids, last, max, after, before } = options;
    const payload = buildItemsRequest({ node: this.name, ids, last, max, after, before });
    return readItemsPage(await ask(this.#client, "get", this.#jid, payload, options));
  }

  /** One item; `undefined` where the node has none with this id. */
  async item(id: string, options: QueryOptions = {}): Promise<PubSubItem | undefined> {
    return (await this.items({ ...options, ids: [id] })).items.find((item) => item.id === id);
  }

  /**
   * All items, in the order in which the service has them; where it gives pages, each is asked for when the one before it is used up.
   *
   * @param options.max how many are asked for at once; default 100.
   */
  async *allItems(
    options: QueryOptions & Pick<ItemsOptions, "max" | "after"> = {},
  ): AsyncGenerator<PubSubItem, void, undefined> {
    let { after } = options;
    for (;;) {
      const { items, page } = await this.items({ max: 100, ...options, after });
      yield* items;
      const last = page?.last;
      // Without a page to go on from, the service has given all that it gives.
      if (items.length === 0 || last === undefined || last === after) return;
      after = last;
    }
  }

  /**
   * Subscribes (XEP-0060 §6.1). What happens then comes as messages: see the filter `message:pubsub`.
   *
   * @returns how far the subscription is: `pending` where an owner has to agree.
   */
  async subscribe(options: SubscribeOptions = {}): Promise<Subscription> {
    const jid = this.#self(options);
    const payload = buildSubscribe(this.name, jid, options.subscribeOptions);
    // A service may answer with nothing but that it is done (XEP-0060 §6.1.2).
    const pubsub = (await this.#set(payload, options)).child("pubsub", NS_PUBSUB);
    return (
      (pubsub && readSubscription(pubsub)) ?? {
        node: this.name,
        jid: String(jid),
        state: "subscribed",
        subId: undefined,
        expiry: undefined,
      }
    );
  }

  /** Ends a subscription (XEP-0060 §6.2). */
  async unsubscribe(options: UnsubscribeOptions = {}): Promise<void> {
    await this.#set(buildUnsubscribe(this.name, this.#self(options), options.subId), options);
  }

  #self({ jid, from }: SubscribeOptions): Jid | string {
    const self = jid ?? from ?? this.#client.self;
    if (self !== undefined) return self;
    throw new TypeError(
      `who is to be told of ${this.name} is not known: give the address as jid, as the credential does not tell it here`,
    );
  }

  #set(payload: Element, options: QueryOptions): Promise<Iq> {
    return this.#client.iq({ type: "set", to: this.#jid, from: options.from, payload }, options);
  }
}

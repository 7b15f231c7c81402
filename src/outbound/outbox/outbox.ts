import type { Iq, Jid, Message, Presence } from "../../stanza/index.ts";
import type { Write } from "../../store/index.ts";
import type { IqAnswer } from "../answer.ts";
import { RestRefusedError } from "../errors.ts";
import type { CallOptions, IqOptions } from "../requester.ts";
import { admit, domainOf } from "./admission.ts";
import { type Broadcast, type BroadcastOptions, broadcast, type Recipients } from "./broadcast.ts";
import type { OutboxStatus } from "./counters.ts";
import { Courier } from "./courier.ts";
import type { Item } from "./item.ts";
import { Ledger } from "./ledger.ts";
import {
  type OutboxClient,
  type OutboxOptions,
  type OutboxSendOptions,
  type OutboxSettings,
  readOutboxOptions,
} from "./options.ts";
import type { Posted } from "./waiter.ts";

/** What several stanzas can be queued with. */
export type EnqueueOptions = Omit<OutboxSendOptions, "signal">;

/**
 * Sends stanzas so that none is lost and the order within a conversation is kept, through retries, outages and restarts. A
 * conversation is a bare JID or a room, with one sender.
 *
 * A stanza is in the store before it is sent, and leaves it when Prosody has taken it. So one may arrive twice, with the same
 * id: where nobody knows whether Prosody took it (the connection broke after it was written), and the one of each
 * conversation that was on its way in a crash.
 *
 * One outbox serves all mounts. Several processes may share a store that has {@link Store.leases}: then each sends in those
 * conversations that it has claimed, and takes over those of one that has ended, with the one that was on its way in each.
 *
 * @example
 * ```ts
 * import { bearer, Outbox, RestClient } from "restanza/outbound";
 * import { message } from "restanza/stanza";
 * import { SqliteStore } from "restanza/store";
 *
 * await using store = await SqliteStore.open({ file: "/var/lib/restanza/store.sqlite" });
 * await using client = new RestClient({
 *   url: "http://127.0.0.1:5280/rest",
 *   host: "bots.example",
 *   domain: "bots.example",
 *   credentials: bearer(process.env.RESTANZA_TOKEN ?? ""),
 * });
 * await using outbox = new Outbox({ store, clients: new Map([["bots.example", client]]) });
 * outbox.start();
 * await outbox.send(message({ from: "clock@bots.example", to: "juliet@example.com", type: "chat", body: "It is four" }));
 * ```
 */
export class Outbox implements AsyncDisposable {
  readonly #settings: OutboxSettings;
  readonly #ledger: Ledger;
  readonly #courier: Courier;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** @throws RangeError when an option cannot work; the message tells how to mend it. */
  constructor(options: OutboxOptions) {
    this.#settings = readOutboxOptions(options);
    this.#ledger = new Ledger(this.#settings);
    this.#courier = new Courier(this.#settings, this.#ledger);
  }

  /** Begins to send, with what is in the store from before. Until then, what is given is queued. */
  start(): void {
    if (this.#courier.running) return;
    this.#starting = this.#ledger.start();
    this.#courier.start();
  }

  /**
   * Ends sending: waits for what is on its way, and leaves the rest in the store, for the next start. What is given from now
   * on is queued.
   *
   * @param options.signal ends what is on its way too; it stays in the store, and may arrive twice.
   */
  async stop({ signal }: CallOptions = {}): Promise<void> {
    this.#ledger.stop();
    this.#stopping = this.#courier.stop(signal);
    await Promise.all([this.#starting, this.#stopping]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Queues a message or presence, and sends it when those before it in its conversation are through. Its own id is kept, else
   * it gets one, which it keeps through all tries.
   *
   * @returns once Prosody has taken it; or, with `queued`, once it is safe in the store, where Prosody is away or fails, or
   *   the outbox is not running: then what becomes of it is told to `onBounce`, `onExpired` and `onBuried`.
   * @throws BounceError when it came straight back.
   * @throws RestError when Prosody will never take it, or it was not sent in time (`expired`); or, before it is queued, when
   *   it is too large or from a domain without a mount.
   * @throws JidError, StanzaShapeError as {@link RestClient.send} does, before it is queued.
   * @throws ConflictError when a condition of `along` does not hold, and StoreError when it could not be queued; then it is
   *   not sent.
   */
  async send(stanza: Message | Presence, options: OutboxSendOptions = {}): Promise<Posted> {
    options.signal?.throwIfAborted();
    const item = this.#admit(stanza, options);
    const waiter = this.#courier.lanes.await(item, options.signal);
    const [isNew] = await this.#queue([item], options.along).catch((error: unknown) => {
      waiter.failed(error);
      throw error;
    });
    if (isNew) return waiter.posted;
    waiter.queued();
    return { id: item.stanza.id, repeated: true };
  }

  /**
   * Queues messages and presence, all or none, in this order, and waits for the store only. With `along` a handler's effects,
   * that it is through, and what it says are one commit.
   *
   * @param options.once a name for them all: of each, with its number, is made its own.
   * @returns the ids of the stanzas; what becomes of them is told to `onBounce`, `onExpired` and `onBuried`.
   * @throws as {@link Outbox.send} does before it queues; ConflictError when a condition of `along` does not hold.
   */
  async enqueue(
    stanzas: readonly (Message | Presence)[],
    { along, once, ...options }: EnqueueOptions = {},
  ): Promise<readonly string[]> {
    const items = stanzas.map((stanza, index) =>
      this.#admit(stanza, { ...options, once: once === undefined ? undefined : `${once} ${index}` }),
    );
    await this.#queue(items, along);
    return items.map(({ stanza }) => stanza.id);
  }

  /**
   * Queues a stanza for each of many recipients, a few at a time: the next are asked for when the queue is short enough, so
   * that neither memory nor store fill up.
   *
   * What was queued goes out, whatever happens; a crash in the middle leaves the others without. Begun again with the same
   * `once`, it goes on with those.
   *
   * @param make is called for each; the stanza it makes is addressed by it.
   * @returns once all are queued.
   * @throws the reason of `signal`, what the recipients or `make` throw, StoreError, and RestError of kind `closed` when the
   *   outbox is stopped; what was queued before goes out all the same.
   * @example
   * ```ts
   * import type { Outbox } from "restanza/outbound";
   * import { message } from "restanza/stanza";
   *
   * async function announce(outbox: Outbox, subscribers: AsyncIterable<string>) {
   *   const from = "news@bots.example";
   *   return outbox.broadcast(subscribers, (to) => message({ from, to, body: "We are back" }), { once: "back-2026-03-01" });
   * }
   * ```
   */
  broadcast(
    recipients: Recipients,
    make: (to: Jid) => Message | Presence,
    options: BroadcastOptions = {},
  ): Promise<Broadcast> {
    return broadcast(recipients, make, options, {
      admit: (stanza, each) => this.#admit(stanza, each),
      queue: (items) => this.#queue(items),
      below: (limit, signal) => this.#ledger.below(limit, signal),
      refused: (recipient, error) =>
        this.#settings.logger?.warn(
          { err: error, to: String(recipient) },
          "one recipient of a broadcast is left out",
        ),
    });
  }

  /**
   * Asks, past the queue: an answer that nobody waits for any more is worth nothing.
   *
   * @throws as {@link RestClient.iq} does; RestError when there is no mount for the domain of `from`.
   */
  async iq(stanza: Iq, options?: IqOptions): Promise<Iq> {
    return await this.#clientOf(stanza).iq(stanza, options);
  }

  /** As {@link Outbox.iq}, for the few requests that are answered with messages as well. */
  async exchange(stanza: Iq, options?: IqOptions): Promise<IqAnswer> {
    return await this.#clientOf(stanza).exchange(stanza, options);
  }

  #clientOf(stanza: Iq): OutboxClient {
    const domain = domainOf(stanza, this.#settings.clients);
    const client = this.#settings.clients.get(domain);
    if (client) return client;
    throw new RestRefusedError(`there is no mount for ${domain}, from which this IQ is`, "forbidden-from");
  }

  /** Resolves when nothing waits that is for this process to send, and nothing is on its way; while Prosody is away, that is when it is back. */
  idle(): Promise<void> {
    return this.#courier.idle();
  }

  /** How things stand. */
  status(): OutboxStatus {
    const routes = [...this.#courier.routes];
    return {
      ...this.#courier.endings.count,
      waiting: this.#ledger.waiting,
      leased: this.#courier.lanes.leased,
      inFlight: routes.reduce((sum, { inFlight }) => sum + inFlight, 0),
      unreachable: routes
        .filter(({ circuit, client }) => client === undefined || !circuit.closed)
        .map(({ domain }) => domain),
    };
  }

  #admit(stanza: Message | Presence, options: OutboxSendOptions): Item {
    return admit(stanza, this.#settings.clients, this.#settings.clock.now(), options);
  }

  async #queue(items: readonly Item[], along?: readonly Write[]): Promise<readonly boolean[]> {
    const { lanes } = this.#courier;
    for (const item of items) lanes.place(item);
    try {
      const fresh = await this.#ledger.enqueue(items, along);
      for (const [index, item] of items.entries()) {
        if (fresh[index]) lanes.confirm(item);
        else lanes.withdraw(item);
      }
      return fresh;
    } catch (error) {
      for (const item of items) lanes.withdraw(item);
      throw error;
    }
  }
}

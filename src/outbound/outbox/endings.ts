import { setImmediate } from "node:timers/promises";
import type { Lease, Write } from "../../store/index.ts";
import type { BounceError } from "../errors.ts";
import { RestRefusedError } from "../errors.ts";
import { type Counting, newCounting } from "./counters.ts";
import { type Item, stanzaOf } from "./item.ts";
import type { Ledger, Removal } from "./ledger.ts";
import type { OnEnd, OutboxSettings } from "./options.ts";

/**
 * @internal How stanzas leave the queue: who waits for one is told, else the hook for it, and the store in any case. The lease
 * is that of its conversation, where several processes share the store.
 */
export class Endings {
  readonly count: Counting = newCounting();
  readonly #settings: OutboxSettings;
  readonly #ledger: Ledger;

  constructor(settings: OutboxSettings, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  async accepted(item: Item, lease: Lease | undefined): Promise<Removal> {
    this.count.accepted += 1;
    if (item.waiter) {
      item.waiter.accepted();
      // Who has waited often goes on with the next, whose commit then shares one write to the disk with this one.
      await setImmediate();
    }
    return await this.#complete(item, lease);
  }

  cancelled(item: Item, lease: Lease | undefined): Promise<Removal> {
    this.count.cancelled += 1;
    return this.#complete(item, lease);
  }

  expired(item: Item, lease: Lease | undefined): Promise<Removal> {
    this.count.expired += 1;
    const error = new RestRefusedError(
      `the stanza to ${item.stanza.to ?? "the server"} was not sent by the time that was set for it, and is given up: give it more time (expires), or send it again`,
      "expired",
    );
    return this.#complete(item, lease, this.#tell(item, error, this.#settings.onExpired, undefined));
  }

  bounced(item: Item, lease: Lease | undefined, error: BounceError): Promise<Removal> {
    this.count.bounced += 1;
    return this.#complete(item, lease, this.#tell(item, error, this.#settings.onBounce, error));
  }

  buried(item: Item, lease: Lease | undefined, error: unknown): Promise<Removal> {
    this.count.buried += 1;
    const along = this.#tell(item, error, this.#settings.onBuried, error);
    return this.#ledger.remove(
      { bury: { queue: "outbox", id: item.id, error: textOf(error) } },
      lease,
      along,
    );
  }

  #complete({ id }: Item, lease: Lease | undefined, along?: readonly Write[]): Promise<Removal> {
    return this.#ledger.remove({ complete: { queue: "outbox", id } }, lease, along);
  }

  #tell<Reason>(
    item: Item,
    error: unknown,
    hook: OnEnd<Reason> | undefined,
    reason: Reason,
  ): readonly Write[] | undefined {
    if (item.waiter?.failed(error)) return undefined;
    try {
      return hook?.(stanzaOf(item), reason);
    } catch (problem) {
      this.#settings.logger?.error(
        { err: problem, id: item.stanza.id },
        "what is to be told of a stanza that did not arrive has failed",
      );
      return undefined;
    }
  }
}

/** @internal An error in words, for the store. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

import { setImmediate } from "node:timers/promises";
import type { Write } from "../../store/index.ts";
import type { BounceError } from "../errors.ts";
import { RestRefusedError } from "../errors.ts";
import { type Counting, newCounting } from "./counters.ts";
import { type Item, stanzaOf } from "./item.ts";
import type { Ledger } from "./ledger.ts";
import type { OnEnd, OutboxSettings } from "./options.ts";

/**
 * @internal How stanzas leave the queue: who waits for one is told, else the hook for it, and the store in any case. Each
 * resolves with whether it is gone; it is not where the store fails until all is over.
 */
export class Endings {
  readonly count: Counting = newCounting();
  readonly #settings: OutboxSettings;
  readonly #ledger: Ledger;

  constructor(settings: OutboxSettings, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  async accepted(item: Item): Promise<boolean> {
    this.count.accepted += 1;
    if (item.waiter) {
      item.waiter.accepted();
      // Who has waited often goes on with the next, whose commit then shares one write to the disk with this one.
      await setImmediate();
    }
    return await this.#complete(item);
  }

  cancelled(item: Item): Promise<boolean> {
    this.count.cancelled += 1;
    return this.#complete(item);
  }

  expired(item: Item): Promise<boolean> {
    this.count.expired += 1;
    const error = new RestRefusedError(
      `the stanza to ${item.stanza.to ?? "the server"} was not sent by the time that was set for it, and is given up: give it more time (expires), or send it again`,
      "expired",
    );
    return this.#complete(item, this.#tell(item, error, this.#settings.onExpired, undefined));
  }

  bounced(item: Item, error: BounceError): Promise<boolean> {
    this.count.bounced += 1;
    return this.#complete(item, this.#tell(item, error, this.#settings.onBounce, error));
  }

  buried(item: Item, error: unknown): Promise<boolean> {
    this.count.buried += 1;
    const along = this.#tell(item, error, this.#settings.onBuried, error);
    return this.#ledger.remove({ bury: { queue: "outbox", id: item.id, error: textOf(error) } }, along);
  }

  #complete({ id }: Item, along?: readonly Write[]): Promise<boolean> {
    return this.#ledger.remove({ complete: { queue: "outbox", id } }, along);
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

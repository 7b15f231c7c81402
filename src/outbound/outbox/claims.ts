import type { Logger } from "pino";
import { type Claim, type Lease, type Leases, type QueueEntry, StoreClosedError } from "../../store/index.ts";
import { BRIEF, delayAfter } from "./backoff.ts";
import type { Ledger } from "./ledger.ts";

/** @internal What the store is told and asked of who has which conversation, where several processes share it. */
export class Claims {
  readonly #leases: Leases;
  readonly #ledger: Ledger;
  readonly #logger: Logger | undefined;

  constructor(leases: Leases, ledger: Ledger, logger: Logger | undefined) {
    this.#leases = leases;
    this.#ledger = ledger;
    this.#logger = logger;
  }

  claim(key: string): Promise<Claim | undefined> {
    return this.#leases.claim("outbox", key);
  }

  holds(lease: Lease): boolean {
    return this.#leases.isHeld(lease);
  }

  /**
   * Gives a conversation back, unless something waits in it. It goes on trying while the store fails: to forget a lease
   * without giving it back would keep the conversation from everybody.
   *
   * @returns what waits first; `undefined` when it is given back, or was lost, or once all is over.
   */
  async release(lease: Lease): Promise<QueueEntry | undefined> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#leases.release(lease);
      } catch (error) {
        this.#logger?.error({ err: error }, "a conversation that is through cannot be given back yet");
        if (error instanceof StoreClosedError || this.#ledger.stopped) return undefined;
        await this.#ledger.sleep(delayAfter(failures, BRIEF));
      }
    }
  }

  async abandon(lease: Lease): Promise<void> {
    try {
      await this.#leases.abandon(lease);
    } catch (error) {
      this.#logger?.warn(
        { err: error },
        `a conversation could not be given back; others take it over once this process is gone for ${this.#leases.duration} ms`,
      );
    }
  }
}

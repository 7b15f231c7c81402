import { ConflictError, type Lease, StoreClosedError, type Write } from "../../store/index.ts";
import { abortable } from "../abortable.ts";
import { BRIEF, delayAfter } from "./backoff.ts";
import { entryOf, type Item } from "./item.ts";
import type { OutboxSettings } from "./options.ts";

/** How often to count what others have put into the queue and taken out of it, in milliseconds. */
const RECOUNT_EVERY = 1_000;

/**
 * @internal Whether an entry is gone from the queue: it is; it is `kept`, as the store has failed until all was over; or it is
 * `lost`, as another process has taken its conversation over, and sees to it.
 */
export type Removal = "gone" | "kept" | "lost";

/** @internal What the store is told of the queue. */
export class Ledger {
  readonly #settings: OutboxSettings;
  /** Those who sleep until it is time, or until all is over. */
  readonly #sleepers = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #cancelRecount: (() => void) | undefined;
  #waiting = 0;
  #stopped = false;

  constructor(settings: OutboxSettings) {
    this.#settings = settings;
  }

  /** How many entries wait in the store, or are on their way into it; where others share it, as it was lately. */
  get waiting(): number {
    return Math.max(0, this.#waiting);
  }

  /** Whether nothing is tried again any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Counts what is there from before; where others share the store, again and again. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#count();
    this.#countLater();
  }

  /** Nothing is tried again any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRecount?.();
    for (const wake of [...this.#sleepers, ...this.#watchers]) wake();
  }

  /**
   * Puts items into the queue, and `along` with them.
   *
   * @returns for each whether it is new there.
   * @throws what {@link Store.commit} throws; then nothing was changed.
   */
  async enqueue(items: readonly Item[], along: readonly Write[] = []): Promise<readonly boolean[]> {
    this.#waiting += items.length;
    try {
      const writes: Write[] = [...along, ...items.map((item) => ({ enqueue: entryOf(item) }))];
      const numbers = await this.#settings.store.commit(writes);
      const fresh = numbers.slice(along.length).map((number) => number !== undefined);
      for (const isNew of fresh) if (!isNew) this.#left();
      return fresh;
    } catch (error) {
      this.#waiting -= items.length;
      throw error;
    }
  }

  /**
   * Takes an entry out of the queue, and commits `along` with that. It goes on trying while the store fails: to go on with
   * the conversation would mean to send this stanza again.
   *
   * @param lease by which this process has the conversation, where several share the store.
   */
  async remove(write: Write, lease: Lease | undefined, along: readonly Write[] = []): Promise<Removal> {
    const { store, logger } = this.#settings;
    const fence = fenceOf(lease);
    let together = along;
    for (let failures = 1; ; failures += 1) {
      try {
        await store.commit([...fence, ...together, write]);
        break;
      } catch (error) {
        if (error instanceof ConflictError) {
          if (error.index < fence.length) return "lost";
          // Somebody else took it away; or what should go along cannot, which is no reason to send again.
          if (together.length === 0) break;
          logger?.error({ err: error }, "what should follow from a stanza's end conflicts, and is left out");
          together = [];
          continue;
        }
        logger?.error({ err: error }, "a stanza has left, and the store cannot be told yet");
        if (error instanceof StoreClosedError || this.#stopped) return "kept";
        await this.sleep(delayAfter(failures, BRIEF));
      }
    }
    this.#left();
    return "gone";
  }

  /**
   * Notes that an entry has failed. It is for those who look: where it cannot be noted, nothing else changes.
   *
   * @returns `false` where another process has taken its conversation over.
   */
  async note(id: string, lease: Lease | undefined, error: string): Promise<boolean> {
    const fence = fenceOf(lease);
    try {
      // How long to wait is this process's affair: one that starts anew tries at once.
      await this.#settings.store.commit([...fence, { retry: { queue: "outbox", id, error, notBefore: 0 } }]);
    } catch (problem) {
      if (problem instanceof ConflictError && problem.index < fence.length) return false;
      this.#settings.logger?.warn({ err: problem }, "it could not be noted that a stanza has failed");
    }
    return true;
  }

  /** Resolves after a time, or when all is over. */
  async sleep(milliseconds: number): Promise<void> {
    if (this.#stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#settings.clock.after(milliseconds, resolve);
    this.#sleepers.add(resolve);
    await promise;
    this.#sleepers.delete(resolve);
    cancel();
  }

  /**
   * Resolves when fewer than so many wait.
   *
   * @returns `false` when all is over before.
   * @throws the reason of `signal`.
   */
  async below(limit: number, signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    while (this.#waiting >= limit) {
      if (this.#stopped) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watchers.add(resolve);
      try {
        await abortable(promise, signal);
      } finally {
        this.#watchers.delete(resolve);
      }
    }
    return true;
  }

  async #count(): Promise<void> {
    const before = this.#waiting;
    try {
      const { waiting } = await this.#settings.store.counts("outbox");
      this.#waiting += waiting - before;
    } catch (error) {
      if (this.#stopped) return;
      this.#settings.logger?.error({ err: error }, "the store does not tell how much is to be sent");
    }
  }

  #countLater(): void {
    if (this.#stopped || this.#settings.store.leases === undefined) return;
    this.#cancelRecount = this.#settings.clock.after(RECOUNT_EVERY, async () => {
      await this.#count();
      for (const wake of this.#watchers) wake();
      this.#countLater();
    });
  }

  #left(): void {
    this.#waiting -= 1;
    for (const wake of this.#watchers) wake();
  }
}

function fenceOf(lease: Lease | undefined): readonly Write[] {
  return lease === undefined ? [] : [{ fence: lease }];
}

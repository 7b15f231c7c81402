import { fenceConflict } from "../conflicts.ts";
import { QUEUE_MEMORY } from "../entry-times.ts";
import type { Lease } from "../leases.ts";
import { checkCount, checkLimit, checkText, type PreparedWrite, prepareWrites } from "../prepare.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import type { StoreOptions } from "../store.ts";
import type { Write } from "../writes.ts";
import { MemoryQueue } from "./queue.ts";
import { MemoryRecords } from "./records.ts";
import type { Undo } from "./undo.ts";

const SWEEP_EVERY = 60_000;

/** @internal What is kept in memory, for one store or for several that share it. */
export class MemoryCore {
  readonly #records = new MemoryRecords();
  readonly #queues: Readonly<Record<QueueName, MemoryQueue>>;
  readonly #clock: () => number;
  /** The last version or sequence that was given. */
  #last = 0;
  #sweepAt = 0;

  constructor({ clock = Date.now, queueMemory = QUEUE_MEMORY }: StoreOptions = {}) {
    this.#clock = () => Math.floor(clock());
    checkCount("queueMemory", queueMemory);
    this.#queues = {
      inbox: new MemoryQueue(queueMemory),
      outbox: new MemoryQueue(queueMemory),
      timers: new MemoryQueue(queueMemory),
    };
  }

  now(): number {
    return this.#clock();
  }

  get(collection: string, key: string): StoredRecord | undefined {
    return this.#records.get(checkText("a collection", collection), checkText("a key", key), this.now());
  }

  list(collection: string, { prefix = "", after, limit }: ListOptions = {}): readonly StoredRecord[] {
    checkText("a collection", collection);
    return this.#records.list(collection, prefix, after, checkLimit(limit), this.now());
  }

  /** @param isHeld whether a lease is good for whoever commits. */
  commit(writes: readonly Write[], isHeld: (lease: Lease) => boolean): readonly (number | undefined)[] {
    const prepared = prepareWrites(writes);
    const now = this.now();
    this.#sweep(now);
    const undo: Undo = [];
    try {
      return prepared.map((write, index) => {
        if (write.kind !== "fence") return this.#apply(write, index, now, undo);
        if (!isHeld(write)) throw fenceConflict(index, write);
        return undefined;
      });
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    }
  }

  heads(queue: QueueName, { limit, skipKeys }: HeadsOptions, isFree: (key: string) => boolean): QueueEntry[] {
    return this.#queues[queue].heads(
      this.now(),
      checkLimit(limit),
      (key) => isFree(key) && !skipKeys?.has(key),
    );
  }

  /** What waits first under a key, whether or not its time has come. */
  head(queue: QueueName, key: string): QueueEntry | undefined {
    return this.#queues[queue].head(checkText("a key", key));
  }

  nextAt(queue: QueueName): number | undefined {
    return this.#queues[queue].nextAt(this.now());
  }

  find(queue: QueueName, id: string): QueueEntry | undefined {
    return this.#queues[queue].find(checkText("an id", id));
  }

  entries(queue: QueueName, { state, after = 0, limit }: EntriesOptions = {}): readonly QueueEntry[] {
    return this.#queues[queue].entries(state, after, checkLimit(limit));
  }

  counts(queue: QueueName): QueueCounts {
    return this.#queues[queue].counts();
  }

  #apply(
    write: Exclude<PreparedWrite, { readonly kind: "fence" }>,
    index: number,
    now: number,
    undo: Undo,
  ): number | undefined {
    const number = this.#last + 1;
    if ("collection" in write) this.#records.apply(write, index, number, now, undo);
    else if (write.kind !== "enqueue") this.#queues[write.queue].apply(write, index, number, now, undo);
    else if (!this.#queues[write.queue].enqueue(write, number, now, undo)) return undefined;
    if (write.kind !== "put" && write.kind !== "enqueue" && write.kind !== "revive") return undefined;
    this.#last = number;
    return number;
  }

  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_EVERY;
    this.#records.sweep(now);
    for (const queue of Object.values(this.#queues)) queue.sweep(now);
  }
}

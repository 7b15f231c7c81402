import { fenceConflict } from "../conflicts.ts";
import { QUEUE_MEMORY } from "../entry-times.ts";
import { StoreClosedError } from "../errors.ts";
import { checkCount, checkLimit, checkText, type PreparedWrite, prepareWrites } from "../prepare.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import type { Store, StoreOptions } from "../store.ts";
import type { Write } from "../writes.ts";
import { MemoryQueue } from "./queue.ts";
import { MemoryRecords } from "./records.ts";
import type { Undo } from "./undo.ts";

const SWEEP_EVERY = 60_000;

/**
 * A store that lives as long as the process, for tests and for trying things out.
 *
 * @example
 * ```ts
 * import { MemoryStore } from "restanza/store";
 *
 * await using store = new MemoryStore();
 * await store.commit([{ put: { collection: "visits", key: "juliet@example.com", value: 1 } }]);
 * ```
 */
export class MemoryStore implements Store {
  readonly #records = new MemoryRecords();
  readonly #queues: Readonly<Record<QueueName, MemoryQueue>>;
  readonly #clock: () => number;
  /** The last version or sequence that was given. */
  #last = 0;
  #sweepAt = 0;
  #closed = false;

  constructor({ clock = Date.now, queueMemory = QUEUE_MEMORY }: StoreOptions = {}) {
    this.#clock = () => Math.floor(clock());
    checkCount("queueMemory", queueMemory);
    this.#queues = {
      inbox: new MemoryQueue(queueMemory),
      outbox: new MemoryQueue(queueMemory),
      timers: new MemoryQueue(queueMemory),
    };
  }

  async get(collection: string, key: string): Promise<StoredRecord | undefined> {
    return this.#read().#records.get(
      checkText("a collection", collection),
      checkText("a key", key),
      this.#clock(),
    );
  }

  async list(
    collection: string,
    { prefix = "", after, limit }: ListOptions = {},
  ): Promise<readonly StoredRecord[]> {
    checkText("a collection", collection);
    return this.#read().#records.list(collection, prefix, after, checkLimit(limit), this.#clock());
  }

  async commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    const prepared = prepareWrites(writes);
    const now = this.#read().#clock();
    this.#sweep(now);
    const undo: Undo = [];
    try {
      return prepared.map((write, index) => this.#apply(write, index, now, undo));
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    }
  }

  async heads(queue: QueueName, { limit, skipKeys }: HeadsOptions): Promise<readonly QueueEntry[]> {
    return this.#read().#queues[queue].heads(this.#clock(), checkLimit(limit), skipKeys);
  }

  async nextAt(queue: QueueName): Promise<number | undefined> {
    return this.#read().#queues[queue].nextAt(this.#clock());
  }

  async find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    return this.#read().#queues[queue].find(checkText("an id", id));
  }

  async entries(
    queue: QueueName,
    { state, after = 0, limit }: EntriesOptions = {},
  ): Promise<readonly QueueEntry[]> {
    return this.#read().#queues[queue].entries(state, after, checkLimit(limit));
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    return this.#read().#queues[queue].counts();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read(): this {
    if (this.#closed) throw new StoreClosedError();
    return this;
  }

  #apply(write: PreparedWrite, index: number, now: number, undo: Undo): number | undefined {
    if (write.kind === "fence") throw fenceConflict(index, write);
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

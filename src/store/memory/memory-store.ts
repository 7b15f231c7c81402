import { StoreClosedError } from "../errors.ts";
import type { Leases } from "../leases.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import type { Store, StoreOptions } from "../store.ts";
import type { Write } from "../writes.ts";
import { MemoryCore } from "./core.ts";

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
  readonly leases: Leases | undefined = undefined;
  readonly #core: MemoryCore;
  #closed = false;

  constructor(options?: StoreOptions) {
    this.#core = new MemoryCore(options);
  }

  async get(collection: string, key: string): Promise<StoredRecord | undefined> {
    return this.#open().get(collection, key);
  }

  async list(collection: string, options?: ListOptions): Promise<readonly StoredRecord[]> {
    return this.#open().list(collection, options);
  }

  async commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    return this.#open().commit(writes, () => false);
  }

  async heads(queue: QueueName, options: HeadsOptions): Promise<readonly QueueEntry[]> {
    return this.#open().heads(queue, options, () => true);
  }

  async nextAt(queue: QueueName): Promise<number | undefined> {
    return this.#open().nextAt(queue);
  }

  async find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    return this.#open().find(queue, id);
  }

  async entries(queue: QueueName, options?: EntriesOptions): Promise<readonly QueueEntry[]> {
    return this.#open().entries(queue, options);
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    return this.#open().counts(queue);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): MemoryCore {
    if (this.#closed) throw new StoreClosedError();
    return this.#core;
  }
}

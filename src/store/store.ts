import type { Leases } from "./leases.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "./queues.ts";
import type { ListOptions, StoredRecord } from "./records.ts";
import type { Write } from "./writes.ts";

/** What every engine can be told. */
export interface StoreOptions {
  /** What time it is, in milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long a queue remembers the ids of entries that have left it, in milliseconds. Default 24 hours. */
  readonly queueMemory?: number;
}

/**
 * Where state is kept: records, and the queues of stanzas.
 *
 * What is read is what was committed; a read sees every commit that was asked of the same store before. There are no
 * transactions to hold open: read, decide, and {@link commit} everything that follows at once, with the versions that it
 * was decided on as conditions where somebody else may decide too.
 *
 * Keys, ids and names of collections are any well-formed text without U+0000; their order is that of code points. Values
 * are any JSON and come back equal, as a copy.
 *
 * Where several processes share a store, its {@link Store.leases} tell who works on which key.
 */
export interface Store extends AsyncDisposable {
  /** Who has which key, where several processes share the store; `undefined` where it is this process's alone. */
  readonly leases?: Leases | undefined;
  /** The record under a key, if there is one that has not expired. */
  get(collection: string, key: string): Promise<StoredRecord | undefined>;
  /** The records of a collection that have not expired, in the order of their keys, page by page. */
  list(collection: string, options?: ListOptions): Promise<readonly StoredRecord[]>;
  /**
   * Applies all writes or none. Once it resolves they would survive what the engine promises to survive; so what has an
   * effect and what remembers that it had it belong in one commit.
   *
   * @returns for each write the version it gave its record, or the sequence it gave its entry; `undefined` where it gave
   *   none: an `enqueue` whose id the queue knew already, and everything but `put`, `enqueue` and `revive`.
   * @throws {@link ConflictError} when a condition does not hold. Nothing was changed; read again and decide anew.
   * @throws {@link StoreFullError} when there is no room. Nothing was changed.
   * @throws {@link StoreIoError} when writing failed. The commit may turn out to have happened after a crash, not before.
   * @throws {@link StoreClosedError}, and {@link StoreError} for everything else.
   * @throws TypeError or RangeError when a write is malformed.
   * @example
   * ```ts
   * import type { Store } from "restanza/store";
   *
   * async function handled(store: Store, id: string, visits: number, version: number): Promise<void> {
   *   await store.commit([
   *     { put: { collection: "visits", key: "juliet@example.com", value: visits + 1, ifVersion: version } },
   *     { complete: { queue: "inbox", id } },
   *   ]);
   * }
   * ```
   */
  commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]>;
  /**
   * The first waiting entry of each key, where it may go now: by priority, then by age. The entries of a key come one at
   * a time, so one that waits for its `notBefore` holds up those behind it. Keys that another process has are left out.
   */
  heads(queue: QueueName, options: HeadsOptions): Promise<readonly QueueEntry[]>;
  /**
   * When the next head may go that may not go now, in milliseconds since 1970; `undefined` when none waits for a time.
   * Commits change it.
   */
  nextAt(queue: QueueName): Promise<number | undefined>;
  /** The entry of this id, whatever its state. */
  find(queue: QueueName, id: string): Promise<QueueEntry | undefined>;
  /** Entries by their sequence, page by page. */
  entries(queue: QueueName, options?: EntriesOptions): Promise<readonly QueueEntry[]>;
  counts(queue: QueueName): Promise<QueueCounts>;
  /** Ends what was asked for before, and then the store; everything after throws {@link StoreClosedError}. */
  close(): Promise<void>;
}

import { resolve } from "node:path";
import type { Logger } from "pino";
import { QUEUE_MEMORY } from "../entry-times.ts";
import { checkCount, checkLimit, checkText, prepareWrites } from "../prepare.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import { entryOf, recordOf } from "../rows.ts";
import type { Store } from "../store.ts";
import type { Write } from "../writes.ts";
import { backupSqliteStore } from "./backup.ts";
import type { SqliteStoreOptions } from "./options.ts";
import type { CallKind, Calls } from "./protocol.ts";
import { WorkerClient } from "./worker-client.ts";

/** How many rows are swept out in one transaction. */
const SWEEP = 500;
const SWEEP_EVERY = 60_000;
/** What a timer of Node can wait. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * A store in one file, for one process: `node:sqlite` in a thread of its own. What a commit resolves has reached the disk
 * (WAL, `synchronous=FULL`) and survives `kill -9` and a power cut; commits that come together share one write to the disk.
 *
 * @example
 * ```ts
 * import { SqliteStore } from "restanza/store";
 *
 * await using store = await SqliteStore.open({ file: "/var/lib/restanza/store.sqlite" });
 * await store.commit([{ enqueue: { queue: "inbox", id: "a1", key: "juliet@example.com", payload: "<message/>" } }]);
 * ```
 */
export class SqliteStore implements Store {
  /** The absolute path of its file. */
  readonly file: string;
  readonly #client: WorkerClient;
  readonly #clock: () => number;
  readonly #log: Logger | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(file: string, client: WorkerClient, options: SqliteStoreOptions) {
    this.file = file;
    this.#client = client;
    const { clock = Date.now } = options;
    this.#clock = () => Math.floor(clock());
    this.#log = options.log;
    this.#timer = setInterval(() => void this.#sweepNow(), options.sweepEvery ?? SWEEP_EVERY).unref();
  }

  /**
   * Opens a file, or creates it.
   *
   * @throws {@link StoreInUseError} when another process has it.
   * @throws {@link StoreDamagedError} when it fails SQLite's quick_check, or is something else. It is left as it is.
   * @throws {@link StoreVersionError} when a newer restanza wrote it.
   * @throws {@link StoreIoError} or {@link StoreFullError} when the disk does not let it.
   * @throws RangeError when an option is out of its range.
   */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    const file = resolve(options.file);
    const {
      maxBytes = Number.POSITIVE_INFINITY,
      sweepEvery = SWEEP_EVERY,
      queueMemory = QUEUE_MEMORY,
    } = options;
    checkCount("queueMemory", queueMemory);
    if (!(maxBytes > 0)) throw new RangeError(`maxBytes is ${maxBytes}; give a number of bytes above 0`);
    if (!(sweepEvery >= 1 && sweepEvery <= LONGEST_WAIT)) {
      throw new RangeError(`sweepEvery is ${sweepEvery}; give milliseconds from 1 to ${LONGEST_WAIT}`);
    }
    const client = await WorkerClient.start({
      file,
      shared: options.shared ?? false,
      maxBytes,
      queueMemory,
      faults: options.faults,
    });
    return new SqliteStore(file, client, options);
  }

  async get(collection: string, key: string): Promise<StoredRecord | undefined> {
    checkText("a collection", collection);
    const row = await this.#ask("get", { collection, key: checkText("a key", key) });
    return row && recordOf(row);
  }

  async list(
    collection: string,
    { prefix = "", after, limit }: ListOptions = {},
  ): Promise<readonly StoredRecord[]> {
    checkText("a collection", collection);
    const rows = await this.#ask("list", { collection, prefix, after, limit: checkLimit(limit) });
    return rows.map(recordOf);
  }

  async commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    return this.#ask("commit", prepareWrites(writes));
  }

  async heads(queue: QueueName, { limit, skipKeys }: HeadsOptions): Promise<readonly QueueEntry[]> {
    const rows = await this.#ask("heads", { queue, limit: checkLimit(limit), skipKeys });
    return rows.map(entryOf);
  }

  async nextAt(queue: QueueName): Promise<number | undefined> {
    return this.#ask("nextAt", queue);
  }

  async find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    const row = await this.#ask("find", { queue, id: checkText("an id", id) });
    return row && entryOf(row);
  }

  async entries(
    queue: QueueName,
    { state, after = 0, limit }: EntriesOptions = {},
  ): Promise<readonly QueueEntry[]> {
    const rows = await this.#ask("entries", { queue, state, after, limit: checkLimit(limit) });
    return rows.map(entryOf);
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    return this.#ask("counts", queue);
  }

  /**
   * Sweeps out all that has expired: records, and ids that were to be remembered. It goes on by itself
   * ({@link SqliteStoreOptions.sweepEvery}) and changes nothing that can be seen but the size of the file.
   *
   * @returns how many were swept out.
   */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const swept = await this.#ask("sweep", { limit: SWEEP });
      total += swept;
      if (swept < SWEEP) return total;
    }
  }

  /**
   * Copies the store to another file while it is in use; see {@link backupSqliteStore}.
   *
   * @throws {@link StoreError} when the file exists, or cannot be written.
   */
  backup(copy: string): Promise<void> {
    return backupSqliteStore(this.file, copy);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask<Kind extends CallKind>(kind: Kind, ask: Calls[Kind]["ask"]): Promise<Calls[Kind]["answer"]> {
    return this.#client.ask(kind, ask, this.#clock());
  }

  async #sweepNow(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.#log?.warn({ err: error }, "what has expired could not be swept out of the store");
    }
  }
}

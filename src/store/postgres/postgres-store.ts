import { QUEUE_MEMORY } from "../entry-times.ts";
import { StoreClosedError } from "../errors.ts";
import type { Leases } from "../leases.ts";
import { checkCount, checkLimit, checkText, prepareWrites } from "../prepare.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import { entryOf, recordOf } from "../rows.ts";
import type { Store } from "../store.ts";
import type { Write } from "../writes.ts";
import { Commits } from "./commits.ts";
import { Connections } from "./connections.ts";
import { messageOf } from "./failure.ts";
import { migrate, quoted } from "./migrate.ts";
import type { PostgresStoreOptions, Settled } from "./options.ts";
import { PostgresLeases } from "./postgres-leases.ts";
import { Reader } from "./reader.ts";

/** How many rows are swept out in one transaction. */
const SWEEP = 500;

/**
 * A store in a PostgreSQL database (15 or later), for any number of processes: each opens it for itself, and their
 * {@link Store.leases} tell who works on which key. What a commit resolves has reached the server's disk
 * (`synchronous_commit = on`) and survives a crash of either side; commits that come together share a transaction.
 *
 * A commit that was sent when the connection broke is rejected with {@link StoreIoError}, and may turn out to have happened; it is never
 * sent twice. Everything else is asked again until the server is back, for as long as {@link PostgresStoreOptions.patience}.
 *
 * @example
 * ```ts
 * import { PostgresStore } from "restanza/store";
 *
 * await using store = await PostgresStore.open({ url: process.env["DATABASE_URL"] ?? "" });
 * await store.commit([{ enqueue: { queue: "inbox", id: "a1", key: "juliet@example.com", payload: "<message/>" } }]);
 * ```
 */
export class PostgresStore implements Store {
  readonly leases: Leases;
  readonly #connections: Connections;
  readonly #commits: Commits;
  readonly #reader: Reader;
  readonly #leases: PostgresLeases;
  readonly #clock: () => number;
  readonly #options: Settled;
  readonly #sweep: string;
  readonly #timer: NodeJS.Timeout;
  readonly #asked = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(options: Settled, clock: () => number, connections: Connections, lock: number) {
    const s = quoted(options.schema);
    this.#options = options;
    this.#connections = connections;
    this.#clock = () => Math.floor(clock());
    this.#reader = new Reader(connections, s);
    this.#commits = new Commits(connections, s, options.queueMemory, () => this.#leases.owner);
    const settled = () => this.#commits.settled();
    this.#leases = new PostgresLeases(connections, s, lock, options.leaseDuration, options.log, settled);
    this.leases = {
      duration: options.leaseDuration,
      claim: (queue, key) => this.#ask(() => this.#leases.claim(queue, key)),
      release: (lease) => this.#ask(() => this.#leases.release(lease)),
      abandon: (lease) => this.#ask(() => this.#leases.abandon(lease)),
      isHeld: (lease) => this.#leases.isHeld(lease),
      listen: (wake) => this.#leases.listen(wake),
    };
    this.#sweep = `SELECT ${s}.sweep_1($1, $2) AS swept`;
    this.#timer = setInterval(() => void this.#sweepNow(), options.sweepEvery).unref();
  }

  /**
   * Connects, makes the schema where there is none, and brings it up to date.
   *
   * @throws {@link StoreIoError} when the server cannot be reached.
   * @throws {@link StoreVersionError} when a newer restanza has changed the schema so that this one cannot work beside it.
   * @throws {@link StoreDamagedError} when the schema is another program's.
   * @throws {@link StoreError} when the server refuses the user, the database or the schema.
   * @throws TypeError or RangeError when an option is malformed, without showing the URL.
   */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const { clock = Date.now, ...given } = options;
    const settled: Settled = {
      ...DEFAULTS,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      url: options.url,
    };
    checkText("a schema", settled.schema);
    checkCount("queueMemory", settled.queueMemory);
    for (const name of ["leaseDuration", "timeout", "patience", "sweepEvery"] as const) {
      checkCount(name, settled[name]);
      if (settled[name] < 1 || settled[name] > LONGEST_WAIT) {
        throw new RangeError(`${name} is ${settled[name]}; give milliseconds from 1 to ${LONGEST_WAIT}`);
      }
    }
    if (checkCount("poolSize", settled.poolSize) < 2) {
      throw new RangeError(
        `poolSize is ${settled.poolSize}; give 2 or more, so that commits and leases do not wait for reads`,
      );
    }
    const connections = new Connections(settled);
    const lock = await migrate(connections, settled.schema, settled.patience);
    const store = new PostgresStore(settled, clock, connections, lock);
    try {
      await store.#leases.start();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  async get(collection: string, key: string): Promise<StoredRecord | undefined> {
    checkText("a collection", collection);
    checkText("a key", key);
    const now = this.#clock();
    const row = await this.#read(() => this.#reader.get(collection, key, now));
    return row && recordOf(row);
  }

  async list(
    collection: string,
    { prefix = "", after, limit }: ListOptions = {},
  ): Promise<readonly StoredRecord[]> {
    checkText("a collection", collection);
    const most = checkLimit(limit);
    const now = this.#clock();
    const rows = await this.#read(() => this.#reader.list(collection, prefix, after, most, now));
    return rows.map(recordOf);
  }

  async commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    const prepared = prepareWrites(writes);
    return this.#ask(() => this.#commits.commit(prepared, this.#clock()));
  }

  async heads(queue: QueueName, { limit, skipKeys }: HeadsOptions): Promise<readonly QueueEntry[]> {
    const most = checkLimit(limit);
    const now = this.#clock();
    const rows = await this.#read(() => this.#reader.heads(queue, most, skipKeys, this.#leases.owner, now));
    return rows.map(entryOf);
  }

  async nextAt(queue: QueueName): Promise<number | undefined> {
    const now = this.#clock();
    return this.#read(() => this.#reader.nextAt(queue, now));
  }

  async find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    checkText("an id", id);
    const row = await this.#read(() => this.#reader.find(queue, id));
    return row && entryOf(row);
  }

  async entries(
    queue: QueueName,
    { state, after = 0, limit }: EntriesOptions = {},
  ): Promise<readonly QueueEntry[]> {
    const most = checkLimit(limit);
    const rows = await this.#read(() => this.#reader.entries(queue, state, after, most));
    return rows.map(entryOf);
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    return this.#read(() => this.#reader.counts(queue));
  }

  /**
   * Sweeps out all that has expired: records, and ids that were to be remembered. It goes on by itself
   * ({@link PostgresStoreOptions.sweepEvery}), on one node at a time, and changes nothing that can be seen.
   *
   * @returns how many rows were swept out; 0 while another node does so.
   */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const values = [this.#clock(), SWEEP];
      const [row] = await this.#read(() =>
        this.#connections.ask<{ readonly swept: number }>({ name: "sweep", text: this.#sweep, values }),
      );
      const swept = row?.swept ?? 0;
      total += swept;
      if (swept < SWEEP) return total;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#asked);
    await this.#leases.close();
    await this.#connections.end();
  }

  /** Reads what the commits that were asked for before have left. */
  #read<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#ask(async () => {
      await this.#commits.settled();
      return work();
    });
  }

  async #ask<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closing) throw new StoreClosedError();
    const asked = work();
    this.#asked.add(asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(asked);
    }
  }

  async #sweepNow(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      if (this.#closing) return;
      this.#options.log?.warn(
        { reason: messageOf(error) },
        "what has expired could not be swept out of the store",
      );
    }
  }
}

/** What a timer of Node can wait. */
const LONGEST_WAIT = 2 ** 31 - 1;

const DEFAULTS = {
  schema: "restanza",
  queueMemory: QUEUE_MEMORY,
  leaseDuration: 10_000,
  poolSize: 8,
  timeout: 15_000,
  patience: 5_000,
  sweepEvery: 60_000,
  log: undefined,
} as const;

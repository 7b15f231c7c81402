import { StoreClosedError } from "../errors.ts";
import type { Claim, Lease, Leases } from "../leases.ts";
import type { EntriesOptions, HeadsOptions, QueueCounts, QueueEntry, QueueName } from "../queues.ts";
import type { ListOptions, StoredRecord } from "../records.ts";
import type { Store } from "../store.ts";
import type { Write } from "../writes.ts";
import type { MemoryCore } from "./core.ts";
import type { Shared } from "./shared-memory.ts";

/**
 * The store of one node on a {@link SharedMemory}. It keeps its leases for as long as it runs.
 *
 * While it is paused, and for ever once it has crashed, nothing that is asked of it comes to an end, as for a process
 * that stands still: so the code behind it goes no further than its next question.
 */
export class MemoryNode implements Store {
  readonly leases: Leases;
  readonly #shared: Shared;
  readonly #leave: () => void;
  readonly #listeners = new Set<(queue: QueueName) => void>();
  readonly #holder: { readonly silent: boolean };
  /** Since when the node stands still, in milliseconds since 1970. */
  #silentSince: number | undefined;
  #pause: PromiseWithResolvers<void> | undefined;
  #crashed = false;
  #closed = false;

  /** @internal A {@link SharedMemory} opens its nodes. */
  constructor(shared: Shared, leave: () => void) {
    this.#shared = shared;
    this.#leave = leave;
    const isSilent = (): boolean =>
      this.#silentSince !== undefined && shared.core.now() - this.#silentSince >= shared.leaseDuration;
    this.#holder = {
      get silent() {
        return isSilent();
      },
    };
    this.leases = {
      duration: shared.leaseDuration,
      claim: (queue, key) => this.#on((core) => this.#claim(core, queue, key)),
      release: (lease) => this.#on((core) => this.#release(core, lease)),
      abandon: (lease) => this.#on(() => this.#abandon(lease)),
      isHeld: (lease) => shared.leases.has(lease, this.#holder),
      listen: (wake) => {
        this.#listeners.add(wake);
        return () => void this.#listeners.delete(wake);
      },
    };
  }

  /** Stands still, as a process that is stopped: its leases end unless it goes on in time. */
  pause(): void {
    if (this.#pause !== undefined) return;
    this.#pause = Promise.withResolvers();
    this.#silentSince = this.#shared.core.now();
  }

  /** Goes on after a pause, not after a crash. Where that was too long its leases have ended, whether or not somebody else has taken them. */
  resume(): void {
    if (this.#crashed) return;
    if (this.#holder.silent) this.#shared.leases.clear(this.#holder);
    this.#silentSince = undefined;
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Ends without another word, as a process that is killed: its leases end when it has been silent for too long. */
  crash(): void {
    this.pause();
    this.#crashed = true;
    this.#leave();
  }

  get(collection: string, key: string): Promise<StoredRecord | undefined> {
    return this.#on((core) => core.get(collection, key));
  }

  list(collection: string, options?: ListOptions): Promise<readonly StoredRecord[]> {
    return this.#on((core) => core.list(collection, options));
  }

  commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    return this.#on((core) => {
      const numbers = core.commit(writes, (lease) => this.#shared.leases.has(lease, this.#holder));
      for (const write of writes) if ("revive" in write) this.#shared.wake(write.revive.queue);
      return numbers;
    });
  }

  heads(queue: QueueName, options: HeadsOptions): Promise<readonly QueueEntry[]> {
    const { leases } = this.#shared;
    return this.#on((core) => core.heads(queue, options, (key) => leases.isFree(queue, key, this.#holder)));
  }

  nextAt(queue: QueueName): Promise<number | undefined> {
    return this.#on((core) => core.nextAt(queue));
  }

  find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    return this.#on((core) => core.find(queue, id));
  }

  entries(queue: QueueName, options?: EntriesOptions): Promise<readonly QueueEntry[]> {
    return this.#on((core) => core.entries(queue, options));
  }

  counts(queue: QueueName): Promise<QueueCounts> {
    return this.#on((core) => core.counts(queue));
  }

  /** Ends the node, and gives back what it has. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#leave();
    this.#shared.leases.clear(this.#holder);
    for (const queue of ["inbox", "outbox", "timers"] as const) this.#shared.wake(queue);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Tells those who listen here, in a later turn, as word from elsewhere comes. */
  wake(queue: QueueName): void {
    if (this.#pause !== undefined) return;
    for (const listener of this.#listeners) {
      setImmediate(() => {
        if (this.#pause === undefined && this.#listeners.has(listener)) listener(queue);
      });
    }
  }

  /** Does what is asked for, unless the node stands still: then neither the question nor the answer gets through. */
  async #on<Result>(work: (core: MemoryCore) => Result): Promise<Result> {
    if (this.#pause !== undefined) await this.#resumed();
    if (this.#closed) throw new StoreClosedError();
    const done = new Promise<Result>((resolve) => resolve(work(this.#shared.core)));
    await done.catch(() => undefined);
    await this.#resumed();
    return done;
  }

  async #resumed(): Promise<void> {
    for (let pause = this.#pause; pause !== undefined; pause = this.#pause) await pause.promise;
  }

  #claim(core: MemoryCore, queue: QueueName, key: string): Claim | undefined {
    const head = core.head(queue, key);
    const lease = this.#shared.leases.take(queue, key, this.#holder);
    return lease && { lease, head };
  }

  #release(core: MemoryCore, lease: Lease): QueueEntry | undefined {
    if (!this.#shared.leases.has(lease, this.#holder)) return undefined;
    const head = core.head(lease.queue, lease.key);
    if (head === undefined) this.#shared.leases.giveBack(lease, this.#holder);
    return head;
  }

  #abandon(lease: Lease): void {
    if (this.#shared.leases.giveBack(lease, this.#holder)) this.#shared.wake(lease.queue);
  }
}

import type { QueueEntry, QueueName } from "./queues.ts";

/** A key of a queue that one process has to itself. A conversation is worked on by whoever has the lease of its key. */
export interface Lease {
  readonly queue: QueueName;
  readonly key: string;
  /** A number that no other lease has; of the same key, a later one has a higher one. */
  readonly token: number;
}

/** What a process has that has claimed a key. */
export interface Claim {
  readonly lease: Lease;
  /** The first waiting entry of the key, whether or not its time has come; `undefined` where none waits. */
  readonly head: QueueEntry | undefined;
}

/**
 * Who has which key, among the processes that share a store.
 *
 * A lease is kept until it is given back, as its store renews it by itself; it ends when its process has been silent for
 * {@link Leases.duration}, because it was killed, paused, or cut off. Such a process may not know yet: what it commits with a
 * `fence` conflicts.
 */
export interface Leases {
  /** How long a process may be silent before others take its keys over, in milliseconds. */
  readonly duration: number;
  /**
   * Takes a key, or keeps it where this process has it already (then the lease is the same one).
   *
   * What others have committed for the key before it came into these hands is seen from now on.
   *
   * @returns `undefined` where another process has it.
   */
  claim(queue: QueueName, key: string): Promise<Claim | undefined>;
  /**
   * Gives a key back, unless something waits for it: so nothing is left behind by two who each believe that the other sees
   * to it. Whoever enqueues and then fails to claim can rely on this.
   *
   * @returns what waits first, in which case the key is still this process's own; `undefined` when it is given back, or was lost.
   */
  release(lease: Lease): Promise<QueueEntry | undefined>;
  /** Gives a key back though something waits for it, and tells the others so. */
  abandon(lease: Lease): Promise<void>;
  /**
   * Whether a lease is still good, as far as this process can tell by its own clock, without asking: it does not stay so
   * through a pause of the process that was too long.
   */
  isHeld(lease: Lease): boolean;
  /**
   * Calls back when something waits that nobody has: it was revived, or abandoned. A hint only, which may come late or not at
   * all; whoever relies on it looks from time to time as well.
   *
   * @returns takes that back.
   */
  listen(wake: (queue: QueueName) => void): () => void;
}

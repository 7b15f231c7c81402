import type { JsonValue } from "../stanza/index.ts";
import type { Lease } from "./leases.ts";
import type { NewEntry, QueueName } from "./queues.ts";

/** A record to write. */
export interface Put {
  readonly collection: string;
  readonly key: string;
  readonly value: JsonValue;
  /** When it vanishes, in milliseconds since 1970. Default: never. */
  readonly expires?: number | undefined;
  /** Only if the record has this version; 0: only if there is none. */
  readonly ifVersion?: number | undefined;
}

/** A record to take away. That there is none is no mistake, unless a version was expected. */
export interface Delete {
  readonly collection: string;
  readonly key: string;
  /** Only if the record has this version. */
  readonly ifVersion?: number | undefined;
}

/** What has to be so for the commit to happen, without changing it: of another record that was read, or of a lease. */
export interface Check {
  readonly collection: string;
  readonly key: string;
  /** The version that the record must have; 0: there must be none. */
  readonly version: number;
}

/** Which entry of which queue. */
export interface EntryId {
  readonly queue: QueueName;
  readonly id: string;
}

/** An entry that has failed, and why. */
export interface EntryFailure extends EntryId {
  readonly error: string;
}

/**
 * One change. Several of them make a {@link Store.commit}, in this order, all or none. A change that its condition
 * forbids, or that is for an entry which is not there in the state that it needs, fails the whole commit with a
 * {@link ConflictError}: so the effects of an entry's handling are committed once, however many have worked on it.
 */
export type Write =
  | { readonly put: Put }
  | { readonly delete: Delete }
  | { readonly check: Check }
  /** The lease must still be this process's: so that what was taken over is not finished twice. */
  | { readonly fence: Lease }
  | { readonly enqueue: NewEntry }
  /** A waiting entry was handled, or accepted: it is gone, and its id is remembered. */
  | { readonly complete: EntryId }
  /** A waiting entry failed and is to be tried again, no earlier than `notBefore` (milliseconds since 1970). */
  | { readonly retry: EntryFailure & { readonly notBefore: number } }
  /** A waiting entry failed for good: it is dead, and no longer holds up its key. */
  | { readonly bury: EntryFailure }
  /** A dead entry is to be tried again, at once, at the end of its key, its attempts counted anew. */
  | { readonly revive: EntryId }
  /** A dead entry is given up: it is gone, and its id is remembered. */
  | { readonly drop: EntryId };

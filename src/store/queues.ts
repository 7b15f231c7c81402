import type { JsonValue } from "../stanza/index.ts";

/** The queues: stanzas that came in and are not handled yet, those to go out that are not accepted yet, and what is to be done at a time. */
export type QueueName = (typeof QUEUES)[number];

/** @internal */
export const QUEUES = ["inbox", "outbox", "timers"] as const;

/** What goes into a queue. */
export interface NewEntry {
  readonly queue: QueueName;
  /**
   * Chosen by whoever makes it. An id that the queue has, or has had within its memory (see
   * {@link StoreOptions.queueMemory}), changes nothing: the same entry is never queued twice.
   */
  readonly id: string;
  /** What is kept in order: the entries of one key leave in the order in which they were committed. */
  readonly key: string;
  /** The stanza as XML, and what else is needed to go on after a crash. */
  readonly payload: JsonValue;
  /** A whole number; higher goes first among keys. Within a key the order is kept all the same. Default 0. */
  readonly priority?: number;
  /** Not to be handled before this time, in milliseconds since 1970. Default: at once. */
  readonly notBefore?: number | undefined;
  /**
   * Not to be handled after this time, in milliseconds since 1970. Default: never.
   *
   * Nothing leaves a queue by itself: once expired, an entry is handed out like one that may go, its `notBefore`
   * notwithstanding, so that whoever works on the queue can say so to whom it concerns, count it, and complete it.
   */
  readonly expires?: number | undefined;
}

/** Whether an entry is still to be handled, or has failed for good and waits for somebody to look at it. */
export type EntryState = "waiting" | "dead";

/** An entry of a queue. */
export interface QueueEntry {
  readonly queue: QueueName;
  readonly id: string;
  readonly key: string;
  readonly payload: JsonValue;
  readonly priority: number;
  /** In milliseconds since 1970; 0 for at once. */
  readonly notBefore: number;
  /** In milliseconds since 1970; `undefined` for never. */
  readonly expires: number | undefined;
  /** Where it stands: within a key, in the order of commits. Not numbered without gaps. */
  readonly sequence: number;
  /** When it was committed, in milliseconds since 1970. */
  readonly since: number;
  /** How often it has failed since it was committed, or revived. */
  readonly attempts: number;
  /** Why it failed the last time. */
  readonly error: string | undefined;
  readonly state: EntryState;
}

/** Which heads of a queue are asked for. */
export interface HeadsOptions {
  /** How many at most. */
  readonly limit: number;
  /** Keys to leave out: those that are being worked on. */
  readonly skipKeys?: ReadonlySet<string>;
}

/** Which entries to list. */
export interface EntriesOptions {
  /** Default: all. */
  readonly state?: EntryState;
  /** Only those with a higher sequence: that of the last of the page before. */
  readonly after?: number;
  /** How many at most; default 100. */
  readonly limit?: number;
}

/** How many entries a queue has. */
export type QueueCounts = Readonly<Record<EntryState, number>>;

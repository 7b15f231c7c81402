import type { Logger } from "pino";
import type { Message, Presence } from "../../stanza/index.ts";
import type { Store, Write } from "../../store/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import type { BounceError } from "../errors.ts";
import { whole } from "../options.ts";
import type { RestClient } from "../rest-client.ts";
import { checkPaces, type MountPace } from "./pace.ts";

/** What an outbox needs of a {@link RestClient}. */
export type OutboxClient = Pick<RestClient, "prepare" | "post" | "iq" | "exchange">;

/** What is done about a stanza that will not arrive: changes to commit together with its leaving the queue, if any. */
export type OnEnd<Reason> = (stanza: Message | Presence, reason: Reason) => readonly Write[] | undefined;

/** What an {@link Outbox} is made with. */
export interface OutboxOptions {
  /** Where stanzas wait; the outbox is not the one who closes it. */
  readonly store: Store;
  /** The client of each mount, by its domain: the one of a stanza's `from` is who sends it. */
  readonly clients: ReadonlyMap<string, OutboxClient>;
  readonly logger?: Logger | undefined;
  /** Told of a stanza that came straight back, where nobody waits any more for what becomes of it. */
  readonly onBounce?: OnEnd<BounceError> | undefined;
  /** Told of a stanza that was not sent in time, where nobody waits any more for what becomes of it. */
  readonly onExpired?: OnEnd<undefined> | undefined;
  /** Told of a stanza that failed for good and was buried, where nobody waits any more for what becomes of it. */
  readonly onBuried?: OnEnd<unknown> | undefined;
  /** How many conversations of a mount are sent in at once. Default 16: as many as a {@link RestClient} has connections. */
  readonly concurrency?: number | undefined;
  /**
   * How often Prosody may fail on one stanza (HTTP 500 and the like) before it is buried, so that its conversation goes on.
   * Default 10, which is about two minutes. That Prosody is away is not counted, and never buries anything.
   */
  readonly maxAttempts?: number | undefined;
  /** How often to look for what others have put into the queue, as the command line does, in milliseconds. Default 5,000. */
  readonly lookEvery?: number | undefined;
  /** How fast the stanzas of each mount may go, by its domain. */
  readonly pace?: ReadonlyMap<string, MountPace> | undefined;
  /** Default: the real time. */
  readonly clock?: Clock | undefined;
}

/** What can be said of one stanza that is given to an {@link Outbox}. */
export interface OutboxSendOptions {
  /** Stops waiting, and the sending where it has not begun. */
  readonly signal?: AbortSignal | undefined;
  /** A whole number; higher goes first among conversations, within one the order is kept. Default 0. */
  readonly priority?: number | undefined;
  /**
   * Not to be sent after this time, in milliseconds since 1970. Default: never; for presence that tells who is there, one
   * minute from now, as it would tell what is no longer so.
   */
  readonly expires?: number | undefined;
  /**
   * A name for this very sending: what is given again under the same one within the store's `queueMemory` (24 hours) is
   * not sent again, as when a handler is run again after a crash. A stanza without an id gets it as its id.
   */
  readonly once?: string | undefined;
  /**
   * What is committed together with its queueing, all or none: a condition, such as the fence of a lease, or an effect. Also
   * where `once` names what was given before.
   */
  readonly along?: readonly Write[] | undefined;
}

/** @internal Options with their defaults, checked. */
export interface OutboxSettings extends OutboxOptions {
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly lookEvery: number;
  readonly pace: ReadonlyMap<string, MountPace>;
  readonly clock: Clock;
}

const LONGEST_WAIT = 2 ** 31 - 1;

/** @internal */
export function readOutboxOptions(options: OutboxOptions): OutboxSettings {
  const { pace = new Map<string, MountPace>() } = options;
  checkPaces(pace);
  return {
    ...options,
    concurrency: whole("concurrency", options.concurrency ?? 16, 1, 4096),
    maxAttempts: whole("maxAttempts", options.maxAttempts ?? 10, 1, Number.MAX_SAFE_INTEGER),
    lookEvery: whole("lookEvery", options.lookEvery ?? 5_000, 1, LONGEST_WAIT),
    pace,
    clock: options.clock ?? SYSTEM_CLOCK,
  };
}

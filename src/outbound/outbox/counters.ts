/** What an {@link Outbox} has done since it was made. */
export interface OutboxCounters {
  /** Stanzas that Prosody has taken. */
  readonly accepted: number;
  /** Those that came straight back. */
  readonly bounced: number;
  /** Those that failed for good and are kept as dead letters. */
  readonly buried: number;
  /** Those that were not sent in time. */
  readonly expired: number;
  /** Those that were taken back before they were sent. */
  readonly cancelled: number;
  /** Tries that failed and are, or were, repeated. */
  readonly failures: number;
  /** Tries with a stanza that Prosody may have taken before: at most so many have arrived twice. */
  readonly possibleDuplicates: number;
}

/** How things stand in an {@link Outbox}. */
export interface OutboxStatus extends OutboxCounters {
  /** Stanzas that wait, or are on their way. */
  readonly waiting: number;
  /** Requests to Prosody under way. */
  readonly inFlight: number;
  /** Conversations that this process has to itself, where several share the store. */
  readonly leased: number;
  /** The domains whose Prosody is away, or does not take the credential. */
  readonly unreachable: readonly string[];
}

/** @internal */
export type Counting = { -readonly [Name in keyof OutboxCounters]: number };

/** @internal */
export function newCounting(): Counting {
  return {
    accepted: 0,
    bounced: 0,
    buried: 0,
    expired: 0,
    cancelled: 0,
    failures: 0,
    possibleDuplicates: 0,
  };
}

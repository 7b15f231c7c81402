/** How long to wait between tries, in milliseconds. */
export interface Backoff {
  /** After the first failure. */
  readonly first: number;
  readonly longest: number;
}

/** @internal While Prosody is away, or fails on a stanza. */
export const BRIEF: Backoff = { first: 250, longest: 30_000 };

/** @internal While an operator has to mend something: a credential, or what it may send. */
export const PATIENT: Backoff = { first: 30_000, longest: 300_000 };

/**
 * @internal How long to wait after that many failures: twice as long after each, and up to half of it less by chance, so that many
 * who failed at once do not come back at once.
 */
export function delayAfter(
  failures: number,
  { first, longest }: Backoff,
  random: () => number = Math.random,
): number {
  const whole = Math.min(longest, first * 2 ** (failures - 1));
  return Math.ceil(whole * (1 - random() / 2));
}

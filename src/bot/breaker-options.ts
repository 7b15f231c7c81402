/** When a bot that fails again and again is paused. */
export interface BreakerOptions {
  /** So many failures in a row, without one stanza handled well between them; default 5. */
  readonly failures?: number;
  /** From at least so many conversations, so that one person's input does not pause it for all; default 2. */
  readonly conversations?: number;
  /** Within so many milliseconds; default 60,000. */
  readonly within?: number;
  /** For how long, in milliseconds; default 60,000. Twice that each time the trial after it fails, up to ten minutes. */
  readonly pause?: number;
}

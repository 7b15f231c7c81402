import type { Pace } from "./pace.ts";

/** How many are remembered before those that no longer matter are sought out. */
const SWEEP_AT = 1_024;

/**
 * Tells how long to wait so that a pace is kept, for each key of its own (a generic cell rate algorithm). It remembers
 * one number for each key that has gone lately.
 */
export class Pacer {
  readonly #interval: number;
  readonly #slack: number;
  /** By key, when all that has gone would have gone one by one. */
  readonly #due = new Map<string, number>();
  #sweepAt = SWEEP_AT;

  /** @param pace without one nothing ever waits. */
  constructor(pace: Pace | undefined) {
    this.#interval = pace ? 1_000 / pace.perSecond : 0;
    this.#slack = pace ? (pace.burst - 1) * this.#interval : 0;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#due.size;
  }

  /** In how many milliseconds the next may go; 0 for now. */
  wait(key: string, now: number): number {
    const due = this.#due.get(key);
    if (due === undefined) return 0;
    // A clock that was set back must not hold up anything for longer than all of a burst takes.
    return Math.max(0, Math.ceil(Math.min(due - now, this.#slack + this.#interval) - this.#slack));
  }

  /** One goes. */
  take(key: string, now: number): void {
    if (this.#interval === 0) return;
    const due = Math.min(this.#due.get(key) ?? now, now + this.#slack);
    this.#due.set(key, Math.max(due, now) + this.#interval);
    if (this.#due.size < this.#sweepAt) return;
    for (const [each, until] of this.#due) if (until <= now) this.#due.delete(each);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#due.size);
  }
}

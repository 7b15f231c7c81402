/** How often something may happen. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a while of silence. */
  readonly burst: number;
}

/** Counts what may happen: it fills with time up to `burst`, and each takes one. */
export class Bucket {
  readonly #rate: Rate;
  readonly #now: () => number;
  #level: number;
  #at: number;

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#level = rate.burst;
    this.#at = now();
  }

  /** @returns 0 where it may happen now, else in how many milliseconds it may. */
  take(): number {
    const { perSecond, burst } = this.#rate;
    const now = this.#now();
    this.#level = Math.min(burst, this.#level + (Math.max(0, now - this.#at) / 1000) * perSecond);
    this.#at = now;
    if (this.#level >= 1) {
      this.#level -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#level) / perSecond) * 1000);
  }
}

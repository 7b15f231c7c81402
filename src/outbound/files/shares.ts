/** Something of which nobody may have more than a part. */
export interface Share {
  readonly key: string;
  /** How many places all with this key may have. */
  readonly most: number;
}

interface Waiter {
  readonly shares: readonly Share[];
  readonly enter: () => void;
}

/** A number of places, given out in the order of asking to those who have not their share of them already. */
export class Shares {
  #free: number;
  readonly #held = new Map<string, number>();
  // A set, as it keeps the order and lets one leave from the middle.
  readonly #waiting = new Set<Waiter>();

  constructor(size: number) {
    this.#free = size;
  }

  /**
   * Takes a place, waiting for one if need be; rejects with the reason of `signal` when it aborts first.
   *
   * @returns what gives it back.
   */
  async acquire(shares: readonly Share[], signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#isOpen(shares)) this.#take(shares);
    else await this.#wait(shares, signal);
    return () => this.#release(shares);
  }

  #wait(shares: readonly Share[], signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => {
      this.#waiting.delete(waiter);
      reject(signal.reason);
    };
    const enter = (): void => {
      signal.removeEventListener("abort", abort);
      this.#waiting.delete(waiter);
      this.#take(shares);
      resolve();
    };
    const waiter: Waiter = { shares, enter };
    signal.addEventListener("abort", abort, { once: true });
    this.#waiting.add(waiter);
    return promise;
  }

  #isOpen(shares: readonly Share[]): boolean {
    return this.#free > 0 && shares.every(({ key, most }) => (this.#held.get(key) ?? 0) < most);
  }

  #take(shares: readonly Share[]): void {
    this.#free -= 1;
    for (const { key } of shares) this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
  }

  #release(shares: readonly Share[]): void {
    this.#free += 1;
    for (const { key } of shares) {
      const held = (this.#held.get(key) ?? 0) - 1;
      if (held > 0) this.#held.set(key, held);
      else this.#held.delete(key);
    }
    for (const waiter of this.#waiting) {
      if (this.#free === 0) return;
      if (this.#isOpen(waiter.shares)) waiter.enter();
    }
  }
}

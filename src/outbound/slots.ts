/** A number of places, given out in the order of asking. */
export class Slots {
  #free: number;
  // A set, as it keeps the order and lets one leave from the middle.
  readonly #waiting = new Set<Waiter>();

  constructor(size: number) {
    this.#free = size;
  }

  /** Takes a place, waiting for one if need be; rejects with the reason of `signal` when it aborts first. */
  acquire(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiter);
        reject(signal?.reason);
      };
      const settle = (then: () => void): void => {
        signal?.removeEventListener("abort", abort);
        then();
      };
      const waiter: Waiter = {
        enter: () => settle(resolve),
        leave: (reason) => settle(() => reject(reason)),
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Gives a place back, to the one who has waited longest. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.enter();
  }

  /** Sends away all who wait. */
  clear(reason: Error): void {
    for (const waiter of this.#waiting) waiter.leave(reason);
    this.#waiting.clear();
  }
}

interface Waiter {
  readonly enter: () => void;
  readonly leave: (reason: Error) => void;
}

/** One callback to carry: `written` is to be called when the request is on its way. */
export type Carriage = (written: () => void) => Promise<void>;

/**
 * A stock mount, where nine callbacks of ten in a burst are overtaken: those of one moment leave in an order drawn from
 * a seed, each when the one before is on its way.
 */
export class ShuffledQueue {
  #waiting: Carriage[] = [];
  #draining = false;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = mulberry32(seed);
  }

  add(carriage: Carriage): void {
    this.#waiting.push(carriage);
    if (this.#draining) return;
    this.#draining = true;
    setImmediate(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#shuffle(this.#waiting);
      this.#waiting = [];
      for (const carriage of batch)
        await new Promise<void>((written) => void carriage(written).then(written));
    }
    this.#draining = false;
  }

  #shuffle(batch: readonly Carriage[]): Carriage[] {
    return batch
      .map((carriage) => ({ carriage, rank: this.#random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ carriage }) => carriage);
  }
}

/** A small generator of numbers in [0, 1) that a seed repeats exactly. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

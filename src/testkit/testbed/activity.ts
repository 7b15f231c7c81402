/** After how many turns of the event loop in which nothing was seen to happen all is taken to be quiet. */
const QUIET = 3;

/** Knows whether something goes on, by all that happens at the edges: stanzas, commits, timers. */
export class Activity {
  #count = 0;

  /** How much has happened. */
  get count(): number {
    return this.#count;
  }

  /** Something happens. */
  note(): void {
    this.#count += 1;
  }

  /** Resolves when nothing goes on any more but what waits for the clock, or for the real world. */
  async settled(): Promise<void> {
    for (let quiet = 0, seen = this.#count; quiet < QUIET; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (seen === this.#count) continue;
      seen = this.#count;
      quiet = -1;
    }
  }
}

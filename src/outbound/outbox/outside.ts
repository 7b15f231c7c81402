/** Above this many, knowing them one by one costs more than looking. */
const MOST_KEYS = 10_000;

/**
 * @internal Which conversations may have something in the store of which nothing is in memory. What is given for any other can
 * leave at once, without asking the store first.
 */
export class Outside {
  #all = true;
  #keys = new Set<string>();
  /** Those added since the store was asked, unless its answer no longer tells anything. */
  #since: Set<string> | undefined;

  get empty(): boolean {
    return !this.#all && this.#keys.size === 0;
  }

  has(key: string): boolean {
    return this.#all || this.#keys.has(key);
  }

  add(key: string): void {
    this.#since?.add(key);
    if (this.#all) return;
    this.#keys.add(key);
    if (this.#keys.size > MOST_KEYS) this.addAll();
  }

  /** Anything may be there: it was not looked at yet, or somebody else has changed it. */
  addAll(): void {
    this.#all = true;
    this.#keys.clear();
    this.#since = undefined;
  }

  /** The store is being asked. */
  ask(): void {
    this.#since = new Set();
  }

  /** @param everything whether it was all that the store had when it was asked. */
  answered(everything: boolean): void {
    if (everything && this.#since !== undefined) {
      this.#all = false;
      this.#keys = this.#since;
    }
    this.#since = undefined;
  }
}

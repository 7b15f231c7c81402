/**
 * Remembers where handlers crash again and again, so that a person is told politely once and a bot at the other end,
 * which might crash on the apology, is not drawn into a loop.
 */
export class CrashStreaks {
  readonly #since = new Map<string, number>();
  readonly #window: number;
  readonly #capacity: number;
  readonly #now: () => number;

  /**
   * @param window how long a crash is remembered, in milliseconds.
   * @param capacity conversations remembered at the most.
   */
  constructor(window = 60_000, capacity = 10_000, now: () => number = Date.now) {
    this.#window = window;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Notes a crash; whether there was one in this conversation a short while ago. */
  crashed(conversation: string): boolean {
    const now = this.#now();
    const last = this.#since.get(conversation);
    // Taken out and put back, so that the map stays in the order of the latest crash.
    this.#since.delete(conversation);
    this.#since.set(conversation, now);
    for (const oldest of this.#since.keys()) {
      if (this.#since.size <= this.#capacity) break;
      this.#since.delete(oldest);
    }
    return last !== undefined && now - last < this.#window;
  }

  /** Notes that a stanza was handled well. */
  recovered(conversation: string): void {
    if (this.#since.size > 0) this.#since.delete(conversation);
  }
}

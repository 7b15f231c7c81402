/** Has those who have been in each other's way over a key come one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it is this one's turn, with what ends it; ending it twice does nothing. */
  async take(key: string): Promise<() => void> {
    const before = this.#last.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, promise);
    await before;
    return () => {
      resolve();
      if (this.#last.get(key) === promise) this.#last.delete(key);
    };
  }
}

/** Ends what comes too slowly to be waited for. */
export class LeastRate {
  readonly #timer: NodeJS.Timeout;
  readonly #tooSlow = new AbortController();
  #bytes = 0;

  /**
   * @param bytes that have to come in each time.
   * @param every how long such a time is, in milliseconds.
   * @param error what `signal` is aborted with when fewer have come.
   */
  constructor(bytes: number, every: number, error: () => Error) {
    this.#timer = setInterval(() => {
      if (this.#bytes < bytes) this.#tooSlow.abort(error());
      this.#bytes = 0;
    }, every);
  }

  get signal(): AbortSignal {
    return this.#tooSlow.signal;
  }

  /** Counts what has come. */
  count(bytes: number): void {
    this.#bytes += bytes;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

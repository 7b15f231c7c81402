/** What became of a stanza that was given to an outbox. */
export interface Posted {
  /** The id of the stanza, which a later bounce or receipt names. */
  readonly id: string;
  /** Set where it is safe in the store, and Prosody has not taken it yet: it goes out when Prosody is back. */
  readonly queued?: true;
  /** Set where it was given before, under the same `once`; nothing was done. */
  readonly repeated?: true;
}

/** @internal Somebody who waits to hear what becomes of a stanza. */
export class Waiter {
  readonly key: string;
  readonly posted: Promise<Posted>;
  readonly #id: string;
  readonly #signal: AbortSignal | undefined;
  readonly #all: Set<Waiter>;
  readonly #resolve: (posted: Posted) => void;
  readonly #reject: (reason: unknown) => void;
  #begun = false;
  #gone = false;
  #cancelled = false;

  /** @param all those who wait, among which it is as long as it does. */
  constructor(id: string, key: string, all: Set<Waiter>, signal: AbortSignal | undefined) {
    this.key = key;
    this.#id = id;
    this.#all = all;
    this.#signal = signal;
    const { promise, resolve, reject } = Promise.withResolvers<Posted>();
    this.posted = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    // Its commit is awaited first, and may be under way yet.
    promise.catch(() => undefined);
    signal?.addEventListener("abort", this.#abort, { once: true });
    all.add(this);
  }

  /** Whether the stanza is not to be sent any more. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** The sending begins: from now on an abort ends the waiting only. */
  begin(): void {
    this.#begun = true;
  }

  accepted(): void {
    this.#leave();
    this.#resolve({ id: this.#id });
  }

  queued(): void {
    this.#leave();
    this.#resolve({ id: this.#id, queued: true });
  }

  /** @returns whether it was still waiting, and so has been told. */
  failed(error: unknown): boolean {
    if (this.#gone) return false;
    this.#leave();
    this.#reject(error);
    return true;
  }

  readonly #abort = (): void => {
    this.#cancelled = !this.#begun;
    this.failed(this.#signal?.reason);
  };

  #leave(): void {
    this.#gone = true;
    this.#all.delete(this);
    this.#signal?.removeEventListener("abort", this.#abort);
  }
}

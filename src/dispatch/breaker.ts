import type { BreakerOptions } from "../bot/index.ts";

/** The longest pause, in milliseconds. */
const LONGEST_PAUSE = 600_000;

/** Told of a bot's failures, it says when to leave it alone for a while, and when to try it again. */
export class Breaker {
  readonly #failures: number;
  readonly #conversations: number;
  readonly #within: number;
  readonly #shortest: number;
  readonly #now: () => number;
  /** The last failures in a row, oldest first. */
  #row: { readonly at: number; readonly conversation: string }[] = [];
  #until: number | undefined;
  #pause: number;
  #trying = false;

  constructor(
    { failures = 5, conversations = 2, within = 60_000, pause = 60_000 }: BreakerOptions,
    now: () => number,
  ) {
    this.#failures = failures;
    this.#conversations = conversations;
    this.#within = within;
    this.#shortest = pause;
    this.#pause = pause;
    this.#now = now;
  }

  /** Whether it is paused, or on trial after a pause. */
  get isOpen(): boolean {
    return this.#until !== undefined;
  }

  /** Whether a stanza may be handled: after a pause, one at a time, as a trial, which ends with one of the three below. */
  admits(): boolean {
    if (this.#until === undefined) return true;
    if (this.#trying || this.#now() < this.#until) return false;
    this.#trying = true;
    return true;
  }

  /** A stanza was handled well. @returns whether that ends a pause. */
  worked(): boolean {
    this.#row = [];
    // What began before the pause and ends during the trial is taken for that.
    if (!this.#trying) return false;
    this.#trying = false;
    this.#until = undefined;
    this.#pause = this.#shortest;
    return true;
  }

  /** A handler has failed. @returns for how many milliseconds the bot is paused because of it; 0 where it is not. */
  failed(conversation: string): number {
    const now = this.#now();
    if (this.#trying) {
      this.#trying = false;
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
      this.#until = now + this.#pause;
      return this.#pause;
    }
    if (this.#until !== undefined) return 0;
    this.#row = [...this.#row.filter(({ at }) => now - at < this.#within), { at: now, conversation }];
    const distinct = new Set(this.#row.map((each) => each.conversation)).size;
    if (this.#row.length >= this.#failures && distinct >= this.#conversations) {
      this.#row = [];
      this.#until = now + this.#pause;
      return this.#pause;
    }
    // One of those from a conversation that is there twice can go; so this stays short.
    if (this.#row.length >= this.#failures) this.#row.shift();
    return 0;
  }

  /** A stanza was not the bot's business: a trial with it says nothing. */
  passed(): void {
    this.#trying = false;
  }
}

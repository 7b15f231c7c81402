import type { MaybePromise } from "../bot/index.ts";
import type { Stanza } from "../stanza/index.ts";
import type { Answer } from "./respond.ts";

/** A callback's stanza and how it was answered. */
export interface Answered {
  readonly stanza: Stanza;
  readonly answer: Answer;
}

/**
 * How callbacks were answered a short while ago. Where the connection broke before the answer was through, Prosody asks once
 * more: it gets the same answer, and the stanza is not handled again.
 */
export class RecentAnswers {
  readonly #answers = new Map<
    string,
    { readonly answered: MaybePromise<Answered>; readonly bytes: number }
  >();
  readonly #capacity: number;
  readonly #most: number;
  #bytes = 0;

  /**
   * @param capacity callbacks remembered at the most.
   * @param most how large their bodies may be together, in bytes.
   */
  constructor(capacity = 2_000, most = 4_000_000) {
    this.#capacity = capacity;
    this.#most = most;
  }

  get(id: string): MaybePromise<Answered> | undefined {
    return this.#answers.get(id)?.answered;
  }

  /** Remembers an answer, or that there will be one, to a callback of so many bytes. */
  set(id: string, answered: MaybePromise<Answered>, bytes: number): void {
    this.forget(id);
    this.#answers.set(id, { answered, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#capacity && this.#bytes <= this.#most) return;
      this.forget(oldest);
    }
  }

  forget(id: string): void {
    this.#bytes -= this.#answers.get(id)?.bytes ?? 0;
    this.#answers.delete(id);
  }
}

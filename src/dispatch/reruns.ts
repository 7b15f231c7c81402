import type { MaybePromise } from "../bot/index.ts";
import type { StaleStateError } from "./stale-state.ts";
import { pauseAfter } from "./store-failure.ts";
import type { Turns } from "./turns.ts";

/** How often handlers are run again because what they had read was changed meanwhile. */
const MOST_RERUNS = 9;

/** When the handlers of a stanza are run again, and how often. */
export class Reruns {
  readonly #turns: Turns;
  /** How often the store has failed. */
  #pauses = 0;
  /** How often the handlers were run before, on what has turned out to be old. */
  #reruns = 0;
  #endTurn: (() => void) | undefined;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Whether they may be run again on what has changed. */
  get areLeft(): boolean {
    return this.#reruns < MOST_RERUNS;
  }

  /** Runs them again in turn with all that the same record was changed for. */
  async inTurn({ record }: StaleStateError, run: () => MaybePromise<void>): Promise<void> {
    this.#endTurn?.();
    this.#endTurn = await this.#turns.take(record);
    this.#reruns += 1;
    try {
      await run();
    } finally {
      this.#endTurn?.();
    }
  }

  /** How long to wait for the store that has failed once more, in milliseconds. */
  nextPause(): number {
    const pause = pauseAfter(this.#pauses);
    this.#pauses += 1;
    return pause;
  }
}

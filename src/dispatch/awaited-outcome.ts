import type { MaybePromise } from "../bot/index.ts";
import type { Outcome } from "./outcome.ts";

/** How a callback is to be answered, from when that is known: what is told first counts. */
export class AwaitedOutcome {
  #outcome: Outcome | undefined;
  #announce: ((outcome: Outcome) => void) | undefined;

  get isKnown(): boolean {
    return this.#outcome !== undefined;
  }

  tell(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#announce?.(this.#outcome);
  }

  /**
   * The outcome: at once where it is known.
   *
   * @param begin called where it has to be waited for; what it returns is called when that is over.
   */
  get(begin: () => (() => void) | undefined): MaybePromise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome;
    return new Promise((resolve) => {
      const end = begin();
      this.#announce = (outcome) => {
        end?.();
        resolve(outcome);
      };
    });
  }
}

import type { MaybePromise } from "../bot/index.ts";
import type { Clock } from "../store/index.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";

/** How long is waited for the handlers of a stanza, and for a store that fails; somebody may end it before. */
export class Patience {
  readonly #clock: Clock;
  #end: ((reason: Error) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the waiting: handlers fail with this reason, a pause is over. */
  end(reason: Error): void {
    this.#end?.(reason);
  }

  /**
   * Waits for handlers.
   *
   * @throws HandlerTimeoutError when they take longer than so many milliseconds; whatever they throw.
   */
  async forHandlers(running: MaybePromise<void>, timeout: number): Promise<void> {
    const over = Promise.withResolvers<never>();
    this.#end = over.reject;
    const stopTimer = this.#clock.after(timeout, () => {
      over.reject(new HandlerTimeoutError(`the handler was not through after ${timeout} ms`));
    });
    await Promise.race([running, over.promise]).finally(stopTimer);
  }

  /** Waits so many milliseconds. */
  async forPause(milliseconds: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    this.#end = () => over.resolve();
    const stopTimer = this.#clock.after(milliseconds, over.resolve);
    await over.promise;
    stopTimer();
  }
}

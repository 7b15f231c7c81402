import type { MaybePromise } from "../bot/index.ts";
import type { HandlerTimeoutError } from "./handler-timeout.ts";
import type { Handling } from "./handling.ts";

/** The stanzas whose handlers are at work. */
export class Handlings {
  /** By when they are through. */
  readonly #working = new Map<Promise<void>, Handling>();

  get size(): number {
    return this.#working.size;
  }

  /** Counts a stanza in until its handlers are through, where they are not yet. */
  track(handling: Handling, running: MaybePromise<void>): MaybePromise<void> {
    if (running === undefined) return undefined;
    this.#working.set(running, handling);
    return running.finally(() => this.#working.delete(running));
  }

  /** Resolves when those are through that are at work now. */
  async through(): Promise<void> {
    await Promise.all(this.#working.keys());
  }

  /** Ends all that are still at work. */
  abort(reason: HandlerTimeoutError): void {
    for (const handling of this.#working.values()) handling.abort(reason);
  }
}

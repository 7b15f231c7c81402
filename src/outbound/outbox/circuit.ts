import type { Clock } from "../../store/index.ts";
import { type Backoff, delayAfter } from "./backoff.ts";

/**
 * @internal Whether one Prosody is worth trying. Once it is away all wait, and one tries for all of them from time to time; the
 * first success lets everybody go on.
 */
export class Circuit {
  readonly #clock: Clock;
  readonly #onProbe: () => void;
  #state: "closed" | "open" | "half-open" | "probing" = "closed";
  #failures = 0;
  #cancel: (() => void) | undefined;

  /** @param onProbe told when one may try. */
  constructor(clock: Clock, onProbe: () => void) {
    this.#clock = clock;
    this.#onProbe = onProbe;
  }

  /** Whether Prosody answered the last time. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Whether somebody may try now. */
  get admits(): boolean {
    return this.#state === "closed" || this.#state === "half-open";
  }

  /** Somebody tries. */
  begin(): void {
    if (this.#state === "half-open") this.#state = "probing";
  }

  /** Prosody has answered. */
  close(): void {
    this.stop();
    this.#state = "closed";
    this.#failures = 0;
  }

  /**
   * Prosody has not answered.
   *
   * @returns in how many milliseconds the next one tries; `undefined` where that was settled before.
   */
  open(backoff: Backoff): number | undefined {
    // Many fail together when Prosody goes; they are one failure.
    if (this.#state === "open") return undefined;
    this.#failures += 1;
    this.#state = "open";
    const delay = delayAfter(this.#failures, backoff);
    this.#cancel = this.#clock.after(delay, () => {
      this.#state = "half-open";
      this.#onProbe();
    });
    return delay;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

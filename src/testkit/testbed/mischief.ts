import { milliseconds } from "./test-clock.ts";

/** What goes over the network between Prosody and the bots: callbacks bring stanzas to the bots, posts are what they send. */
export type Traffic = "callbacks" | "posts";

/** @internal What happens to one message on its way. */
export type Mischance =
  | { readonly kind: "drop" | "duplicate" | "overtaken" }
  | { readonly kind: "delay"; readonly milliseconds: number };

/** What can be said of a delay. */
export interface DelayOptions {
  /** Default `callbacks`. */
  readonly of?: Traffic | undefined;
}

/**
 * The network between Prosody and the bots, and what may go wrong there. Each call is for the next message that
 * says something, call twice for two; presence, requests and signs of typing go through.
 */
export class TestNetwork {
  readonly #next: Readonly<Record<Traffic, Mischance[]>> = { callbacks: [], posts: [] };

  /**
   * Loses the next: of a callback, the sender is told that the bot cannot be reached, as stock Prosody does it; a post is sent
   * again when the clock has been advanced.
   */
  drop(of: Traffic = "callbacks"): void {
    this.#next[of].push({ kind: "drop" });
  }

  /** Has the next arrive twice: of a post, the answer is lost, so that it is sent again when the clock has been advanced. */
  duplicate(of: Traffic = "callbacks"): void {
    this.#next[of].push({ kind: "duplicate" });
  }

  /** Has the next arrive only when the clock was advanced by so much. */
  delay(duration: string | number, { of = "callbacks" }: DelayOptions = {}): void {
    this.#next[of].push({ kind: "delay", milliseconds: milliseconds(duration) });
  }

  /** Has the next callback arrive after the one that follows it, as happens on a stock mount. */
  reorder(): void {
    this.#next.callbacks.push({ kind: "overtaken" });
  }

  /** @internal */
  take(of: Traffic): Mischance | undefined {
    return this.#next[of].shift();
  }
}

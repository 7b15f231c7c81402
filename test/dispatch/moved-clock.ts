import type { Clock } from "../../src/store/index.ts";
import { turns } from "./support.ts";

/** When a {@link MovedClock} begins, in milliseconds since 1970. */
export const START: number = Date.UTC(2026, 0, 5, 8);

/** A clock that goes from one thing that waits to the next. */
export class MovedClock implements Clock {
  at = START;
  readonly #waiting = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.at;
  }

  after(milliseconds: number, wake: () => void): () => void {
    const entry = { at: this.at + milliseconds, wake };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Moves on, and lets everything that comes of it come to its end. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.at + milliseconds;
    for (;;) {
      await settled();
      const next = [...this.#waiting].sort((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > until) break;
      this.#waiting.delete(next);
      this.at = Math.max(this.at, next.at);
      next.wake();
    }
    this.at = until;
  }
}

/** Lets all that does not wait for a time come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await turns();
}

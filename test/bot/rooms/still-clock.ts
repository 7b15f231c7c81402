import type { Clock } from "../../../src/store/index.ts";
import { turns } from "../../dispatch/support.ts";

/** A time that only a test moves. */
export class StillClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; wake: () => void }>();
  now(): number {
    return this.#now;
  }
  after(milliseconds: number, wake: () => void): () => void {
    const timer = { at: this.#now + milliseconds, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await turns();
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.wake();
      await turns();
      await turns();
    }
    this.#now = end;
  }
}

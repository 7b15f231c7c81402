import { readDuration, writeDuration } from "../../bot/commands/durations.ts";
import type { Clock } from "../../store/index.ts";
import type { Activity } from "./activity.ts";
import { TestbedError } from "./error.ts";
import type { Transcript } from "./transcript.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** The time of a test. It stands still but for {@link TestClock.advance}. */
export class TestClock implements Clock {
  readonly #activity: Activity;
  readonly #transcript: Transcript;
  readonly #afterwards: () => void;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  #now: number;

  /** @internal @param afterwards runs when time has moved, and may throw. */
  constructor(now: number, activity: Activity, transcript: Transcript, afterwards: () => void) {
    this.#now = now;
    this.#activity = activity;
    this.#transcript = transcript;
    this.#afterwards = afterwards;
  }

  /** In milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  after(milliseconds: number, wake: () => void): () => void {
    this.#activity.note();
    const timer = { at: this.#now + Math.max(0, milliseconds), wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Lets time pass: whatever was to happen meanwhile happens, each at its time and in order, with all that follows from it. What a
   * handler awaits of the real world, such as `fetch`, is not waited for: `hears` does that.
   *
   * @param duration milliseconds, or as people write it: `1h30m`, `90s`, `2 days`.
   * @throws TestbedError when it is no duration, or a handler failed meanwhile.
   */
  async advance(duration: string | number): Promise<void> {
    const length = milliseconds(duration);
    const end = this.#now + length;
    await this.#activity.settled();
    this.#transcript.note(`${writeDuration(length)} later`);
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.wake();
      await this.#activity.settled();
    }
    this.#now = end;
    this.#afterwards();
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && timer.at < (next?.at ?? Infinity)) next = timer;
    return next;
  }
}

/** @internal A clock whose timers end with what they are for. */
export class MortalClock implements Clock {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();
  #over = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(milliseconds: number, wake: () => void): () => void {
    if (this.#over) return () => undefined;
    const stop = this.#clock.after(milliseconds, () => {
      this.#cancels.delete(cancel);
      wake();
    });
    const cancel = (): void => {
      this.#cancels.delete(cancel);
      stop();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  end(): void {
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
  }
}

/** @internal @throws TestbedError when it is no duration. */
export function milliseconds(duration: string | number): number {
  const length = typeof duration === "number" ? duration : readDuration(duration);
  if (length !== undefined && length >= 0) return length;
  throw new TestbedError(
    `${JSON.stringify(duration)} is no duration: give milliseconds, or text such as "1h30m", "90s" or "2 days"`,
  );
}

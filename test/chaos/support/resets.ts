import type { Moment } from "./tap.ts";

const MOMENTS: readonly Moment[] = [
  "before the request",
  "within the request",
  "before the answer",
  "within the answer",
];

/** Chooses at random which exchanges are broken off, and when, until it has done so often enough. */
export class Resets {
  /** How often at each moment. */
  readonly counts: Record<Moment, number> = {
    "before the request": 0,
    "within the request": 0,
    "before the answer": 0,
    "within the answer": 0,
  };
  #left: number;

  /** @param count how often in all. */
  constructor(count: number) {
    this.#left = count;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  /** One exchange in ten is broken off; the moments take turns, so that none is left out in a short run. */
  readonly choose = (): Moment | undefined => {
    if (this.done || Math.random() > 0.1) return undefined;
    this.#left -= 1;
    const moment = MOMENTS[this.#left % MOMENTS.length] as Moment;
    this.counts[moment] += 1;
    return moment;
  };
}

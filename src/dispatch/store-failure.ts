import { type StoreError, StoreFullError, StoreIoError } from "../store/index.ts";

/** How long to wait for a store that has failed, in milliseconds; the pauses double. */
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/** Whether the store may be well again later. */
export function isPassing(error: unknown): error is StoreError {
  return error instanceof StoreFullError || error instanceof StoreIoError;
}

/** How long to wait for the store, in milliseconds, where it has failed that often before. */
export function pauseAfter(failures: number): number {
  return Math.min(SHORTEST_PAUSE * 2 ** failures, LONGEST_PAUSE);
}

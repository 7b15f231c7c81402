/** The time that something goes by: the real one, or one that a test moves. */
export interface Clock {
  /** In milliseconds since 1970. */
  now(): number;
  /**
   * Calls back once so many milliseconds have passed.
   *
   * @returns takes that back.
   */
  after(milliseconds: number, wake: () => void): () => void;
}

/** The real time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after: (milliseconds, wake) => {
    const timer = setTimeout(wake, milliseconds);
    return () => clearTimeout(timer);
  },
};

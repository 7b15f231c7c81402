/** How long to wait before something is tried again, in milliseconds. */
export interface Pause {
  readonly first: number;
  readonly most: number;
}

/** While Prosody itself is away, so that bots are back soon after it. */
export const AWAY: Pause = { first: 250, most: 5_000 };

/** Where a room, or its service, may let the bot in later. */
export const PASSING: Pause = { first: 1_000, most: 5 * 60_000 };

/** Where somebody has to do something first. */
export const LASTING: Pause = { first: 60_000, most: 60 * 60_000 };

/** Doubles with each try, by a fifth more or less, so that those who were thrown out together do not come back together. */
export function pauseFor({ first, most }: Pause, tries: number, random: () => number): number {
  return Math.round(Math.min(most, first * 2 ** Math.min(tries, 30)) * (0.8 + 0.4 * random()));
}

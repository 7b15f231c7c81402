/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The middle value, the least and the greatest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The spread of the ratios of each value to the one of the same round beside it, so that a slow moment of the machine hits both. */
export function ratios(values: readonly number[], beside: readonly number[]): Spread {
  const each = values.map((value, round) => value / (beside[round] ?? Number.NaN));
  return { median: median(each), min: Math.min(...each), max: Math.max(...each) };
}

/** A ratio for people: `0.82 (0.79..0.85)`. */
export function showRatio({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)})`;
}

/** The indices of `count` subjects in an order that begins with another one each round, so that none is always first. */
export function turn(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, index) => (index + round) % count);
}

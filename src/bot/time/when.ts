import { readDuration } from "../commands/durations.ts";

/**
 * A time to come: milliseconds from now; a duration such as `"1h30m"`; a `Date`; or a date and time with its zone by
 * ISO 8601, such as `"2026-12-24T18:00:00+01:00"`.
 */
export type When = number | string | Date;

/** As far as a `Date` reaches (ECMA-262, Time Values). */
const LATEST = 8.64e15;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * @internal When that is, in milliseconds since 1970; what has passed already is as it is.
 *
 * @throws TypeError when it is no time.
 */
export function dueAt(when: When, now: number): number {
  const due = read(when, now);
  if (due !== undefined && Number.isFinite(due) && Math.abs(due) <= LATEST) return Math.ceil(due);
  throw new TypeError(
    `${typeof when === "string" ? JSON.stringify(when) : String(when)} is no time to come: give milliseconds from now, a duration such as "1h30m", a Date, or a date with its time and zone such as "2026-12-24T18:00:00Z"`,
  );
}

function read(when: When, now: number): number | undefined {
  if (when instanceof Date) return when.getTime();
  if (typeof when === "number") return now + when;
  const duration = readDuration(when);
  if (duration !== undefined) return now + duration;
  return ISO.test(when) ? Date.parse(when) : undefined;
}

import { Cron } from "croner";
import { readDuration } from "../commands/durations.ts";

/** @internal What comes again and again. */
export interface Recurrence {
  /** By what it is known whether it is still the same. */
  readonly definition: string;
  /** The next time after one, both in milliseconds since 1970; `undefined` where there is none. */
  next(after: number): number | undefined;
}

const SHORTEST = 1_000;

/**
 * @internal Reads a cron expression, or a duration: then it is at the multiples of it since 1970, so that all nodes agree.
 *
 * @param zone by the IANA's name.
 * @throws TypeError when it is neither; RangeError when there is no such zone, or it is too short.
 */
export function recurrence(every: string | number, zone: string): Recurrence {
  const interval = typeof every === "number" ? every : readDuration(every);
  if (interval === undefined) return cron(String(every), zone);
  if (!(interval >= SHORTEST && Number.isSafeInteger(interval))) {
    throw new RangeError(`every ${every} is too often, or no whole number: give ${SHORTEST} ms or more`);
  }
  return {
    definition: `${interval} ms`,
    next: (after) => (Math.floor(after / interval) + 1) * interval,
  };
}

function cron(expression: string, zone: string): Recurrence {
  let job: Cron;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch (error) {
    throw new RangeError(
      `there is no time zone ${JSON.stringify(zone)}; give a name of the IANA's, such as "Europe/Berlin"`,
      { cause: error },
    );
  }
  try {
    job = new Cron(expression, { timezone: zone, mode: "5-or-6-parts", paused: true });
  } catch (error) {
    throw new TypeError(
      `${JSON.stringify(expression)} is neither a duration such as "10m" nor a cron expression such as "0 9 * * 1-5": ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  return {
    definition: `${expression.trim().split(/\s+/).join(" ")} ${zone}`,
    next: (after) => job.nextRun(new Date(after))?.getTime(),
  };
}

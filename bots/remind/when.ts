import { Cron } from "croner";
import { type DateReading, readDate, readDuration } from "restanza";

/** What comes again: by a cron expression in a time zone, or after so many milliseconds. */
export type Again = { readonly cron: string; readonly zone: string } | { readonly interval: number };

/** What somebody wants to be reminded of, and when. */
export interface Wish {
  /** In milliseconds since 1970. */
  readonly due: number;
  readonly text: string;
  readonly again?: Again;
}

/** As many words as a time may have: `in 2 hours and 30 minutes`. */
const MOST_WORDS = 6;

/** How often at most something may come again, in milliseconds: who wants it more often floods a room. */
const SHORTEST_INTERVAL = 5 * 60_000;

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Reads `1h tea`, `tomorrow 9:00 standup`, `every weekday 9:00 standup`, and the same with the time at the end. As many words as make
 * a time together are the time; what is left is what to say.
 *
 * @returns `undefined` where there is no time in it, or nothing to say.
 */
export async function readWish(line: string, reading: DateReading): Promise<Wish | undefined> {
  const words = line.trim().split(/\s+/);
  if (words[0]?.toLowerCase() === "me") words.shift();
  if (words[0]?.toLowerCase() === "every") return recurring(words.slice(1), reading);
  const most = Math.min(MOST_WORDS, words.length - 1);
  for (const end of ["start", "end"]) {
    for (let count = most; count > 0; count -= 1) {
      const [time, rest] =
        end === "start"
          ? [words.slice(0, count), words.slice(count)]
          : [words.slice(-count), words.slice(0, -count)];
      const due = await readTime(time.join(" "), reading);
      if (due !== undefined) return { due, text: wordsOf(rest) };
    }
  }
  return undefined;
}

/** When it comes next after a time. */
export function nextOf(again: Again, after: number): number | undefined {
  if ("interval" in again) return after + again.interval;
  return new Cron(again.cron, { timezone: again.zone, paused: true }).nextRun(new Date(after))?.getTime();
}

async function readTime(text: string, reading: DateReading): Promise<number | undefined> {
  const length = readDuration(text.replace(/^in\s+/i, ""));
  if (length !== undefined) return reading.now + length;
  return (await readDate(text.replace(/^at\s+(?=\d)/i, ""), reading))?.getTime();
}

function recurring(words: readonly string[], { now, zone }: DateReading): Wish | undefined {
  for (let count = Math.min(MOST_WORDS, words.length - 1); count > 0; count -= 1) {
    const again = againOf(words.slice(0, count).join(" ").toLowerCase(), zone);
    const due = again && nextOf(again, now);
    if (again !== undefined && due !== undefined) return { due, again, text: wordsOf(words.slice(count)) };
  }
  return undefined;
}

function againOf(text: string, zone: string): Again | undefined {
  const interval = readDuration(/^\d/.test(text) ? text : `1 ${text}`);
  // A day by the clock is not always 24 hours long, so it needs a time of day.
  if (interval !== undefined && interval >= SHORTEST_INTERVAL) return { interval };
  const {
    1: days = "",
    2: hour,
    3: minute = "0",
    4: half,
  } = /^(.+?)\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?\s*(am|pm)?$/.exec(text) ?? [];
  const on = daysOf(days);
  const at = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === "pm" ? 12 : 0);
  if (on === undefined || !(at < 24 && Number(minute) < 60)) return undefined;
  return { cron: `${Number(minute)} ${at} * * ${on}`, zone };
}

function daysOf(text: string): string | undefined {
  if (/^(?:day|morning|evening)$/.test(text)) return "*";
  if (/^(?:weekdays?|workdays?)$/.test(text)) return "1-5";
  if (/^weekends?$/.test(text)) return "0,6";
  const days = text.split(/\s*,\s*|\s+and\s+/).map((name) => DAYS.indexOf(name.slice(0, 3)));
  const known =
    /^(?:(?:sun|mon|tues|wednes|thurs|fri|satur)days?|sun|mon|tue|wed|thu|fri|sat|,|\sand\s|\s)+$/;
  return days.includes(-1) || !known.test(text) ? undefined : days.join(",");
}

function wordsOf(words: readonly string[]): string {
  return words.join(" ").replace(/^(?:to|that|of)\s+/i, "");
}

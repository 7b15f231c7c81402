import type { Chrono, ParsedComponents } from "chrono-node";

/** By what a date in words is understood. */
export interface DateReading {
  /** Now, in milliseconds since 1970: what "tomorrow" begins at. */
  readonly now: number;
  /** The time zone of who writes, by its name in the IANA database. */
  readonly zone: string;
  /** The language of who writes; English is understood always. */
  readonly lang?: string | undefined;
}

/** A library of some size, so a bot that reads no dates does not load it, and none the languages that nobody speaks. */
const languages = {
  de: () => import("chrono-node/de"),
  en: () => import("chrono-node/en"),
  es: () => import("chrono-node/es"),
  fr: () => import("chrono-node/fr"),
  it: () => import("chrono-node/it"),
  ja: () => import("chrono-node/ja"),
  nl: () => import("chrono-node/nl"),
  pt: () => import("chrono-node/pt"),
  ru: () => import("chrono-node/ru"),
  uk: () => import("chrono-node/uk"),
} as const satisfies Record<string, () => Promise<{ readonly casual: Chrono }>>;

const LONGEST = 60;

/**
 * Reads a date with or without a time: `tomorrow 9:00`, `friday 5pm`, `in 2 hours`, `2026-12-24`, `2026-12-24T10:00Z`. A time without a day
 * is the next such time; a day without a time is its beginning.
 *
 * @returns `undefined` where the text, all of it, is no date.
 * @example
 * ```ts
 * import { readDate } from "restanza";
 *
 * const standup = await readDate("tomorrow 9:00", { now: Date.now(), zone: "Europe/Berlin" });
 * ```
 */
export async function readDate(text: string, reading: DateReading): Promise<Date | undefined> {
  const written = text.trim();
  if (written.length === 0 || written.length > LONGEST) return undefined;
  const own = (reading.lang ?? "en").toLowerCase().split("-")[0] ?? "en";
  for (const lang of new Set([own, "en"])) {
    if (!Object.hasOwn(languages, lang)) continue;
    const { casual } = await languages[lang as keyof typeof languages]();
    const reference = { instant: new Date(reading.now), timezone: offsetAt(reading.now, reading.zone) };
    const [found] = casual.parse(written, reference, { forwardDate: true });
    if (found?.index === 0 && found.text.length === written.length && !found.end)
      return instant(found.start, reading.zone);
  }
  return undefined;
}

function instant(parts: ParsedComponents, zone: string): Date | undefined {
  const at = parts.isCertain("timezoneOffset") ? parts.date().getTime() : inZone(parts, zone);
  return Number.isFinite(at) ? new Date(at) : undefined;
}

/** The offset on that day may be another than today's, so it is looked up at what it leads to, once more. */
function inZone(parts: ParsedComponents, zone: string): number {
  const timed = parts.isCertain("hour");
  const [year = 0, month = 1, day = 1] = (["year", "month", "day"] as const).map(
    (part) => parts.get(part) ?? 0,
  );
  const [hour = 0, minute = 0, second = 0] = (["hour", "minute", "second"] as const).map((part) =>
    timed ? (parts.get(part) ?? 0) : 0,
  );
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (!Number.isFinite(wall)) return wall;
  const guess = wall - offsetAt(wall, zone) * 60_000;
  return wall - offsetAt(guess, zone) * 60_000;
}

/** How far a zone is ahead of UTC at that time, in minutes. */
function offsetAt(at: number, zone: string): number {
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

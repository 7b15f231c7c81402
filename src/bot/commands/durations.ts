/** The longest duration that can be read: a hundred years, in milliseconds. */
export const LONGEST_DURATION: number = 100 * 365 * 86_400_000;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ms: 1,
    "s sec secs second seconds sek sekunde sekunden": SECOND,
    "m min mins minute minutes minuten": MINUTE,
    "h hr hrs hour hours std stunde stunden": HOUR,
    "d day days t tag tage tagen": DAY,
    "w week weeks woche wochen": WEEK,
  }).flatMap(([names, length]) => names.split(" ").map((name) => [name, length] as const)),
);

const PART = /(\d{1,12}(?:[.,]\d{1,6})?)\s?(\p{L}+)[\s,]*/uy;
const ISO =
  /^P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,6})?)S)?)?$/i;

/**
 * Reads a duration as people write it: `1h30m`, `90s`, `2 days`, `1.5 h`, or by ISO 8601, `PT1H30M`. A number alone is none, as
 * it does not say of what.
 *
 * @returns milliseconds; `undefined` where the text is no duration, or one of over a hundred years.
 * @example
 * ```ts
 * import { readDuration, writeDuration } from "restanza";
 *
 * const length = readDuration("90 minutes") ?? 0;
 * writeDuration(length); // "1h30m"
 * ```
 */
export function readDuration(text: string): number | undefined {
  const written = text.trim();
  if (written.length === 0 || written.length > 100) return undefined;
  const length = readIso(written) ?? readParts(written.toLowerCase());
  return length !== undefined && length <= LONGEST_DURATION ? Math.round(length) : undefined;
}

/** Writes a duration as {@link readDuration} reads it, such as `1h30m`. */
export function writeDuration(milliseconds: number): string {
  let left = Math.round(milliseconds);
  let text = "";
  for (const [unit, length] of [
    ["d", DAY],
    ["h", HOUR],
    ["m", MINUTE],
    ["s", SECOND],
    ["ms", 1],
  ] as const) {
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${unit}`;
    left -= count * length;
  }
  return text || "0s";
}

function readParts(text: string): number | undefined {
  let length = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const [, count, name] = PART.exec(text) ?? [];
    const unit = UNITS.get(name ?? "");
    if (count === undefined || unit === undefined) return undefined;
    length += Number(count.replace(",", ".")) * unit;
  }
  return length;
}

function readIso(text: string): number | undefined {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  const units = [WEEK, DAY, HOUR, MINUTE, SECOND];
  return units.reduce((sum, unit, at) => sum + Number((found[at + 1] ?? "0").replace(",", ".")) * unit, 0);
}

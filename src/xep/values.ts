/** @internal A whole number of an attribute or text; `undefined` for anything else. */
export function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/** @internal An instant of XEP-0082; `undefined` for anything else. */
export function readInstant(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** @internal A boolean as XML Schema spells it; anything else is `false`. */
export function readBoolean(text: string | undefined): boolean {
  return text === "true" || text === "1";
}

/** @internal An instant as XEP-0082 has it, in UTC, with milliseconds only where there are some. */
export function writeInstant(instant: Date): string {
  return instant.toISOString().replace(".000Z", "Z");
}

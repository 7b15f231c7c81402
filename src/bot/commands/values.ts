import { Jid, JidError } from "../../stanza/index.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import type { FrameworkText } from "../i18n/framework.ts";
import { type DateReading, readDate } from "./dates.ts";
import { readDuration, writeDuration } from "./durations.ts";
import type { Field } from "./fields.ts";
import { meant } from "./problems.ts";

/** Who writes, and when: what the meaning of words may depend on, and the language of what is said about them. */
export interface ReadingFor extends DateReading {
  /** The words of the bot where restanza speaks for it; default: restanza's own. */
  readonly texts?: Catalogues<FrameworkText> | undefined;
}

/** A word that does not become what a field wants. */
export class ValueError extends Error {
  override name = "ValueError";
  /** What was probably meant. */
  readonly suggestion: string | undefined;

  constructor(suggestion?: string) {
    super("the word is none that the argument takes");
    this.suggestion = suggestion;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "true", "on", "1", "y", "ja", "j", "an"].map((word) => [word, true] as const),
  ...["no", "false", "off", "0", "n", "nein", "aus"].map((word) => [word, false] as const),
]);

/**
 * Makes the value of a field from one word; also of what somebody filled into a form. Whether the value is one that the schema
 * allows is the schema's to say.
 *
 * @throws ValueError
 */
export async function readValue(field: Field, word: string, reading: ReadingFor): Promise<unknown> {
  const value = await understand(field, word.trim(), word, reading);
  if (value === undefined) throw new ValueError(field.options && meant(word, field.options.keys()));
  return value;
}

/** Writes a value as {@link readValue} reads it: for a default, in a usage or in a form. */
export function writeValue(field: Field, value: unknown): string {
  if (field.kind === "duration") return writeDuration(Number(value));
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

async function understand(field: Field, word: string, whole: string, reading: ReadingFor): Promise<unknown> {
  switch (field.kind) {
    case "text":
      return whole;
    case "number":
    case "integer":
      return /^[+-]?(?:\d{1,300}(?:\.\d{1,300})?|\.\d{1,300})$/.test(word) ? Number(word) : undefined;
    case "boolean":
      return BOOLEANS.get(word.toLowerCase());
    case "choice":
      return field.options?.get(word) ?? insensitive(field.options, word);
    case "duration":
      return readDuration(word);
    case "date":
      return await readDate(word, { ...reading, zone: field.zone ?? reading.zone });
    case "jid":
      return readAddress(word);
  }
}

function insensitive(
  options: ReadonlyMap<string, string | number> | undefined,
  word: string,
): string | number | undefined {
  const lower = word.toLowerCase();
  for (const [name, value] of options ?? []) if (name.toLowerCase() === lower) return value;
  return undefined;
}

function readAddress(word: string): Jid | undefined {
  try {
    return Jid.parse(word.replace(/^xmpp:/i, "").replace(/\?.*$/s, ""));
  } catch (error) {
    if (error instanceof JidError) return undefined;
    throw error;
  }
}

import type { z } from "zod";
import type { JsonValue } from "../../store/index.ts";
import { type Field, fieldFor } from "../commands/fields.ts";
import { ended, sentence, shortened, wanted } from "../commands/problems.ts";
import { type ReadingFor, readValue, ValueError } from "../commands/values.ts";
import { sayingIn } from "../i18n/framework.ts";
import type { Reading } from "./questions.ts";

/** What an answer was understood by, as it is recorded where its meaning depends on it. */
interface Recorded {
  readonly text: string;
  readonly now: number;
  readonly zone: string;
  readonly lang: string | null;
}

/** Reads answers as a schema wants them: also those of `arg`, from words. */
export class AnswerReader {
  /** What the schema wants; `undefined` for what no field is known for. */
  readonly field: Field | undefined;
  readonly #schema: z.ZodType;
  readonly #field: Field | undefined;
  readonly #reading: ReadingFor;

  constructor(schema: z.ZodType, reading: ReadingFor) {
    this.#schema = schema;
    const field = fieldFor(schema);
    this.field = field;
    this.#field = field?.kind === "text" || field?.multiple === true ? undefined : field;
    this.#reading = reading;
  }

  async read(text: string, reading: ReadingFor = this.#reading): Promise<Reading<unknown>> {
    const field = this.#field;
    const say = sayingIn(reading.lang, reading.texts);
    let value: unknown = text;
    let misread: string | undefined;
    if (field !== undefined) {
      try {
        value = await readValue(field, text, reading);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        // A schema may make of a text what no words are known for.
        const asked = { wanted: wanted(field, say), word: shortened(text) };
        misread = ended(say("dialogProblem", { problem: say("problemMisread", asked) }));
      }
    }
    const parsed = await this.#schema.safeParseAsync(value, {
      error: (issue) => ended(say("dialogProblem", { problem: sentence(issue, field, say) })),
    });
    if (parsed.success) return { value: parsed.data };
    return { problem: misread ?? parsed.error.issues[0]?.message ?? "" };
  }

  /** What is recorded of an answer, so that it means the same whenever it is read again. */
  record(text: string): JsonValue {
    if (this.#field?.kind !== "date") return text;
    const { now, zone, lang } = this.#reading;
    return { text, now, zone, lang: lang ?? null };
  }

  async recall(record: JsonValue): Promise<{ readonly value: unknown } | undefined> {
    const text = textOf(record);
    if (text === undefined) return undefined;
    const { now, zone, lang } = typeof record === "object" ? (record as unknown as Recorded) : this.#reading;
    const reading = await this.read(text, { ...this.#reading, now, zone, lang: lang ?? undefined });
    return "value" in reading ? reading : undefined;
  }
}

/** What was answered, from the record of it. */
export function textOf(record: JsonValue | undefined): string | undefined {
  if (typeof record === "string") return record;
  const { text } = (record ?? {}) as Partial<Recorded>;
  return typeof text === "string" ? text : undefined;
}

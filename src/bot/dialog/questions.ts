import type { JsonValue } from "../../store/index.ts";
import type { Field } from "../commands/fields.ts";
import type { ReadingFor } from "../commands/values.ts";
import { sayingIn } from "../i18n/framework.ts";
import type { MaybePromise } from "../middleware.ts";
import { type Text, textIn } from "../text.ts";
import { plain } from "./answer.ts";
import { AnswerReader } from "./answered.ts";
import type { Choices } from "./choices.ts";
import type { AskOptions, ChooseOptions, QuestionOptions } from "./dialog.ts";
import type { Question } from "./flight.ts";
import { NO, YES } from "./texts.ts";

/** What a person's answer comes to; without a value, it does not fit, for that reason. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** A question of any kind. */
export interface Asking<Value> {
  readonly kind: Question["kind"];
  readonly question: Text;
  readonly options: QuestionOptions & { readonly retry?: Text };
  /** The question and how to answer it. */
  readonly words: string;
  /** Words that are answers to it, and end nothing. */
  readonly taken: readonly string[];
  /** What a text has to become. */
  readonly field?: Field | undefined;
  /** What there is to choose from. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /**
   * What a text means.
   *
   * @param picked whether it is a choice itself, rather than words for one.
   */
  read(text: string, picked?: boolean): MaybePromise<Reading<Value>>;
  /** What is recorded of an answer; it is read again at each run. */
  record(text: string, value: Value): JsonValue;
  /** What a record means; `undefined` where it means nothing any more. */
  recall(record: JsonValue): MaybePromise<{ readonly value: Value } | undefined>;
}

/** For a text, or what a schema makes of one. The text is recorded, as what a schema makes of it may be anything. */
export function asking(question: Text, options: AskOptions, reading: ReadingFor): Asking<unknown> {
  const reader = options.schema && new AnswerReader(options.schema, reading);
  return {
    kind: "ask",
    question,
    options,
    words: textIn(question, reading.lang),
    taken: [],
    field: reader?.field,
    read: (text) => reader?.read(text) ?? { value: text },
    record: (text) => reader?.record(text) ?? text,
    recall: (record) =>
      reader?.recall(record) ?? (typeof record === "string" ? { value: record } : undefined),
  };
}

/** For one of several. */
export function choosing<Choice extends string>(
  question: Text,
  choices: Choices<Choice>,
  options: ChooseOptions,
  lang: string | undefined,
): Asking<Choice> {
  return {
    kind: "choose",
    question,
    options,
    words: `${textIn(question, lang)}\n${choices.list}`,
    taken: choices.cancelling,
    choices: choices.labelled,
    read: (text, picked) => {
      const value = picked && choices.has(text) ? text : choices.find(text);
      return value === undefined ? { problem: "" } : { value };
    },
    record: (_, value) => value,
    recall: (record) => (choices.has(record) ? { value: record } : undefined),
  };
}

/** For yes or no. */
export function confirming(
  question: Text,
  options: ChooseOptions,
  { lang, texts }: ReadingFor,
): Asking<boolean> {
  return {
    kind: "confirm",
    question,
    options,
    words: `${textIn(question, lang)} (${sayingIn(lang, texts)("dialogYesOrNo")})`,
    taken: [],
    choices: (["yes", "no"] as const).map((value) => ({ value, label: sayingIn(lang, texts)(value) })),
    read: (text) => {
      const said = plain(text);
      if (YES.has(said)) return { value: true };
      return NO.has(said) ? { value: false } : { problem: "" };
    },
    record: (_, value) => value,
    recall: (record) => (typeof record === "boolean" ? { value: record } : undefined),
  };
}

import { message } from "../../stanza/index.ts";
import { LONGEST_DURATION } from "../commands/durations.ts";
import type { Field } from "../commands/fields.ts";
import type { Context } from "../context.ts";
import { currentLanguage } from "../i18n/language.ts";
import { firstIdOf } from "../messages/correction-id.ts";
import { idOfNext } from "../messages/replacing.ts";
import { textIn } from "../text.ts";
import { buttonsFor } from "./buttons.ts";
import type { Question } from "./flight.ts";
import type { Asking } from "./questions.ts";

/** A question that is shown in a form. */
export interface Shown {
  readonly kind: Question["kind"];
  readonly question: string;
  /** What a text has to become. */
  readonly field: Field | undefined;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** What was wrong with the answer. */
  readonly problem: string | undefined;
}

const DAY = 24 * 60 * 60 * 1_000;

/**
 * By what a question is known, in whatever language it is asked.
 *
 * @throws RangeError when it cannot wait for its answer as long as it says.
 */
export function nameOf<Value>({ question, options: { name, timeout } }: Asking<Value>): string {
  const known = name ?? textIn(question, "en").slice(0, 200);
  if (timeout === undefined || (timeout >= 1 && timeout <= LONGEST_DURATION)) return known;
  throw new RangeError(
    `the question ${JSON.stringify(known)} cannot wait ${timeout} milliseconds for its answer: give a number from 1 to ${LONGEST_DURATION}, which is a hundred years`,
  );
}

/**
 * Puts a question to a person: in a form where one is open, else in a message.
 *
 * @param problem what is wrong with the answer; `undefined` where there was none yet.
 * @param show shows it in a form, and tells whether it has.
 * @returns what the dialog waits at now.
 */
export async function putQuestion<Value>(
  ctx: Context,
  about: Asking<Value>,
  name: string,
  problem: string | undefined,
  show: ((question: Shown) => boolean) | undefined,
): Promise<Question> {
  const { kind, options, taken, field, choices = [] } = about;
  const lang = currentLanguage(ctx);
  const retry =
    problem === undefined || options.retry === undefined ? undefined : textIn(options.retry, lang);
  const shown = { kind, question: textIn(about.question, lang), field, choices, problem: retry ?? problem };
  const isShown = show?.(shown) === true;
  const buttons = isShown ? undefined : await buttonsFor(ctx, choices);
  const id = idOfNext(ctx);
  if (!isShown) {
    const words = retry ?? `${problem ?? ""}\n${about.words}`.trim();
    await ctx.reply(message({ id, body: words }, buttons));
  }
  // A reaction or a reply may name the first message or its correction, and both are known by the first.
  return { kind, name, id: firstIdOf(id) ?? id, until: ctx.now + (options.timeout ?? DAY), taken };
}

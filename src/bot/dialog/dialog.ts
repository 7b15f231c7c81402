import type { z } from "zod";
import type { Context } from "../context.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import type { Text } from "../text.ts";

/** How a question is put. */
export interface QuestionOptions {
  /**
   * By what the question is known when the bot's code has changed under a dialog that waits for its answer. Default: its
   * words, so that a dialog ends politely rather than take the answer to one question for that to another.
   */
  readonly name?: string;
  /**
   * How long the person may take to answer, in milliseconds; default 24 hours, at most a hundred years. When that is over they are
   * told, and the dialog ends.
   */
  readonly timeout?: number;
}

/** How {@link Dialog.ask} puts its question. */
export interface AskOptions<Schema extends z.ZodType = z.ZodType> extends QuestionOptions {
  /**
   * What the answer, a text without white space around, has to be; default: any text. As in a command, words become numbers, enums,
   * `arg.duration()`, `arg.date()` and `arg.jid()`; what a date means stays what it meant at the time of the answer.
   */
  readonly schema?: Schema;
  /** What is said to an answer that does not fit; default: why, and the question again. */
  readonly retry?: Text;
}

/** How {@link Dialog.choose} and {@link Dialog.confirm} put theirs. */
export interface ChooseOptions extends QuestionOptions {
  /** What is said to an answer that is none of the choices; default: the question again. */
  readonly retry?: Text;
}

/**
 * A conversation in several steps with one person, in the hands of the function that leads it.
 *
 * The function runs from its start with each message, and what has been answered, done and said before is not asked, done or said
 * again. So between two calls it must do the same each time: what comes from outside goes through {@link Dialog.step}, the
 * time through {@link Dialog.now}, chance through {@link Dialog.random}. One call at a time: each is awaited before the next.
 */
export interface Dialog<C extends Context = Context> {
  /** The message at hand: at first the one that started the dialog, then the latest answer. */
  readonly ctx: C;
  /** Asks, and waits for an answer that fits. */
  ask(question: Text, options?: AskOptions<never>): Promise<string>;
  ask<Schema extends z.ZodType>(
    question: Text,
    options: AskOptions<Schema> & { readonly schema: Schema },
  ): Promise<z.output<Schema>>;
  /**
   * Shows a numbered list, and waits for a number or a choice, whatever its case, or a reaction with a number.
   *
   * @param choices their words, or the words for each.
   * @throws TypeError when there are none, or two read the same.
   */
  choose<const Choice extends string>(
    question: Text,
    choices: readonly Choice[] | Readonly<Record<Choice, Text>>,
    options?: ChooseOptions,
  ): Promise<Choice>;
  /** Asks what can be answered by yes or no. */
  confirm(question: Text, options?: ChooseOptions): Promise<boolean>;
  /** Says something. */
  say(text: Text): Promise<void>;
  /**
   * Does something that has an effect, or that is not the same each time, and remembers what came of it. It is done once, unless the
   * process ends in the midst of it.
   *
   * @param name by which it is known when the code changes.
   * @param work returns what can be kept as JSON, or nothing. What it throws is remembered too, as an `Error` of the same message.
   */
  step<Result>(name: string, work: () => MaybePromise<Result>): Promise<Result>;
  /** What time it was when this was reached first, in milliseconds since 1970. */
  now(): number;
  /** A number from 0 up to 1, the same each time. */
  random(): number;
}

/** Leads a dialog; what it returns is said at its end. */
export type DialogFunction<C extends Context = Context, Args = void> = (
  d: Dialog<C>,
  args: Args,
  // biome-ignore lint/suspicious/noConfusingVoidType: as for a handler, whose return statement is often missing
) => MaybePromise<Reply | void>;

/** How a dialog is led. */
export interface DialogOptions {
  /**
   * Raise it when the function has changed so that those who are in the midst of it should begin anew; they are told. Default 1.
   * A change of the questions or steps that they have been through is noticed without it.
   */
  readonly version?: number;
}

/** A dialog that can be started. */
export interface StartableDialog<C extends Context = Context, Args = void> {
  readonly name: string;
  /**
   * Starts it with the sender of a message, in the place of one that they are in.
   *
   * @param args what the function is given, as JSON.
   * @throws TypeError when `args` is no JSON, or in the midst of a dialog.
   */
  start(ctx: C, args: Args): Promise<void>;
}

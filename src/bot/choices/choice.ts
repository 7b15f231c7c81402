import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import type { Text } from "../text.ts";

/** What somebody has chosen. */
export interface Chosen<Data = JsonValue> {
  /** What it is: of choices with words of their own, the key. */
  readonly choice: string;
  /** What the question was asked with. */
  readonly data: Data;
}

/** Does what somebody has chosen; what it returns is said. */
export type ChoiceHandler<C, Data = JsonValue> = (
  ctx: C,
  chosen: Chosen<Data>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
) => MaybePromise<Reply | void>;

/** How a question is asked. */
export interface ChoiceOptions<Data = JsonValue> {
  /** What the handler is given besides, as JSON; default `null`. */
  readonly data?: Data;
  /** How long it can be answered, in milliseconds; default an hour. Then nobody is told, as nothing waits for it. */
  readonly timeout?: number;
}

/** A question that can be asked in passing: nothing waits for its answer, and whatever else is said goes where it always goes. */
export interface Choice<C extends Context = Context, Data = JsonValue> {
  readonly name: string;
  /**
   * Asks the sender: shows buttons where their client has such (XEP-0439), and a numbered list everywhere. They answer by a button, the number, the
   * words, or a reaction with the number; the latest question by words, an earlier one by a reaction or a reply.
   *
   * @param choices their words, or the words for each.
   * @throws TypeError when there are none, two read the same, or the data is no JSON; RangeError when there is no such timeout.
   */
  ask(
    ctx: C,
    question: Text,
    choices: readonly string[] | Readonly<Record<string, Text>>,
    ...options: null extends Data
      ? [options?: ChoiceOptions<Data>]
      : [options: ChoiceOptions<Data> & { readonly data: Data }]
  ): Promise<void>;
}

import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { message } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import { LONGEST_DURATION } from "../commands/durations.ts";
import type { Field } from "../commands/fields.ts";
import { readingFor } from "../commands/reading.ts";
import type { Context } from "../context.ts";
import { currentLanguage } from "../i18n/language.ts";
import { misfit } from "../json-fit.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import { type Text, textIn } from "../text.ts";
import type { Answer } from "./answer.ts";
import { buttonsFor } from "./buttons.ts";
import { Choices } from "./choices.ts";
import type { AskOptions, ChooseOptions, Dialog, DialogFunction } from "./dialog.ts";
import { type Entry, type Flight, MOST_BYTES, MOST_ENTRIES, type Question } from "./flight.ts";
import { type Asking, asking, choosing, confirming } from "./questions.ts";

/** How one run of a dialog has ended. */
export type RunEnd =
  | { readonly kind: "done"; readonly reply: Reply | undefined }
  /** It waits for an answer; `progress`: to another question than the one it waited at before. */
  | {
      readonly kind: "asked";
      readonly log: readonly Entry[];
      readonly question: Question;
      readonly progress: boolean;
    }
  /** `log` is what it has got through, where going back to the last question would do a step twice. */
  | {
      readonly kind: "failed";
      readonly error: unknown;
      readonly log: readonly Entry[] | undefined;
      readonly said: number;
    }
  /** What is recorded is not what the code does now. */
  | { readonly kind: "changed" }
  | { readonly kind: "too-large" };

/** What a run is made of. */
export interface RunInput<C extends Context> {
  readonly ctx: C;
  /** Where it was left; `undefined` at the start. */
  readonly flight: Pick<Left, "log" | "waiting"> | undefined;
  readonly answer: Answer | undefined;
  /** Shows a question in a form, and tells whether it has; default: it is said in a message. */
  readonly show?: ((question: Shown) => boolean) | undefined;
}

/** Where a dialog was left; without what it waits for, it asks once more. */
export type Left = Omit<Flight, "waiting"> & { readonly waiting: Flight["waiting"] | undefined };

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

/** Runs a dialog from its start, through what is recorded, up to the next question. */
export async function runDialog<C extends Context, Args>(
  run: DialogFunction<C, Args>,
  args: Args,
  input: RunInput<C>,
): Promise<RunEnd> {
  const current = new Run(input);
  void (async () => await run(current, args))().then(
    (reply) => current.returned(reply ?? undefined),
    (error: unknown) => current.fail(error),
  );
  return await current.end;
}

class Run<C extends Context> implements Dialog<C> {
  readonly ctx: C;
  readonly end: Promise<RunEnd>;
  readonly #finish: (end: RunEnd) => void;
  readonly #log: Entry[];
  /** How much of the log is from before. */
  readonly #recorded: number;
  readonly #answer: Answer | undefined;
  readonly #show: RunInput<C>["show"];
  #position = 0;
  #bytes = 0;
  /** The question that the answer is to, until it is reached. */
  #waiting: Question | undefined;
  #said = 0;
  /** How much had been said before what is tried again failed. */
  readonly #saidBefore: number;
  /** What is being waited for by the function. */
  #busy: string | undefined;
  #over = false;

  constructor({ ctx, flight, answer, show }: RunInput<C>) {
    this.ctx = ctx;
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.end = promise;
    this.#finish = (end) => {
      this.#over = true;
      resolve(end);
    };
    this.#log = [...(flight?.log ?? [])];
    this.#recorded = this.#log.length;
    this.#bytes = Buffer.byteLength(JSON.stringify(this.#log));
    const waiting = flight?.waiting;
    this.#waiting = waiting?.kind === "failure" ? undefined : waiting;
    this.#saidBefore = waiting?.kind === "failure" ? waiting.said : 0;
    this.#answer = answer;
    this.#show = show;
  }

  ask(question: Text, options?: AskOptions<never>): Promise<string>;
  ask<Schema extends z.ZodType>(
    question: Text,
    options: AskOptions<Schema> & { readonly schema: Schema },
  ): Promise<z.output<Schema>>;
  async ask(question: Text, options: AskOptions = {}): Promise<unknown> {
    return await this.#ask(asking(question, options, readingFor(this.ctx)));
  }

  async choose<const Choice extends string>(
    question: Text,
    choices: readonly Choice[] | Readonly<Record<Choice, Text>>,
    options: ChooseOptions = {},
  ): Promise<Choice> {
    return await this.#ask(choosing(question, new Choices(choices, this.#lang), options, this.#lang));
  }

  async confirm(question: Text, options: ChooseOptions = {}): Promise<boolean> {
    return await this.#ask(confirming(question, options, readingFor(this.ctx)));
  }

  async say(text: Text): Promise<void> {
    if (this.#over) return await never();
    this.#claim("d.say()");
    if (this.#isNew()) await this.ctx.reply(this.#in(text));
    this.#busy = undefined;
  }

  async step<Result>(name: string, work: () => MaybePromise<Result>): Promise<Result> {
    if (this.#over) return await never();
    this.#claim(`d.step(${JSON.stringify(name)})`);
    const before = this.#next("step", name);
    if (before === "changed") return await never();
    if (before === undefined && this.#waiting !== undefined) return await this.#change();
    const entry = before ?? (await this.#do(name, work));
    if (entry === undefined) return await never();
    this.#busy = undefined;
    if (entry.error !== undefined) throw new Error(entry.error);
    return entry.value as Result;
  }

  now(): number {
    return this.#once("now", () => this.ctx.now);
  }

  random(): number {
    return this.#once("random", Math.random);
  }

  returned(reply: Reply | undefined): void {
    // What has not come to the question that it waited at goes another way than before.
    this.#finish(this.#waiting === undefined ? { kind: "done", reply } : { kind: "changed" });
  }

  fail(error: unknown): void {
    const log = this.#log.at(-1)?.error === undefined ? this.#log : this.#log.slice(0, -1);
    const done = log.slice(this.#recorded).some(({ kind }) => kind === "step");
    this.#finish({ kind: "failed", error, log: done ? log : undefined, said: this.#said });
  }

  async #ask<Value>(about: Asking<Value>): Promise<Value> {
    if (this.#over) return await never();
    const { kind, question, options } = about;
    const name = options.name ?? inEnglish(question);
    checkTimeout(options.timeout, name);
    this.#claim(`the question ${JSON.stringify(name)}`);
    const before = this.#next(kind, name);
    if (before === "changed") return await never();
    if (before !== undefined) {
      const recalled = await about.recall(before.value ?? null);
      if (recalled === undefined) return await this.#change();
      this.#busy = undefined;
      return recalled.value;
    }
    const waiting = this.#waiting;
    if (waiting === undefined) return await this.#park(about, name, undefined);
    if (waiting.kind !== kind || waiting.name !== name) return await this.#change();
    const { text, by, picked } = this.#answer ?? { text: "" };
    const reading = await about.read(text, picked);
    if ("problem" in reading) {
      return await this.#park(about, name, reading.problem);
    }
    this.#waiting = undefined;
    const entry = { kind, name, value: about.record(text, reading.value) };
    if (!this.#push(by === undefined ? entry : { ...entry, by })) return await never();
    this.#busy = undefined;
    return reading.value;
  }

  /**
   * Asks, and ends this run there.
   *
   * @param problem what is wrong with the answer; `undefined` where there was none yet.
   */
  async #park<Value>(about: Asking<Value>, name: string, problem: string | undefined): Promise<never> {
    const { kind, options, taken, field, choices = [] } = about;
    const id = randomUUID();
    const progress = problem === undefined;
    const retry = progress || options.retry === undefined ? undefined : this.#in(options.retry);
    const shown = { kind, question: this.#in(about.question), field, choices, problem: retry ?? problem };
    if (this.#show?.(shown) !== true) {
      const words = retry ?? `${problem ?? ""}\n${about.words}`.trim();
      await this.ctx.reply(message({ id, body: words }, await buttonsFor(this.ctx, choices)));
    }
    const until = this.ctx.now + (options.timeout ?? DAY);
    const question = { kind, name, id, until, taken };
    this.#finish({ kind: "asked", log: this.#log, question, progress });
    return await never();
  }

  async #do<Result>(name: string, work: () => MaybePromise<Result>): Promise<Entry | undefined> {
    let entry: Entry;
    try {
      const value = await work();
      const problem =
        value === undefined ? undefined : misfit(value, `what d.step(${JSON.stringify(name)}) returned`);
      if (problem !== undefined)
        throw new TypeError(
          `${problem}, which cannot be kept as JSON; return less, or nothing, and look the rest up again`,
        );
      // As it will be read from the store, so that nobody builds upon what will not be there the next time.
      entry = value === undefined ? { kind: "step", name } : { kind: "step", name, value: copy(value) };
    } catch (error) {
      entry = { kind: "step", name, error: error instanceof Error ? error.message : String(error) };
      if (!this.#push(entry)) return undefined;
      this.#busy = undefined;
      throw error;
    }
    return this.#push(entry) ? entry : undefined;
  }

  #once(kind: "now" | "random", make: () => number): number {
    if (this.#over) throw new DialogOverError();
    this.#claim(`d.${kind}()`);
    this.#busy = undefined;
    const before = this.#next(kind, "");
    if (before === "changed") throw new DialogOverError();
    if (before !== undefined) return before.value as number;
    if (this.#waiting !== undefined) {
      void this.#change();
      throw new DialogOverError();
    }
    const value = make();
    if (!this.#push({ kind, name: "", value })) throw new DialogOverError();
    return value;
  }

  /** What is recorded of this place; `undefined` where nothing is yet. */
  #next(kind: Entry["kind"], name: string): Entry | "changed" | undefined {
    if (this.#position >= this.#recorded) return undefined;
    const entry = this.#log[this.#position];
    if (entry?.kind !== kind || entry.name !== name) {
      this.#finish({ kind: "changed" });
      return "changed";
    }
    this.#position += 1;
    return entry;
  }

  #push(entry: Entry): boolean {
    this.#log.push(entry);
    this.#bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (this.#log.length <= MOST_ENTRIES && this.#bytes <= MOST_BYTES) return true;
    this.#finish({ kind: "too-large" });
    return false;
  }

  #isNew(): boolean {
    this.#said += 1;
    return this.#waiting === undefined && this.#position >= this.#recorded && this.#said > this.#saidBefore;
  }

  #change(): Promise<never> {
    this.#finish({ kind: "changed" });
    return never();
  }

  #claim(what: string): void {
    if (this.#busy !== undefined) {
      const error = new TypeError(
        `${what} was called while ${this.#busy} was still at it; a dialog does one thing after another, so await each`,
      );
      // At once, before the other has got anywhere.
      this.fail(error);
      throw error;
    }
    this.#busy = what;
  }

  #in(text: Text): string {
    return textIn(text, this.#lang);
  }

  get #lang(): string | undefined {
    return currentLanguage(this.ctx);
  }
}

function checkTimeout(timeout: number | undefined, question: string): void {
  if (timeout === undefined || (timeout >= 1 && timeout <= LONGEST_DURATION)) return;
  throw new RangeError(
    `the question ${JSON.stringify(question)} cannot wait ${timeout} milliseconds for its answer: give a number from 1 to ${LONGEST_DURATION}, which is a hundred years`,
  );
}

/** Ends a function that calls what cannot wait when the dialog has ended already. */
class DialogOverError extends Error {
  override name = "DialogOverError";
}

/** Where a dialog leaves its function for good: nothing refers to it any more, so it is no more. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function copy(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** By what a question is known in whatever language it is asked. */
function inEnglish(question: Text): string {
  return textIn(question, "en").slice(0, 200);
}

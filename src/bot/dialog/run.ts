import type { z } from "zod";
import { readingFor } from "../commands/reading.ts";
import type { Context } from "../context.ts";
import { currentLanguage } from "../i18n/language.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import { type Text, textIn } from "../text.ts";
import type { Answer } from "./answer.ts";
import { Choices } from "./choices.ts";
import type { AskOptions, ChooseOptions, Dialog, DialogFunction } from "./dialog.ts";
import type { Entry, Left, Question } from "./flight.ts";
import { nameOf, putQuestion, type Shown } from "./put-question.ts";
import { type Asking, asking, choosing, confirming } from "./questions.ts";
import { Recording } from "./recording.ts";
import type { RunEnd } from "./run-end.ts";
import { doStep } from "./step.ts";

/** What a run is made of. */
export interface RunInput<C extends Context> {
  readonly ctx: C;
  /** Where it was left; `undefined` at the start. */
  readonly flight: Pick<Left, "log" | "waiting"> | undefined;
  readonly answer: Answer | undefined;
  /** Shows a question in a form, and tells whether it has; default: it is said in a message. */
  readonly show?: ((question: Shown) => boolean) | undefined;
}

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
  readonly #recording: Recording;
  readonly #answer: Answer | undefined;
  readonly #show: RunInput<C>["show"];
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
    this.#recording = new Recording(flight?.log ?? []);
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
    const lang = currentLanguage(this.ctx);
    return await this.#ask(choosing(question, new Choices(choices, lang), options, lang));
  }

  async confirm(question: Text, options: ChooseOptions = {}): Promise<boolean> {
    return await this.#ask(confirming(question, options, readingFor(this.ctx)));
  }

  async say(text: Text): Promise<void> {
    if (this.#over) return await never();
    this.#claim("d.say()");
    this.#said += 1;
    if (this.#isNew && this.#said > this.#saidBefore)
      await this.ctx.reply(textIn(text, currentLanguage(this.ctx)));
    this.#busy = undefined;
  }

  async step<Result>(name: string, work: () => MaybePromise<Result>): Promise<Result> {
    if (this.#over) return await never();
    this.#claim(`d.step(${JSON.stringify(name)})`);
    const before = this.#next("step", name);
    if (before === "changed") return await never();
    if (before === undefined && this.#waiting !== undefined) return await this.#change();
    const { entry, thrown } = before === undefined ? await doStep(name, work) : { entry: before };
    if (before === undefined && !this.#add(entry)) return await never();
    this.#busy = undefined;
    if (thrown !== undefined) throw thrown.error;
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
    this.#finish({ kind: "failed", error, log: this.#recording.sinceLeft, said: this.#said });
  }

  async #ask<Value>(about: Asking<Value>): Promise<Value> {
    if (this.#over) return await never();
    const { kind } = about;
    const name = nameOf(about);
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
    if ("problem" in reading) return await this.#park(about, name, reading.problem);
    this.#waiting = undefined;
    const entry = { kind, name, value: about.record(text, reading.value) };
    if (!this.#add(by === undefined ? entry : { ...entry, by })) return await never();
    this.#busy = undefined;
    return reading.value;
  }

  /** Asks, and ends this run there. */
  async #park<Value>(about: Asking<Value>, name: string, problem: string | undefined): Promise<never> {
    const question = await putQuestion(this.ctx, about, name, problem, this.#show);
    const { entries } = this.#recording;
    this.#finish({ kind: "asked", log: entries, question, progress: problem === undefined });
    return await never();
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
    if (!this.#add({ kind, name: "", value })) throw new DialogOverError();
    return value;
  }

  /** What is recorded of this place; `undefined` where nothing is yet. */
  #next(kind: Entry["kind"], name: string): Entry | "changed" | undefined {
    const entry = this.#recording.next(kind, name);
    if (entry === "changed") this.#finish({ kind: "changed" });
    return entry;
  }

  /** Records what has come next; where that is too much, the dialog ends. */
  #add(entry: Entry): boolean {
    const hasRoom = this.#recording.add(entry);
    if (!hasRoom) this.#finish({ kind: "too-large" });
    return hasRoom;
  }

  /** Whether the function has come to where it was never before. */
  get #isNew(): boolean {
    return this.#waiting === undefined && this.#recording.isReplayed;
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
}

/** Ends a function that calls what cannot wait when the dialog has ended already. */
class DialogOverError extends Error {
  override name = "DialogOverError";
}

/** Where a dialog leaves its function for good: nothing refers to it any more, so it is no more. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

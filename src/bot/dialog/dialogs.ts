import type { JsonValue } from "../../store/index.ts";
import { readCorrection } from "../../xep/index.ts";
import { type PrefixedCommand, prefixedCommand } from "../commands/spoken.ts";
import type { Context } from "../context.ts";
import { textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import type { english } from "../i18n/words/dialogs.ts";
import { misfit } from "../json-fit.ts";
import { type MenuCall, menuCallOf } from "../menus/call.ts";
import type { MaybePromise } from "../middleware.ts";
import { type Answer, cancels, plain, readAnswer } from "./answer.ts";
import { answererOf } from "./answerer.ts";
import type { DialogFunction, DialogOptions, StartableDialog } from "./dialog.ts";
import {
  type Entry,
  type Flight,
  flightsOf,
  isQuestion,
  type Left,
  lastQuestion,
  type Question,
} from "./flight.ts";
import type { DialogSet } from "./names.ts";
import { runDialog } from "./run.ts";
import type { RunEnd } from "./run-end.ts";
import { chatSeat, givenBefore, menuSeat, REMEMBERED, type Seat } from "./seat.ts";

interface Definition<C extends Context> {
  readonly name: string;
  readonly version: number;
  readonly run: DialogFunction<C, unknown>;
}

/** How often a dialog may fail before it is ended. */
const MOST_FAILURES = 3;

/** @internal The dialogs of a composer, and who is in the midst of which. */
export class Dialogs<C extends Context> implements DialogSet {
  readonly #known = new Map<string, Definition<C>>();
  /** The names of all dialogs of the bot, these and others; `undefined` until they are told. */
  #all: ReadonlySet<string> | undefined;
  /** The names of all commands of the bot. */
  #commands: ReadonlySet<string> = new Set();
  /** The stanzas that are being handled by a dialog. */
  readonly #running = new WeakSet<Context>();

  /** @throws TypeError when there is one of this name, or its version is no whole number. */
  define<Args>(
    name: string,
    run: DialogFunction<C, Args>,
    { version = 1 }: DialogOptions = {},
  ): StartableDialog<C, Args> {
    if (this.#known.has(name))
      throw new TypeError(`there are two dialogs called ${JSON.stringify(name)}; rename one`);
    if (!Number.isSafeInteger(version))
      throw new TypeError(`the dialog ${name} has version ${version}; give a whole number`);
    const definition: Definition<C> = { name, version, run: run as DialogFunction<C, unknown> };
    this.#known.set(name, definition);
    return { name, start: async (ctx, args) => await this.#start(definition, ctx, args) };
  }

  get names(): Iterable<string> {
    return this.#known.keys();
  }

  knowAll(names: ReadonlySet<string>, commands: ReadonlySet<string>): void {
    this.#all = names;
    this.#commands = commands;
  }

  /** A path such as /tmp is an answer like any other, unless there is a command of that name. */
  #isCommand({ prefix, name }: PrefixedCommand): boolean {
    return prefix !== "/" || this.#commands.has(name);
  }

  /** Takes a message that answers a dialog; any other is for `next`. */
  take(ctx: C, next: () => MaybePromise<void>): MaybePromise<void> {
    const menu = menuCallOf(ctx);
    if (menu !== undefined) return this.#takeFromMenu(ctx, menu, next);
    const answer = readAnswer(ctx);
    return answer === undefined ? next() : this.#take(ctx, answer, next);
  }

  /** Goes on with a dialog in a form. */
  async #takeFromMenu(ctx: C, menu: MenuCall, next: () => MaybePromise<void>): Promise<void> {
    const { wanted } = menu;
    const definition = wanted.kind === "dialog" ? this.#known.get(wanted.flight.name) : undefined;
    if (wanted.kind !== "dialog" || definition === undefined) return await next();
    menu.taken = true;
    const { flight, back, answer } = wanted;
    const given = back ? givenBefore(flight) : answer;
    const seat = menuSeat(ctx, menu, given, back);
    if (flight.version !== definition.version) return await this.#drop(ctx, seat, "dialogChanged");
    if (ctx.now >= flight.waiting.until) return await this.#drop(ctx, seat, "dialogExpired");
    if (!back)
      return await this.#run(
        definition,
        ctx,
        seat,
        flight,
        answer === undefined ? undefined : { text: answer, picked: true },
      );
    const { log } = flight;
    await this.#run(
      definition,
      ctx,
      seat,
      { ...flight, log: log.slice(0, lastQuestion(log)), waiting: undefined },
      undefined,
    );
  }

  async #take(ctx: C, answer: Answer, next: () => MaybePromise<void>): Promise<void> {
    const area = flightsOf(ctx);
    const key = answererOf(ctx);
    const flight = (await area.get(key)) as Flight | undefined;
    if (flight === undefined) return await next();
    const { waiting } = flight;
    const definition = this.#known.get(flight.name);
    const elsewhere = definition === undefined && this.#all?.has(flight.name) !== false;
    if (elsewhere) return await next();
    if (answer.reactionTo !== undefined && (waiting.kind === "failure" || waiting.id !== answer.reactionTo))
      return await next();
    if (answer.isToOthers) return await next();
    const command = await prefixedCommand(ctx, answer.text);
    const taken = waiting.kind !== "failure" && waiting.taken.includes(plain(answer.text));
    const cancelled = cancels(command?.words ?? answer.text) && !taken;
    if (answer.corrects && answer.by === flight.begunBy && !cancelled && ctx.now < waiting.until)
      return await this.#beginAnew(ctx, flight, next);
    // Who asks for help in between is not answering, and is still asked.
    if (command !== undefined && !cancelled && this.#isCommand(command)) return await next();
    if (ctx.now >= waiting.until) {
      await this.#drop(ctx, chatSeat(ctx), "dialogExpired");
      // What was said so much later was hardly meant for the question.
      return await next();
    }
    if (cancelled) return await this.#drop(ctx, chatSeat(ctx), "dialogCancelled");
    if (flight.version !== definition?.version) return await this.#drop(ctx, chatSeat(ctx), "dialogChanged");
    const corrected = answer.corrects === true ? goBack(flight, answer) : flight;
    if (corrected === undefined) return await say(ctx, "dialogTooLate");
    await this.#run(definition, ctx, chatSeat(ctx), corrected, answer);
  }

  /** Has the message that started a dialog do so once more, as it is now. */
  async #beginAnew(ctx: C, { log, waiting }: Flight, next: () => MaybePromise<void>): Promise<void> {
    if (waiting.kind === "failure" || log.some(({ kind }) => kind === "step"))
      return await say(ctx, "dialogBegun");
    chatSeat(ctx).leave();
    await next();
  }

  async #start(definition: Definition<C>, ctx: C, args: unknown): Promise<void> {
    if (this.#running.has(ctx)) {
      throw new TypeError(
        `the dialog ${definition.name} cannot start in the midst of another; call its function from there, with the same d`,
      );
    }
    const problem =
      args === undefined ? undefined : misfit(args, `what the dialog ${definition.name} is started with`);
    if (problem !== undefined) throw new TypeError(`${problem}, which cannot be kept as JSON`);
    const menu = menuCallOf(ctx);
    const seat = menu === undefined ? chatSeat(ctx) : menuSeat(ctx, menu, undefined, false);
    const { stanza } = ctx;
    const begunBy = stanza.kind === "message" ? (readCorrection(stanza) ?? stanza.id) : undefined;
    const flight = { args: (args ?? null) as JsonValue, ...(begunBy === undefined ? {} : { begunBy }) };
    await this.#run(definition, ctx, seat, flight, undefined);
  }

  async #run(
    definition: Definition<C>,
    ctx: C,
    seat: Seat,
    flight: Left | Pick<Flight, "args" | "begunBy">,
    answer: Answer | undefined,
  ): Promise<void> {
    this.#running.add(ctx);
    const before = "log" in flight ? flight : undefined;
    // `null` is what JSON makes of an argument that is none.
    const args = flight.args ?? undefined;
    // What it says is in the language of the person from the first word on.
    await languageOf(ctx);
    try {
      const end = await runDialog(definition.run, args, { ctx, flight: before, answer, show: seat.show });
      await this.#conclude(definition, ctx, seat, flight, before, end);
    } finally {
      this.#running.delete(ctx);
    }
  }

  async #conclude(
    { name, version }: Definition<C>,
    ctx: C,
    seat: Seat,
    { args, begunBy }: Pick<Flight, "args" | "begunBy">,
    before: Left | undefined,
    end: RunEnd,
  ): Promise<void> {
    const keep = async (log: readonly Entry[], waiting: Flight["waiting"], failures: number): Promise<void> =>
      await seat.keep({
        name,
        version,
        args,
        ...(begunBy === undefined ? {} : { begunBy }),
        log,
        waiting,
        failures,
      });
    switch (end.kind) {
      case "asked":
        return await keep(end.log, end.question, end.progress ? 0 : (before?.failures ?? 0));
      case "done":
        seat.leave();
        if (end.reply !== undefined) await ctx.reply(end.reply);
        return;
      case "changed":
        ctx.log.info({ dialog: name }, "a dialog was ended, as the bot has changed since it was begun");
        return await this.#drop(ctx, seat, "dialogChanged");
      case "too-large":
        ctx.log.error({ dialog: name }, "a dialog was ended, as it has been through too much");
        return await this.#drop(ctx, seat, "dialogTooLarge");
      case "failed": {
        const { log } = end;
        const failures = (before?.failures ?? 0) + 1;
        // Where nothing is to be kept, it fails as any handler does; a form can be sent again as it is.
        if (log === undefined && (before?.waiting === undefined || seat.show !== undefined)) throw end.error;
        ctx.log.error({ err: end.error, dialog: name, failures }, "a dialog has failed");
        if (failures >= MOST_FAILURES) return await this.#drop(ctx, seat, "dialogGivenUp");
        const until = before?.waiting?.until ?? ctx.now + REMEMBERED;
        if (log !== undefined) await keep(log, { kind: "failure", said: end.said, until }, failures);
        else if (before?.waiting !== undefined) await keep(before.log, before.waiting, failures);
        const question = log === undefined && before?.waiting?.kind !== "failure";
        return await say(ctx, question ? "dialogFailed" : "dialogStuck");
      }
    }
  }

  async #drop(ctx: Context, seat: Seat, why: Why): Promise<void> {
    seat.leave();
    seat.fail?.();
    await say(ctx, why);
  }
}

/**
 * Goes back to the question that a corrected message has answered; `undefined` where a step has been done since. One that has
 * answered nothing yet answers what waits.
 */
function goBack(flight: Flight, { by }: Answer): Flight | undefined {
  const position = flight.log.findIndex((entry) => entry.by === by);
  const entry = flight.log[position];
  if (entry === undefined || !isQuestion(entry.kind)) return flight;
  if (flight.log.slice(position).some(({ kind }) => kind === "step")) return undefined;
  const { until } = flight.waiting;
  const waiting: Question = { kind: entry.kind, name: entry.name, id: "", until, taken: [] };
  return { ...flight, log: flight.log.slice(0, position), waiting };
}

type Why = keyof typeof english;

async function say(ctx: Context, why: Why): Promise<void> {
  await ctx.reply(textsOf(ctx.bot).say(why, await languageOf(ctx)));
}

import { type Element, Iq, type Message, message, StanzaError } from "../../stanza/index.ts";
import {
  buildCommandAnswer,
  type CommandNote,
  type CommandRequest,
  commandError,
  formValues,
} from "../../xep/index.ts";
import type { Answering } from "../answering.ts";
import type { Command, ReadArguments } from "../commands/command.ts";
import { readingFor } from "../commands/reading.ts";
import type { Context } from "../context.ts";
import { lastQuestion } from "../dialog/flight.ts";
import { type FrameworkText, type Say, sayingIn, textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import type { Chain, Pass } from "../middleware.ts";
import { mayRun } from "../permissions/index.ts";
import { MenuAnswering } from "./answering.ts";
import { MenuCall, setMenuCall, type Wanted } from "./call.ts";
import { formOf, problemsOf } from "./form.ts";
import { type Session, Sessions } from "./sessions.ts";
import { ANSWER, actionsOf, answerIn, formOfStage } from "./stage.ts";

/** How long a client waits for a step, in milliseconds: what takes longer goes on in messages. */
const PATIENCE = 10_000;

/** One step of a command that somebody runs from a menu. */
export class Step {
  readonly #pass: Pass<Context>;
  readonly #ctx: Context;
  readonly #iq: Iq;
  readonly #command: Command<never>;
  readonly #request: CommandRequest;
  readonly #inside: Chain<Context>;
  readonly #sessions: Sessions;
  #lang: string | undefined;
  /** Whether no handler has taken it. */
  #unreached = false;
  #say: Say = sayingIn(undefined);

  constructor(
    pass: Pass<Context>,
    iq: Iq,
    command: Command<never>,
    request: CommandRequest,
    inside: Chain<Context>,
  ) {
    this.#pass = pass;
    this.#ctx = pass.ctx;
    this.#iq = iq;
    this.#command = command;
    this.#request = request;
    this.#inside = inside;
    this.#sessions = new Sessions(pass.ctx);
  }

  async take(): Promise<void> {
    const ctx = this.#ctx;
    const lang = this.#iq.payload?.attr("xml:lang");
    if (lang !== undefined)
      ctx.standFor(new Iq(this.#iq.element.withAttrs({ "xml:lang": lang })), (own) => own);
    this.#lang = await languageOf(ctx);
    this.#say = sayingIn(this.#lang, ctx.bot.texts);
    const { action, sessionId } = this.#request;
    if (!(await mayRun(ctx, this.#command)).allowed)
      throw new StanzaError("forbidden", {
        type: "cancel",
        text: this.#say("menuForbidden", { command: this.#command.name }),
        lang: textsOf(ctx.bot).match(this.#lang),
      });
    if (action === undefined) throw this.#error("malformed-action", "menuBadAction");
    if (sessionId === undefined) return await this.#begin();
    const session = await this.#sessions.find(sessionId);
    if (session === undefined)
      throw Sessions.isOurs(sessionId)
        ? this.#error("session-expired", "menuExpired")
        : this.#error("bad-sessionid", "menuBadSession");
    if (session.node !== this.#command.name) throw this.#error("bad-sessionid", "menuBadSession");
    if (action === "cancel") return await this.#cancel(session);
    if (session.flight !== null) return await this.#goOn(session.id, session.flight, action === "prev");
    if (action === "prev") throw this.#error("bad-action", "menuBadAction");
    await this.#fillIn(session.id);
  }

  async #begin(): Promise<void> {
    const { action, form } = this.#request;
    if (action === "cancel") throw this.#error("bad-sessionid", "menuBadSession");
    if (action === "prev") throw this.#error("bad-action", "menuBadAction");
    const id = Sessions.newId();
    // Who knows the form may send it filled in at once (XEP-0004 §5.2).
    if (form !== undefined || this.#command.fields.length === 0) return await this.#fillIn(id);
    await this.#sessions.keep({ id, node: this.#command.name, flight: null });
    await this.#answer({ id, actions: ["complete"], form: formOf(this.#command, this.#reader) });
  }

  async #cancel({ id }: Session): Promise<void> {
    await this.#sessions.end(id);
    const { name: node } = this.#command;
    await this.#pass.answer(buildCommandAnswer({ node, sessionId: id, status: "canceled" }));
  }

  /** Runs the command with what was filled in, or gives the form again and says what is wrong. */
  async #fillIn(id: string): Promise<void> {
    const { form } = this.#request;
    const given = form === undefined ? new Map<string, readonly string[]>() : formValues(form);
    const count = [...given.values()].reduce((sum, values) => sum + values.length, 0);
    const read: ReadArguments =
      count > MOST_VALUES
        ? { ok: false, problems: [{ field: undefined, text: this.#say("problemLine") }] }
        : await this.#command.readForm(given, readingFor(this.#ctx));
    if (read.ok) return await this.#run(id, { kind: "run", args: read.args });
    await this.#sessions.keep({ id, node: this.#command.name, flight: null });
    const notes = problemsOf(this.#command, read.problems.slice(0, MOST_PROBLEMS), this.#reader);
    await this.#answer({
      id,
      actions: ["complete"],
      notes: notes.map((text) => ({ type: "error", text })),
      form: formOf(this.#command, this.#reader, count > MOST_VALUES ? undefined : given, notes),
    });
  }

  /** Answers the question of a dialog, or goes back to the one before. */
  async #goOn(id: string, flight: NonNullable<Session["flight"]>, back: boolean): Promise<void> {
    if (back && lastQuestion(flight.log) === undefined) throw this.#error("bad-action", "menuBadAction");
    const { form } = this.#request;
    const values = form && formValues(form).get(ANSWER);
    const answer = values && answerIn({ flight }, values);
    await this.#run(id, { kind: "dialog", flight, back, answer });
  }

  async #run(id: string, wanted: Wanted): Promise<void> {
    const ctx = this.#ctx;
    const call = new MenuCall(this.#command, wanted);
    // It runs once more, as what it had read was changed meanwhile, and the answer has been given.
    call.isOpen = !left.has(this.#key);
    setMenuCall(ctx, call);
    const said = this.#asSaid();
    let answering!: MenuAnswering;
    const own = ctx.standFor(said, (before) => {
      answering = new MenuAnswering(before, call, said);
      return answering;
    });
    const running = this.#through(answering);
    const slow = Promise.withResolvers<"slow">();
    const stop = ctx.clock.after(PATIENCE, () => slow.resolve("slow"));
    const end = await Promise.race([running, slow.promise]).finally(stop);
    if (end === "slow" && call.stage === undefined) {
      call.isOpen = false;
      return await this.#leaveToMessages(id, answering, running, own);
    }
    await running;
    await this.#conclude(id, call, answering, own);
  }

  async #conclude(id: string, call: MenuCall, answering: MenuAnswering, own: Answering): Promise<void> {
    const { words } = answering;
    // A limit or a filter in front of it may have answered in its stead, or have passed over it in silence.
    if (!call.taken && words.length === 0 && answering.form === undefined && !answering.sent) {
      const { name: command } = this.#command;
      throw this.#unreached
        ? new StanzaError("item-not-found", {
            text: this.#say("menuUnknown", { command }),
            lang: this.#spoken,
          })
        : new StanzaError("not-allowed", {
            text: this.#say("menuForbidden", { command }),
            lang: this.#spoken,
          });
    }
    const { stage } = call;
    const type = call.failed ? "error" : "info";
    const notes = words.map((text): CommandNote => ({ type, text }));
    if (stage === undefined) {
      await this.#sessions.end(id);
      const silence = answering.sent ? "menuSent" : "menuDone";
      const said: CommandNote[] =
        notes.length === 0 && answering.form === undefined
          ? [{ type: "info", text: this.#say(silence) }]
          : notes;
      return await this.#answer({ id, notes: said, form: answering.form }, own);
    }
    await this.#sessions.keep({ id, node: this.#command.name, flight: stage.flight });
    const problem = stage.question?.problem;
    // What has failed says so, and asks nothing.
    const problems =
      stage.question === undefined ? words : problem === undefined ? [] : [problem || this.#say("menuWrong")];
    // Some clients show no notes beside a form.
    const said = stage.question === undefined ? words : [...problems, ...words];
    const form = formOfStage(this.#command, stage, said, this.#reader);
    const errors = problems.map((text): CommandNote => ({ type: "error", text }));
    await this.#answer({ id, actions: actionsOf(stage), notes: errors, form }, own);
  }

  async #through(answering: MenuAnswering): Promise<void> {
    const pass: Pass<Context> = { ctx: this.#ctx, answer: (reply) => answering.reply(reply) };
    await this.#inside(pass, () => {
      this.#unreached = true;
    });
  }

  /** Answers although the command is still at work, which says the rest in messages. */
  async #leaveToMessages(
    id: string,
    answering: MenuAnswering,
    running: Promise<void>,
    own: Answering,
  ): Promise<void> {
    await this.#sessions.end(id);
    const { name: node } = this.#command;
    const said = [...answering.words, this.#say("menuSlow")];
    const notes = said.map((text): CommandNote => ({ type: "info", text }));
    const { form } = answering;
    left.add(this.#key);
    await this.#pass.answer(
      buildCommandAnswer({ node, sessionId: id, status: "completed", notes, form, lang: this.#spoken }),
    );
    try {
      await running;
    } catch (error) {
      const text = error instanceof StanzaError && !error.received ? error.text : undefined;
      await own.send(message({ type: "chat", to: this.#ctx.from, body: text ?? this.#say("apology") }));
      throw error;
    }
  }

  /** The step as the message that says the name of the command. */
  #asSaid(): Message {
    const { from, to, id } = this.#iq;
    return message({ from, to, id, type: "chat", lang: this.#lang, body: `!${this.#command.name}` });
  }

  async #answer(
    answer: {
      readonly id: string;
      readonly actions?: readonly ("prev" | "next" | "complete")[];
      readonly notes?: readonly CommandNote[];
      readonly form?: Element | undefined;
    },
    own?: Answering,
  ): Promise<void> {
    const { id, actions = [], notes, form } = answer;
    const built = buildCommandAnswer({
      node: this.#command.name,
      sessionId: id,
      status: actions.length === 0 ? "completed" : "executing",
      actions,
      execute: actions.at(-1),
      notes,
      form,
      lang: this.#spoken,
    });
    if (own === undefined) await this.#pass.answer(built);
    else own.answerOnceKept(built);
  }

  /** The step itself, however often it is handled. */
  get #key(): object {
    return this.#iq.element;
  }

  get #reader(): { readonly lang: string | undefined; readonly say: Say } {
    return { lang: this.#lang, say: this.#say };
  }

  get #spoken(): string | undefined {
    return textsOf(this.#ctx.bot).match(this.#lang);
  }

  #error(condition: Parameters<typeof commandError>[0], text: FrameworkText & `menu${string}`): StanzaError {
    return commandError(condition, {
      text: textsOf(this.#ctx.bot).say(text, this.#lang),
      lang: this.#spoken,
    });
  }
}

/** Steps that were answered while their commands were still at work. */
const left = new WeakSet<object>();

/** How many values a form may have that is read: to make sense of each costs something. */
const MOST_VALUES = 1_000;

const MOST_PROBLEMS = 5;

import type { Context } from "../context.ts";
import type { Say } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import { type MenuCall, menuCallOf } from "../menus/call.ts";
import type { Chain, MaybePromise, Pass } from "../middleware.ts";
import { mayRun } from "../permissions/index.ts";
import type { Reply } from "../reply.ts";
import { Answers } from "./answers.ts";
import type { Call, Command } from "./command.ts";
import { ended } from "./problems.ts";
import { readingFor, sayingFor } from "./reading.ts";
import { hasRoomPrefix, readSpoken, type Spoken } from "./spoken.ts";
import { usageOf } from "./usage.ts";

/** @internal How the commands of a set are taken. */
export interface CommandSetOptions<C extends Context = Context> {
  /** Leaves a message that only looks like a command to the handlers that follow: one without prefix that does not fit, or is not allowed. */
  readonly yields?: boolean;
  /** Whether a command leaves to the handlers that follow what it could run with, but was said without prefix and hardly to it. */
  readonly declines?: (ctx: C, command: Command<C>, args: unknown) => Promise<boolean>;
}

/** Begins the conversation of a command. */
type Begin<C> = (ctx: C, args: unknown) => Promise<void>;

/** @internal The commands of one composer: one look finds the one that is meant. */
export class CommandSet<C extends Context> {
  readonly #commands: Command<C>[] = [];
  readonly #byName = new Map<string, Command<C>>();
  readonly #beginnings = new Map<Command<C>, Begin<C>>();
  readonly #yields: boolean;
  readonly #declines: CommandSetOptions<C>["declines"];

  constructor({ yields = false, declines }: CommandSetOptions<C> = {}) {
    this.#yields = yields;
    this.#declines = declines;
  }

  /**
   * @param begin begins the conversation of one that has a dialog.
   * @throws TypeError when one of its names is taken.
   */
  add(command: Command<C>, begin?: Begin<C>): void {
    checkNames([...this.#commands, command]);
    if (begin !== undefined) this.#beginnings.set(command, begin);
    this.#commands.push(command);
    for (const name of command.names) this.#byName.set(name, command);
  }

  /** In the order in which they were added. */
  get commands(): readonly Command<C>[] {
    return this.#commands;
  }

  readonly run: Chain<C> = (pass, next) => {
    const menu = menuCallOf(pass.ctx);
    if (menu !== undefined) return this.#runFromMenu(pass, next, menu);
    const spoken = readSpoken(pass.ctx);
    const command = spoken && this.#byName.get(spoken.name);
    if (spoken === undefined || command === undefined) return next();
    if (command.where !== "both" && (command.where === "groupchat") !== spoken.inGroupchat) return next();
    return this.#take(pass, next, command, spoken);
  };

  async #runFromMenu(pass: Pass<C>, next: () => MaybePromise<void>, menu: MenuCall): Promise<void> {
    const command = this.#byName.get(menu.command.name);
    if (menu.wanted.kind !== "run" || command !== (menu.command as unknown)) return await next();
    menu.taken = true;
    const { name } = menu.command;
    const reply =
      command && (await this.#do(command, pass.ctx, menu.wanted.args, { name, corrects: undefined }));
    if (reply !== undefined) await pass.answer(reply);
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: see CommandRun
  #do(command: Command<C>, ctx: C, args: unknown, call: Call): MaybePromise<Reply | void> {
    const begin = this.#beginnings.get(command);
    return begin === undefined ? command.run(ctx, args, call) : begin(ctx, args);
  }

  async #take(
    pass: Pass<C>,
    next: () => MaybePromise<void>,
    command: Command<C>,
    spoken: Spoken,
  ): Promise<void> {
    const { ctx } = pass;
    if (spoken.inGroupchat && spoken.how === "prefix" && !(await hasRoomPrefix(ctx, spoken)))
      return await next();
    const yields = (this.#yields && spoken.how === "plain") || (command.yields && spoken.how !== "prefix");
    const { allowed } = await mayRun(ctx, command);
    // What is written without arguments needs no language to be understood.
    if (!allowed || command.fields.length > 0 || spoken.line !== "") await languageOf(ctx);
    if (yields && !allowed) return await next();
    const read = allowed ? await command.read(spoken.line, readingFor(ctx)) : undefined;
    if (yields && read?.ok === false) return await next();
    if (spoken.how !== "prefix" && read?.ok === true && (await this.#declines?.(ctx, command, read.args)))
      return await next();
    const answers = await Answers.to(ctx);
    const reply =
      read === undefined
        ? sayingFor(ctx)("commandForbidden", { command: command.name })
        : read.ok
          ? await answers.during(
              async () =>
                await this.#do(command, ctx, read.args, { name: spoken.name, corrects: answers.corrects }),
            )
          : misuse(command, read.problems, sayingFor(ctx));
    if (reply !== undefined) await pass.answer(answers.next(reply));
    answers.keep();
  }
}

/** @internal @throws TypeError when two of them go by one name. */
export function checkNames(commands: readonly Command<never>[]): void {
  const taken = new Map<string, Command<never>>();
  for (const command of commands) {
    for (const name of command.names) {
      const other = taken.get(name);
      if (other !== undefined)
        throw new TypeError(
          `two commands are called ${name} (${other.name} and ${command.name}): nobody could tell them apart; rename one of them`,
        );
      taken.set(name, command);
    }
  }
}

/** What is wrong, and how it would be right. */
function misuse(command: Command<never>, problems: readonly { readonly text: string }[], say: Say): string {
  const said = problems.slice(0, MOST_PROBLEMS).map(({ text }) => ended(text));
  return [...said, say("usage", { usage: usageOf(command, undefined, say) })].join("\n");
}

const MOST_PROBLEMS = 5;

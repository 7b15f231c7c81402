import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Dialog } from "../dialog/dialog.ts";
import { type Say, sayingIn } from "../i18n/framework.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import type { Text } from "../text.ts";
import { bindWords, type Layout } from "./bind.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { nameOf, type Problem, sentence, shortened, wanted } from "./problems.ts";
import { type ReadingFor, readValue, ValueError } from "./values.ts";

/** How a command was called. */
export interface Call {
  /** The name or alias that was used, in lower case. */
  readonly name: string;
  /**
   * The id of the message of the same sender that this one corrects (XEP-0308), where it does: the command has run with what it said before.
   * Others may have given a message the same id, so what is found by it has to be the sender's as well: see `personOf`.
   */
  readonly corrects: string | undefined;
}

/** The keys of a schema whose argument may take the rest of a line: strings, and arrays. */
export type RestKey<Args extends z.ZodObject> = {
  [Key in keyof Args["shape"] & string]: NonNullable<z.input<Args["shape"][Key]>> extends
    | string
    | readonly unknown[]
    ? Key
    : never;
}[keyof Args["shape"] & string];

/** What {@link command} takes: what it is, and either `run` or `dialog`. */
export type CommandDefinition<
  Args extends z.ZodObject,
  C extends Context = Context,
> = CommandDescription<Args> & (CommandRun<Args, C> | CommandDialog<Args, C>);

/** A command that is through when its function is. */
export interface CommandRun<Args extends z.ZodObject, C extends Context = Context> {
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
  run(ctx: C, args: z.output<Args>, call: Call): MaybePromise<Reply | void>;
  readonly dialog?: never;
}

/** A command that begins a conversation of several steps. */
export interface CommandDialog<Args extends z.ZodObject, C extends Context = Context> {
  /**
   * Leads the conversation, as the function of `bot.dialog` does. The arguments are kept with it as JSON, in which there may be dates and
   * addresses; what a schema has transformed into anything else cannot be.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
  dialog(d: Dialog<C>, args: z.output<Args>): MaybePromise<Reply | void>;
  /** Of the dialog: {@link DialogOptions.version}. */
  readonly version?: number;
  readonly run?: never;
}

/** What a command is, whatever it does. */
export interface CommandDescription<Args extends z.ZodObject> {
  /** Lower-case letters, digits, `-` and `_`, beginning with a letter. */
  readonly name: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  /** What it does, in one line. */
  readonly summary: Text;
  /** More about it, for `help COMMAND`. */
  readonly description?: Text;
  /** Its arguments, a `z.object`; default: none. What `.describe()` says of each is in the help. */
  readonly args?: Args;
  /** What the arguments are in several languages, in the place of what `.describe()` says. */
  readonly descriptions?: { readonly [Key in keyof Args["shape"]]?: Text };
  /** The arguments that are given by their place, in their order; all others are flags, such as `--loud`. Default: none. */
  readonly positional?: readonly (keyof Args["shape"] & string)[];
  /** The argument that takes the rest of the line as it stands, behind all `positional` ones; default: none. */
  readonly rest?: RestKey<Args>;
  /** Lines that somebody might write, without a prefix. */
  readonly examples?: readonly string[];
  /**
   * Who may run it unless the configuration or an admin says otherwise: `everyone` (the default), `admin`, `room-admin` or `room-moderator`
   * (of the room that it is said in), or the name of a group.
   */
  readonly access?: Access;
  /** Where it can be used; default `both`. A private message of an occupant is `direct`. */
  readonly where?: "direct" | "groupchat" | "both";
  /**
   * Whether a message without a prefix that only looks like it, since it does not fit the arguments or its sender may not run it, is left to
   * the handlers that follow; default `false`. For bots that people talk to in sentences, where `forget` is a command and `forget about it` is none.
   */
  readonly yields?: boolean;
}

/** Who may run a command: a name with a meaning, or that of a group. */
export type Access = "everyone" | "admin" | "room-admin" | "room-moderator" | (string & Record<never, never>);

/** The arguments of a command, or what is wrong with them. */
export type ReadArguments =
  | { readonly ok: true; readonly args: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A command as a value: {@link command} makes one. */
export class Command<C extends Context = Context> implements Layout {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: Text;
  readonly description: Text | undefined;
  readonly examples: readonly string[];
  readonly access: Access;
  readonly where: "direct" | "groupchat" | "both";
  readonly yields: boolean;
  /** Its arguments, in the order of the schema: what a form has fields for. */
  readonly fields: readonly Field[];
  readonly positional: readonly Field[];
  readonly rest: Field | undefined;
  readonly #schema: z.ZodObject | undefined;
  /** @internal Leads the conversation that it begins; `undefined` where it runs. */
  readonly dialog: CommandDialog<z.ZodObject, C> | undefined;
  readonly #run: CommandRun<z.ZodObject, C>["run"] | undefined;

  /** @internal Use {@link command}. */
  constructor(definition: CommandDefinition<z.ZodObject, C>) {
    if (typeof definition !== "object")
      throw new TypeError(
        'a command is described by one object: bot.command({ name: "start", summary: "begins", run: (ctx) => "Hello!" })',
      );
    const { name, aliases = [], args, positional = [], rest } = definition;
    for (const each of [name, ...aliases]) checkName(each);
    this.name = name;
    this.aliases = aliases;
    this.summary = definition.summary;
    this.description = definition.description;
    this.examples = definition.examples ?? [];
    this.access = definition.access ?? "everyone";
    this.where = definition.where ?? "both";
    this.yields = definition.yields ?? false;
    this.fields = args === undefined ? [] : fieldsOf(args, name, definition.descriptions);
    const keys =
      rest === undefined ? positional : [...positional.filter((key) => key !== rest), rest as string];
    this.positional = keys.map((key) => this.#field(key));
    this.rest = rest === undefined ? undefined : this.#field(rest);
    this.#schema = args;
    const { run, dialog } = definition;
    if ((run === undefined) === (dialog === undefined))
      throw new TypeError(
        `the command ${name} has ${run ? "both run and" : "neither run nor"} dialog; give one of them`,
      );
    this.#run = run && ((ctx, values, call) => definition.run(ctx, values, call));
    this.dialog = dialog && definition;
    this.#checkPlaces(
      rest === undefined ? undefined : positional.at(-1) === rest || !positional.includes(rest),
    );
  }

  /** Every name that it goes by. */
  get names(): readonly string[] {
    return [this.name, ...this.aliases];
  }

  /** Reads what stands behind its name. */
  async read(line: string, reading: ReadingFor): Promise<ReadArguments> {
    const { words, problems } = await bindWords(line, this, reading);
    return await this.#values(words, problems, reading);
  }

  /** Reads what was filled into a form, by the keys of the fields; what is not there was not given, and other keys mean nothing. */
  async readForm(
    values: ReadonlyMap<string, readonly string[]>,
    reading: ReadingFor,
  ): Promise<ReadArguments> {
    const words = new Map<Field, readonly string[]>();
    for (const field of this.fields) {
      const given = values.get(field.key)?.filter((value) => value !== "" || field.kind === "text");
      if (given !== undefined && given.length > 0) words.set(field, given);
    }
    return await this.#values(words, [], reading);
  }

  /**
   * Runs it, with arguments that were read.
   *
   * @throws TypeError where it begins a conversation: that is for the composer that it was added to.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: see CommandRun
  run(ctx: C, args: unknown, call: Call): MaybePromise<Reply | void> {
    if (this.#run === undefined)
      throw new TypeError(`the command ${this.name} begins a dialog, for which bot.command() has to know it`);
    return this.#run(ctx, args as Record<string, unknown>, call);
  }

  async #values(
    words: ReadonlyMap<Field, readonly string[]>,
    problems: readonly Problem[],
    reading: ReadingFor,
  ): Promise<ReadArguments> {
    const found = [...problems];
    const say = sayingIn(reading.lang, reading.texts);
    const values: Record<string, unknown> = Object.create(null);
    for (const field of this.fields) {
      const given = words.get(field) ?? (field.emptyIfAbsent ? [] : undefined);
      if (given === undefined) continue;
      const read: unknown[] = [];
      for (const word of given) {
        try {
          read.push(await readValue(field, word, reading));
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
          found.push({ field, text: this.#misread(field, word, error.suggestion, say) });
        }
      }
      values[field.key] = field.multiple ? read : read[0];
    }
    if (this.#schema === undefined) return found.length === 0 ? none : { ok: false, problems: found };
    const checked = await this.#schema.safeParseAsync(values, {
      error: (issue) => sentence(issue, this.#fieldAt(issue.path), say),
    });
    if (checked.success && found.length === 0) return { ok: true, args: checked.data };
    for (const { path, message } of checked.error?.issues ?? []) {
      const field = this.#fieldAt(path);
      // One thing at a time about each argument: what could not be read is not missing besides.
      if (field !== undefined && found.some((problem) => problem.field === field)) continue;
      found.push({
        field,
        text: field === undefined ? message : `${nameOf(field, this.positional)} ${message}`,
      });
    }
    return { ok: false, problems: found };
  }

  #misread(field: Field, word: string, near: string | undefined, say: Say): string {
    const misread = say("problemMisread", { wanted: wanted(field, say), word: shortened(word) });
    const problem = `${nameOf(field, this.positional)} ${misread}`;
    return near === undefined ? problem : say("problemMeant", { problem, near });
  }

  #fieldAt(path: readonly PropertyKey[] | undefined): Field | undefined {
    return this.fields.find(({ key }) => key === path?.[0]);
  }

  #field(key: string): Field {
    const field = this.fields.find((each) => each.key === key);
    if (field === undefined)
      throw new TypeError(`the command ${this.name} has no argument ${JSON.stringify(key)} in its args`);
    return field;
  }

  #checkPlaces(restIsLast: boolean | undefined): void {
    const several = this.positional.find((field) => field.multiple && field !== this.rest);
    if (several !== undefined)
      throw new TypeError(
        `the argument ${several.key} of the command ${this.name} takes several values, so it is either the rest or a flag`,
      );
    if (restIsLast === false)
      throw new TypeError(`the rest of the command ${this.name} is not its last argument`);
    const optional = this.positional.findIndex((field) => !field.required);
    const late =
      optional === -1 ? undefined : this.positional.slice(optional).find((field) => field.required);
    if (late !== undefined)
      throw new TypeError(
        `the argument ${late.key} of the command ${this.name} has to be given, but stands behind one that need not be: nobody could tell them apart`,
      );
  }
}

/**
 * Makes a command: words that people say to a bot, with arguments that a zod schema describes and checks. `bot.command(…)`
 * takes the same definition, or a command.
 *
 * @example
 * ```ts
 * import { arg, command, defineBot } from "restanza";
 * import { z } from "zod";
 *
 * const wait = command({
 *   name: "wait",
 *   summary: { en: "waits a while", de: "wartet eine Weile" },
 *   args: z.object({ time: arg.duration().describe("how long"), loud: z.boolean().default(false) }),
 *   positional: ["time"],
 *   examples: ["wait 90s --loud"],
 *   run: (_, { time, loud }) => `${time / 1000} seconds${loud ? "!" : ""}`,
 * });
 *
 * defineBot({ name: "patience", summary: "waits", routes: (bot) => void bot.command(wait) });
 * ```
 * @throws TypeError when the definition makes no sense, such as a name with a space in it.
 */
export function command<
  Args extends z.ZodObject = z.ZodObject<Record<never, never>>,
  C extends Context = Context,
>(definition: CommandDefinition<Args, C>): Command<C> {
  return new Command<C>(definition as unknown as CommandDefinition<z.ZodObject, C>);
}

const none: ReadArguments = { ok: true, args: {} };

function checkName(name: string): void {
  if (/^\p{Ll}[\p{Ll}\p{N}_-]{0,31}$/u.test(name)) return;
  throw new TypeError(
    `a command cannot be called ${JSON.stringify(name)}: use up to 32 lower-case letters, digits, "-" and "_", and a letter first`,
  );
}

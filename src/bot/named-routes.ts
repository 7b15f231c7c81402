import type { z } from "zod";
import type { JsonValue } from "../store/index.ts";
import { compileFilters, passOn } from "./choice.ts";
import { ChoiceSet } from "./choices/index.ts";
import type { Command, CommandDialog } from "./commands/command.ts";
import { CommandSet } from "./commands/command-set.ts";
import type { Context } from "./context.ts";
import { Dialogs } from "./dialog/index.ts";
import { packArgs, unpackArgs } from "./dialog/kept-args.ts";
import { Place } from "./route.ts";
import type { RouteList } from "./route-list.ts";
import { TimerSet } from "./time/index.ts";

/**
 * @internal What a composer has by name: of each kind one set, which takes its place among the routes when the first is defined. What
 * answers a question comes in front of the others, so that none takes it for a message of its own.
 */
export class NamedRoutes<C extends Context> {
  readonly #routes: RouteList<C>;
  #dialogs: Dialogs<C> | undefined;
  #choices: ChoiceSet<C> | undefined;
  #commands: CommandSet<C> | undefined;
  #timers: TimerSet<C> | undefined;

  constructor(routes: RouteList<C>) {
    this.#routes = routes;
  }

  get dialogs(): Dialogs<C> {
    if (this.#dialogs !== undefined) return this.#dialogs;
    const dialogs = new Dialogs<C>();
    this.#dialogs = dialogs;
    this.#routes.addFirst({
      label: "dialog()",
      run: (pass, next) => dialogs.take(pass.ctx, next),
      keys: ["chat", "groupchat"],
      dialogs,
    });
    return dialogs;
  }

  get choices(): ChoiceSet<C> {
    if (this.#choices !== undefined) return this.#choices;
    const choices = new ChoiceSet<C>();
    this.#choices = choices;
    this.#routes.addFirst({
      label: "choice()",
      run: (pass, next) => choices.take(pass, next),
      keys: ["chat", "groupchat"],
    });
    return choices;
  }

  get timers(): TimerSet<C> {
    if (this.#timers !== undefined) return this.#timers;
    this.#timers = new TimerSet<C>();
    // No stanza has any of no keys: what is due comes another way.
    this.#routes.add({ label: "timer()", run: passOn, keys: [], time: this.#timers });
    return this.#timers;
  }

  /** @throws TypeError when the name is taken. */
  addCommand(command: Command<C>): void {
    this.#commands ??= this.#takeCommands();
    this.#commands.add(command, command.dialog && this.#conversation(command.name, command.dialog));
  }

  #takeCommands(): CommandSet<C> {
    const commands = new CommandSet<C>();
    this.#routes.add({
      label: "command()",
      run: commands.run,
      when: compileFilters("message:body").when,
      keys: ["chat", "groupchat"],
      certain: false,
      commands,
      place: new Place(),
    });
    return commands;
  }

  /** A dialog that a command begins, and what begins it. */
  #conversation(
    name: string,
    definition: CommandDialog<z.ZodObject, C>,
  ): (ctx: C, args: unknown) => Promise<void> {
    const { version } = definition;
    const started = this.dialogs.define<JsonValue>(
      `command ${name}`,
      (d, args) => definition.dialog(d, unpackArgs(args) as Record<string, unknown>),
      version === undefined ? {} : { version },
    );
    return async (ctx, args) => await started.start(ctx, packArgs(args) as JsonValue);
  }
}

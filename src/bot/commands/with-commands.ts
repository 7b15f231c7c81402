import { Composer } from "../composer.ts";
import type { Context } from "../context.ts";
import { helpCommand } from "./builtin/help.ts";
import { permissionCommands } from "./builtin/permission-commands.ts";
import { prefixCommand } from "./builtin/prefix.ts";
import { unknown } from "./builtin/unknown.ts";
import { commandsOf } from "./collect.ts";
import type { Command } from "./command.ts";
import { CommandSet, checkNames } from "./command-set.ts";

/**
 * @internal Gives a bot that has commands those that all such bots have, and an answer to what nobody knows. A command of the bot
 * takes the place of one of these by its name.
 *
 * @throws TypeError when two commands of the bot go by one name.
 */
export function withCommands(own: Composer<Context>): Composer<Context> {
  const commands = commandsOf(own);
  if (commands.length === 0) return own;
  checkNames(commands);
  const taken = new Set(commands.flatMap(({ names }) => names));
  const all: Command<never>[] = [...commands];
  const builtin = new CommandSet<Context>({ yields: true });
  for (const each of [helpCommand(() => all), prefixCommand(), ...permissionCommands(() => all)]) {
    if (taken.has(each.name)) continue;
    builtin.add(each);
    all.push(each);
  }
  const otherwise = unknown(() => all);
  const inside = own.chain();
  return new Composer<Context>().add({
    label: "use()",
    run: (pass, next) => builtin.run(pass, () => inside(pass, () => otherwise(pass, next))),
    inner: [own],
    commands: builtin,
  });
}

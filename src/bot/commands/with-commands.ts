import { Composer } from "../composer.ts";
import type { Context } from "../context.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import { type FrameworkText, textsOf } from "../i18n/framework.ts";
import { menus } from "../menus/index.ts";
import type { Chain } from "../middleware.ts";
import { helpCommand, isNoHelp } from "./builtin/help.ts";
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
export function withCommands(
  own: Composer<Context>,
  texts: Catalogues<FrameworkText> = textsOf(undefined),
): Composer<Context> {
  const commands = commandsOf(own);
  if (commands.length === 0) return own;
  checkNames(commands);
  const taken = new Set(commands.flatMap(({ names }) => names));
  const all: Command<never>[] = [...commands];
  const known = (): readonly Command<never>[] => all;
  const help = helpCommand(known, texts);
  const builtin = new CommandSet<Context>({
    yields: true,
    declines: async (ctx, each, args) => each === help && (await isNoHelp(ctx, known, args)),
  });
  for (const each of [help, prefixCommand(texts), ...permissionCommands(known, texts)]) {
    if (taken.has(each.name)) continue;
    builtin.add(each);
    all.push(each);
  }
  const otherwise = unknown(known);
  const inside = own.chain();
  const both: Chain<Context> = (pass, next) => builtin.run(pass, () => inside(pass, next));
  const fromMenus = menus(known, both);
  return new Composer<Context>().add({
    label: "use()",
    run: (pass, next) => fromMenus(pass, () => both(pass, () => otherwise(pass, next))),
    inner: [own],
    commands: builtin,
  });
}

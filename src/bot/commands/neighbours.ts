import type { Context } from "../context.ts";
import { permissionsOf, readChangesOf } from "../permissions/index.ts";
import type { Command } from "./command.ts";

/**
 * The commands of a bot on the same domain that the sender of the stanza at hand may run there, by what the operator has configured and what
 * admins of that bot have changed.
 *
 * @returns `undefined` where there is no such bot.
 * @example
 * ```ts
 * import { commandsOfBot, defineBot, usageOf } from "restanza";
 *
 * defineBot({
 *   name: "guide",
 *   summary: "shows what others can do",
 *   routes(bot) {
 *     bot.hears("echo?", async (ctx) => {
 *       const commands = (await commandsOfBot(ctx, "echo")) ?? [];
 *       return commands.map((command) => usageOf(command)).join("\n");
 *     });
 *   },
 * });
 * ```
 */
export async function commandsOfBot(
  ctx: Context,
  name: string,
): Promise<readonly Command<never>[] | undefined> {
  const { directory } = ctx.bot;
  const found = directory.list().find((entry) => entry.name === name);
  if (found === undefined) return undefined;
  const permissions = permissionsOf(ctx);
  const subject = permissions.subject(ctx);
  const changes = await readChangesOf(ctx.bot.store, found.jid);
  return directory
    .commands(name)
    .filter((command) => permissions.decide(changes, subject, name, command).allowed);
}

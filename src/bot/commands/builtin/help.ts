import { z } from "zod";
import type { Context } from "../../context.ts";
import { languageOf } from "../../i18n/language.ts";
import { mayRun } from "../../permissions/index.ts";
import { textIn } from "../../text.ts";
import { type Command, command } from "../command.ts";
import { meant, quoted } from "../problems.ts";
import { readSpoken } from "../spoken.ts";
import { helpOf, usageOf } from "../usage.ts";

/** @internal The commands that the sender of the stanza at hand may run. */
export async function permitted(
  ctx: Context,
  commands: readonly Command<never>[],
): Promise<Command<never>[]> {
  const decisions = await Promise.all(commands.map((each) => mayRun(ctx, each)));
  return commands.filter((_, at) => decisions[at]?.allowed === true);
}

/** @internal `help`: lists what one may run, and tells all about one command. */
export function helpCommand(all: () => readonly Command<never>[]): Command {
  return command({
    name: "help",
    summary: "tells what I can do, or all about a command",
    args: z.object({ command: z.string().optional().describe("the command to tell about") }),
    positional: ["command"],
    examples: ["help", "help help"],
    run: async (ctx, { command: name }) => {
      const may = await permitted(ctx, all());
      const lang = await languageOf(ctx);
      const spoken = readSpoken(ctx);
      if (name !== undefined) {
        const word = name.toLowerCase().replace(/^\W+/, "");
        const found = may.find(({ names }) => names.includes(word));
        if (found !== undefined) return helpOf(found, lang);
        // In a room it is another bot's, or nobody's: that every bot says so is no help.
        if (spoken?.inGroupchat && spoken.how === "prefix") return undefined;
        const near = meant(
          word,
          may.flatMap(({ names }) => names),
        );
        return `There is no command ${quoted(name)}${near === undefined ? "" : `; did you mean ${near}?`} help lists all.`;
      }
      if (spoken?.inGroupchat && spoken.how === "prefix") return inRoom(ctx, may, spoken.prefix ?? "");
      const lines = may.map((each) => `${usageOf(each)}: ${textIn(each.summary, lang)}`);
      return [...lines, "", "help COMMAND tells more."].join("\n");
    },
  });
}

/** Every bot in the room answers, so each in a line; who wants more asks one of them. */
function inRoom(ctx: Context, commands: readonly Command<never>[], prefix: string): string {
  const names = commands.map(({ name }) => prefix + name).join(" ");
  const nick = ctx.bot.rooms.nick(ctx.from) ?? ctx.bot.name;
  return `${names} (more: “${nick}: help”, or ${prefix}help COMMAND)`;
}

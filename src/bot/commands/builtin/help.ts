import { z } from "zod";
import type { Context } from "../../context.ts";
import type { Catalogues } from "../../i18n/catalogues.ts";
import type { FrameworkText, Say } from "../../i18n/framework.ts";
import { languageOf } from "../../i18n/language.ts";
import { mayRun } from "../../permissions/index.ts";
import { textIn } from "../../text.ts";
import { type Command, command } from "../command.ts";
import { meant, shortened } from "../problems.ts";
import { sayingFor } from "../reading.ts";
import { readSpoken } from "../spoken.ts";
import { helpOf, usageOf } from "../usage.ts";

type All = () => readonly Command<never>[];

/** @internal The commands that the sender of the stanza at hand may run. */
export async function permitted(
  ctx: Context,
  commands: readonly Command<never>[],
): Promise<Command<never>[]> {
  const decisions = await Promise.all(commands.map((each) => mayRun(ctx, each)));
  return commands.filter((_, at) => decisions[at]?.allowed === true);
}

/** @internal `help`: lists what one may run, and tells all about one command. */
export function helpCommand(all: All, texts: Catalogues<FrameworkText>): Command {
  return command({
    name: "help",
    summary: texts.everywhere("helpSummary"),
    args: z.object({ command: z.string().optional() }),
    descriptions: { command: texts.everywhere("helpArgument") },
    // All of it, as who says “help me with this” names no command, and means no argument too many.
    rest: "command",
    examples: ["help", "help help"],
    run: async (ctx, { command: name }) => {
      const may = await permitted(ctx, all());
      const lang = await languageOf(ctx);
      const say = sayingFor(ctx);
      const spoken = readSpoken(ctx);
      if (name !== undefined) {
        const found = named(may, name);
        if (found !== undefined) return helpOf(found, lang, say);
        // In a room it is another bot's, or nobody's: that every bot says so is no help.
        if (spoken?.inGroupchat && spoken.how === "prefix") return undefined;
        return unknownTo(may, name, say);
      }
      if (spoken?.inGroupchat && spoken.how === "prefix") return inRoom(ctx, may, spoken.prefix ?? "", say);
      const lines = may.map((each) => `${usageOf(each, lang, say)}: ${textIn(each.summary, lang)}`);
      return [...lines, "", say("helpMore")].join("\n");
    },
  });
}

/** @internal Whether what stands behind `help` is no command, so that it was hardly said to it. */
export async function isNoHelp(ctx: Context, all: All, args: unknown): Promise<boolean> {
  const { command: name } = args as { readonly command?: string };
  return name !== undefined && named(await permitted(ctx, all()), name) === undefined;
}

/** @internal That there is no such command, and which was probably meant. */
export function unknownTo(may: readonly Command<never>[], name: string, say: Say): string {
  const near = meant(
    plain(name),
    may.flatMap(({ names }) => names),
  );
  const word = shortened(name);
  return near === undefined ? say("helpUnknown", { word }) : say("helpMeant", { word, near });
}

function named(commands: readonly Command<never>[], name: string): Command<never> | undefined {
  return commands.find(({ names }) => names.includes(plain(name)));
}

/** Without the prefix that it would be said behind. */
function plain(name: string): string {
  return name.toLowerCase().replace(/^\W+/, "");
}

/** Every bot in the room answers, so each in a line; who wants more asks one of them. */
function inRoom(ctx: Context, commands: readonly Command<never>[], prefix: string, say: Say): string {
  const names = commands.map(({ name }) => prefix + name).join(" ");
  const nick = ctx.bot.rooms.nick(ctx.from) ?? ctx.bot.name;
  return say("helpInRoom", { commands: names, nick, prefix });
}

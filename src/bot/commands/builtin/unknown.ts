import type { Context } from "../../context.ts";
import { languageOf } from "../../i18n/language.ts";
import type { Chain } from "../../middleware.ts";
import { Answers } from "../answers.ts";
import type { Command } from "../command.ts";
import { meant, shortened } from "../problems.ts";
import { sayingFor } from "../reading.ts";
import { readSpoken, type Spoken } from "../spoken.ts";
import { permitted, unknownTo } from "./help.ts";

/** How long nobody is told again that the bot did not understand, in milliseconds: two bots would go on telling each other for ever. */
const SILENCE = 60 * 60_000;

/**
 * @internal Answers what nobody has handled in a chat: with the command that was probably meant, else once an hour with a word about `help`. What
 * was said behind a prefix is always answered. A room is spared all of it.
 */
export function unknown(all: () => readonly Command<never>[]): Chain<Context> {
  return (pass, next) => {
    const spoken = readSpoken(pass.ctx);
    if (spoken === undefined || (spoken.inGroupchat && !isForHelp(spoken))) return next();
    return answer(pass.ctx, spoken, all()).then(async (said) => {
      if (said === undefined) return await next();
      const answers = await Answers.to(pass.ctx);
      await pass.answer(answers.next(said));
      answers.keep();
    });
  };
}

/** Whether help has left it to the others, as what stands behind it is no command. */
function isForHelp({ name, line, how }: Spoken): boolean {
  return name === "help" && line !== "" && how !== "prefix";
}

async function answer(
  ctx: Context,
  spoken: Spoken,
  all: readonly Command<never>[],
): Promise<string | undefined> {
  const { name, how } = spoken;
  const may = await permitted(ctx, all);
  await languageOf(ctx);
  const say = sayingFor(ctx);
  if (isForHelp(spoken)) return unknownTo(may, spoken.line, say);
  const near = meant(
    name,
    may.flatMap(({ names }) => names),
  );
  const word = shortened(name);
  if (near !== undefined) return say("commandMeant", { word, near });
  const area = ctx.effects.area("commands");
  const key = `not understood ${ctx.inRoom ? ctx.from : ctx.from.bare}`;
  if (how === "plain" && (await area.get(key)) !== undefined) return undefined;
  area.set(key, true, { ttl: SILENCE });
  return say("commandUnknown", { word });
}

import type { Context } from "../../context.ts";
import type { Chain } from "../../middleware.ts";
import { Answers } from "../answers.ts";
import type { Command } from "../command.ts";
import { meant, quoted } from "../problems.ts";
import { readSpoken, type Spoken } from "../spoken.ts";
import { permitted } from "./help.ts";

/** How long nobody is told again that the bot did not understand, in milliseconds: two bots would go on telling each other for ever. */
const SILENCE = 60 * 60_000;

/**
 * @internal Answers what nobody has handled in a chat: with the command that was probably meant, else once an hour with a word about `help`. What
 * was said behind a prefix is always answered. A room is spared all of it.
 */
export function unknown(all: () => readonly Command<never>[]): Chain<Context> {
  return (pass, next) => {
    const spoken = readSpoken(pass.ctx);
    if (spoken === undefined || spoken.inGroupchat) return next();
    return answer(pass.ctx, spoken, all()).then(async (said) => {
      if (said === undefined) return await next();
      const answers = await Answers.to(pass.ctx);
      await pass.answer(answers.next(said));
      answers.keep();
    });
  };
}

async function answer(
  ctx: Context,
  { name, how }: Spoken,
  all: readonly Command<never>[],
): Promise<string | undefined> {
  const may = await permitted(ctx, all);
  const near = meant(
    name,
    may.flatMap(({ names }) => names),
  );
  if (near !== undefined)
    return `I do not know ${quoted(name)}. Did you mean ${near}? help lists what I can do.`;
  const area = ctx.effects.area("commands");
  const key = `not understood ${ctx.inRoom ? ctx.from : ctx.from.bare}`;
  if (how === "plain" && (await area.get(key)) !== undefined) return undefined;
  area.set(key, true, { ttl: SILENCE });
  return `I do not know ${quoted(name)}. help lists what I can do.`;
}

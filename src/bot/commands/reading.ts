import type { Context } from "../context.ts";
import { type Say, sayingIn } from "../i18n/framework.ts";
import { currentLanguage } from "../i18n/language.ts";
import type { ReadingFor } from "./values.ts";

const LOCAL_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @internal By what the words of the message at hand are understood. */
export function readingFor(ctx: Context): ReadingFor {
  return { now: ctx.now, zone: LOCAL_ZONE, lang: currentLanguage(ctx), texts: ctx.bot.texts };
}

/** @internal Says what restanza says to the sender, in the language that is known to be theirs so far. */
export function sayingFor(ctx: Context): Say {
  return sayingIn(currentLanguage(ctx), ctx.bot.texts);
}

import { z } from "zod";
import { type Command, command } from "../commands/command.ts";
import type { Catalogues } from "./catalogues.ts";
import { textsOf } from "./framework.ts";
import { chooseLanguage, languageOf } from "./language.ts";

/** What takes a choice back. */
const AUTOMATIC = "auto";

/** `language`: tells in which language a bot speaks to somebody, and which it knows, and sets it. */
export function languageCommand(all: Catalogues): Command {
  return command({
    name: "language",
    aliases: ["sprache", "lang"],
    summary: textsOf(undefined).everywhere("languageSummary"),
    args: z.object({ language: z.string().max(100).optional() }),
    positional: ["language"],
    rest: "language",
    examples: ["language", "language de", "language auto"],
    run: async (ctx, { language }) => {
      const texts = textsOf(ctx.bot);
      const say = async (key: "languageIs" | "languageSet" | "languageUnknown"): Promise<string> => {
        const wanted = await languageOf(ctx);
        const spoken = all.match(wanted) ?? all.fallback;
        return texts.say(key, wanted, {
          language: nameIn(spoken, texts.match(wanted) ?? "en"),
          languages: all.languages.map((tag) => `${nameIn(tag, tag)} (${tag})`).join(", "),
        });
      };
      if (language === undefined) return await say("languageIs");
      if (language.toLowerCase() === AUTOMATIC) {
        chooseLanguage(ctx, undefined);
        return await say("languageIs");
      }
      const found = all.languages.find((tag) => isCalled(tag, language)) ?? all.match(language);
      if (found === undefined) return await say("languageUnknown");
      chooseLanguage(ctx, found);
      return await say("languageSet");
    },
  });
}

function isCalled(tag: string, word: string): boolean {
  return [tag, nameIn(tag, tag), nameIn(tag, "en")].some((name) => name.toLowerCase() === word.toLowerCase());
}

function nameIn(tag: string, language: string): string {
  return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
}

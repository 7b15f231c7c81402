import type { Command } from "../commands/command.ts";
import type { Plugin } from "../plugin.ts";
import { type Catalogue, Catalogues, type Params } from "./catalogues.ts";
import { currentLanguage, languageOf } from "./language.ts";
import { languageCommand } from "./language-command.ts";
import type { Given } from "./placeholders.ts";

/** What {@link i18n} takes. */
export interface I18nOptions<All extends Readonly<Record<string, Catalogue>>, Fallback extends keyof All> {
  /** The texts, by language (RFC 5646). */
  readonly catalogues: All;
  /** The language of who speaks none of these; it has all the texts, and says which there are. */
  readonly fallback: Fallback;
}

/** The texts under each key of catalogues: those of the fallback, in whatever language. */
export type Texts<All extends Readonly<Record<string, Catalogue>>, Fallback extends keyof All = keyof All> = {
  readonly [Key in keyof All[Fallback] & string]: {
    readonly [Tag in keyof All]: All[Tag] extends Readonly<Record<Key, infer Text extends string>>
      ? Text
      : never;
  }[keyof All];
};

/** What {@link i18n} adds to the context. */
export interface I18nContext<All extends Catalogue> {
  /** The language in which the sender is spoken to: one of those that there are texts in. */
  readonly language: string;
  /** Says a text in it, with what stands in the place of each of its `{…}`, in whatever language. */
  readonly t: <Key extends keyof All & string>(key: Key, ...params: Given<All[Key]>) => string;
}

/** A plugin that says texts in the language of whoever reads them, and the command by which they choose it. */
export interface I18n<All extends Catalogue> extends Plugin<I18nContext<All>> {
  /** `language`: tells which there are, and sets one. */
  readonly command: Command;
  /**
   * Says texts in a language of your choosing, the fallback where there are none in it: for web hooks and schedules, and for what several
   * read.
   *
   * @example
   * ```ts
   * import { defineBot, i18n } from "restanza";
   *
   * const speech = i18n({
   *   catalogues: { en: { morning: "Good morning!" }, de: { morning: "Guten Morgen!" } },
   *   fallback: "en",
   * });
   *
   * defineBot({
   *   name: "cock",
   *   summary: "crows",
   *   routes(bot) {
   *     bot.every("0 6 * * *", { name: "dawn" }, async (tick) => {
   *       await tick.send("farm@rooms.example.org", speech.in("de")("morning"));
   *     });
   *   },
   * });
   * ```
   */
  readonly in: (language: string | undefined) => I18nContext<All>["t"];
}

/**
 * A plugin that adds `ctx.t`, which says texts in the language of the sender: the one they have chosen by the command `language`, else the
 * `xml:lang` of their stanza, else the fallback. Texts are in ICU MessageFormat, with the plural forms of each language.
 *
 * @throws TypeError when a language has no valid tag, or texts that the fallback does not have; SyntaxError when a text is not well formed.
 * @example
 * ```ts
 * import { defineBot, i18n } from "restanza";
 *
 * const speech = i18n({
 *   catalogues: {
 *     en: { ordered: "{count, plural, one {# pizza is} other {# pizzas are}} on the way." },
 *     de: { ordered: "{count, plural, one {# Pizza ist} other {# Pizzen sind}} unterwegs." },
 *   },
 *   fallback: "en",
 * });
 *
 * defineBot({
 *   name: "pizza",
 *   summary: "takes orders",
 *   routes(bot) {
 *     const spoken = bot.extend(speech);
 *     spoken.command(speech.command);
 *     spoken.hears(/^(\d+) pizzas?$/, (ctx) => ctx.t("ordered", { count: Number(ctx.match[1]) }));
 *   },
 * });
 * ```
 */
export function i18n<
  const All extends Readonly<Record<string, Catalogue>>,
  const Fallback extends keyof All & string,
>({ catalogues, fallback }: I18nOptions<All, Fallback>): I18n<Texts<All, Fallback>> {
  type Key = keyof All[Fallback] & string;
  for (const [tag, texts] of Object.entries(catalogues)) {
    const extra = Object.keys(texts).find((key) => !Object.hasOwn(catalogues[fallback] ?? {}, key));
    if (extra !== undefined)
      throw new TypeError(
        `the text ${JSON.stringify(extra)} is in ${tag} and not in ${fallback}, so nobody else could read it; add it there, or mend its name`,
      );
  }
  const all = new Catalogues<Key>(catalogues as never, fallback);
  return {
    command: languageCommand(all),
    in:
      (language) =>
      (key, ...params) =>
        all.say(key, language, params[0] as Params | undefined),
    add: async (ctx) => {
      // Only a message has somebody who reads the answer.
      if (ctx.stanza.kind === "message") await languageOf(ctx);
      return {
        get language() {
          return all.match(currentLanguage(ctx)) ?? fallback;
        },
        t: (key, ...params) => all.say(key, currentLanguage(ctx), params[0] as Params | undefined),
      };
    },
  };
}

import { type Context, type I18nContext, i18n, type Texts } from "restanza";
import { catalogues } from "./texts.ts";

/** Says the bot's texts. */
export const speech = i18n({ catalogues, fallback: "en" });

/** A context in which they can be said. */
export type Spoken = Context & I18nContext<Texts<typeof catalogues>>;

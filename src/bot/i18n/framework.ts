import type { BotHandle } from "../context.ts";
import { Catalogues } from "./catalogues.ts";

const en = {
  apology: "Sorry, something went wrong here and I could not handle that. Please try again later.",
  tooLate: "Sorry, that took too long, so I gave up. Please try again later.",
  brokenOff: "Sorry, I could not get to the end of this. Please try again later.",
  leftOut: "There is more, but it would be too much here.",
  tooMany:
    "That is too much for me at once. I shall listen again in {seconds, plural, one {# second} other {# seconds}}.",
  paused: "Sorry, I am not well at the moment. Please try again in a few minutes.",
  disabled: "I am switched off at the moment. Please try again later.",
  languageIs: "I speak {language} with you. I know {languages}.",
  languageSet: "All right, I shall speak {language} with you.",
  languageUnknown: "I do not know that language. I know {languages}.",
} as const;

const de: Readonly<Record<FrameworkText, string>> = {
  apology:
    "Entschuldigung, hier ist etwas schiefgegangen, und ich konnte das nicht erledigen. Bitte versuche es später noch einmal.",
  tooLate:
    "Entschuldigung, das hat zu lange gedauert, darum habe ich aufgegeben. Bitte versuche es später noch einmal.",
  brokenOff: "Entschuldigung, ich kam damit nicht zu Ende. Bitte versuche es später noch einmal.",
  leftOut: "Es gibt noch mehr, aber das wäre hier zu viel.",
  tooMany:
    "Das ist mir zu viel auf einmal. Ich höre in {seconds, plural, one {# Sekunde} other {# Sekunden}} wieder zu.",
  paused: "Entschuldigung, mir geht es gerade nicht gut. Bitte versuche es in ein paar Minuten noch einmal.",
  disabled: "Ich bin gerade abgeschaltet. Bitte versuche es später noch einmal.",
  languageIs: "Ich spreche mit dir {language}. Ich kann {languages}.",
  languageSet: "In Ordnung, ich spreche mit dir {language}.",
  languageUnknown: "Diese Sprache kann ich nicht. Ich kann {languages}.",
};

/** A text that restanza itself says to people. */
export type FrameworkText = keyof typeof en;

/** A bot's own words, by language, in the place of what restanza would say. */
export type FrameworkTexts = Readonly<Record<string, Partial<Readonly<Record<FrameworkText, string>>>>>;

/** @internal What restanza says to people, with a bot's own words in their place. */
export function frameworkTexts(own: FrameworkTexts = {}): Catalogues<FrameworkText> {
  const languages = new Set(["en", "de", ...Object.keys(own)]);
  const standard: FrameworkTexts = { en, de };
  return new Catalogues<FrameworkText>(
    Object.fromEntries([...languages].map((tag) => [tag, { ...standard[tag], ...own[tag] }])),
    "en",
  );
}

const STANDARD = frameworkTexts();

/** @internal What a bot says where restanza speaks for it. */
export function textsOf(bot: Pick<BotHandle, "texts"> | undefined): Catalogues<FrameworkText> {
  return bot?.texts ?? STANDARD;
}

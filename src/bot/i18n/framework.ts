import type { BotHandle } from "../bot-handle.ts";
import { Catalogues, type Params } from "./catalogues.ts";
import type { Given } from "./placeholders.ts";
import * as commands from "./words/commands.ts";
import * as contacts from "./words/contacts.ts";
import * as control from "./words/control.ts";
import * as dialogs from "./words/dialogs.ts";
import * as menus from "./words/menus.ts";
import * as messages from "./words/messages.ts";
import * as permissions from "./words/permissions.ts";
import * as rooms from "./words/rooms.ts";

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
  ...commands.english,
  ...permissions.english,
  ...dialogs.english,
  ...menus.english,
  ...contacts.english,
  ...control.english,
  ...messages.english,
  ...rooms.english,
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
  ...commands.german,
  ...permissions.german,
  ...dialogs.german,
  ...menus.german,
  ...contacts.german,
  ...control.german,
  ...messages.german,
  ...rooms.german,
};

/** A text that restanza itself says to people. */
export type FrameworkText = keyof typeof en;

/** A bot's own words, by language, in the place of what restanza would say. */
export type FrameworkTexts = Readonly<Record<string, Partial<Readonly<Record<FrameworkText, string>>>>>;

/** What restanza says by itself; in languages other than these two, not all of it. */
const STANDARD: FrameworkTexts = {
  en,
  de,
  fr: dialogs.french,
  es: dialogs.spanish,
  it: dialogs.italian,
};

/** @internal What restanza says to people, with a bot's own words in their place. */
export function frameworkTexts(own: FrameworkTexts = {}): Catalogues<FrameworkText> {
  const languages = new Set([...Object.keys(STANDARD), ...Object.keys(own)]);
  return new Catalogues<FrameworkText>(
    Object.fromEntries([...languages].map((tag) => [tag, { ...STANDARD[tag], ...own[tag] }])),
    "en",
  );
}

const standard = frameworkTexts();

/** @internal What a bot says where restanza speaks for it. */
export function textsOf(bot: Pick<BotHandle, "texts"> | undefined): Catalogues<FrameworkText> {
  return bot?.texts ?? standard;
}

/** @internal Says what restanza says, in one language. */
export type Say = <Key extends FrameworkText>(key: Key, ...params: Given<(typeof en)[Key]>) => string;

/** @internal What restanza says for a bot to somebody who reads a language. */
export function sayingIn(lang: string | undefined, texts: Catalogues<FrameworkText> = standard): Say {
  return (key, ...params) => texts.say(key, lang, params[0] as Params | undefined);
}

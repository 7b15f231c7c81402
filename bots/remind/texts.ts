/** What the bot says, by language. */
export const catalogues = {
  en: {
    when: "When, and of what? Such as: remind 1h tea, remind tomorrow 9:00 standup, or remind every weekday 9:00 standup.",
    past: "That time has passed.",
    noted: "Number {number}, {time}: {text}",
    notedAgain: "Number {number}, {time}, and again after that: {text}",
    line: "{number}. {time}: {text}",
    again: "{line} (comes again)",
    forSomebody: "{line}, for {nick}",
    nothing: "There is nothing to remind you of.",
    unknown: "There is no number {number} here; list tells which there are.",
    foreign: "Number {number} is {nick}'s: they or a moderator can cancel it.",
    somebody: "somebody",
    cancelled: "Cancelled: {text}",
    snoozed: "Snoozed until {time}: {text}",
    nothingToSnooze: "There is nothing to snooze.",
    zone: "Your time zone is {zone}, where it is {time}.",
    reminder: "Reminder: {text}",
  },
  de: {
    when: "Wann, und woran? Etwa: remind 1h Tee, remind morgen 9:00 Besprechung oder remind every weekday 9:00 Besprechung.",
    past: "Diese Zeit ist vorbei.",
    noted: "Nummer {number}, {time}: {text}",
    notedAgain: "Nummer {number}, {time}, und danach wieder: {text}",
    line: "{number}. {time}: {text}",
    again: "{line} (kommt wieder)",
    forSomebody: "{line}, für {nick}",
    nothing: "Es gibt nichts, woran ich dich erinnern soll.",
    unknown: "Eine Nummer {number} gibt es hier nicht; list zählt auf, welche es gibt.",
    foreign: "Nummer {number} gehört {nick}: nur wer sie bestellt hat oder moderiert, kann sie zurücknehmen.",
    somebody: "jemandem",
    cancelled: "Zurückgenommen: {text}",
    snoozed: "Verschoben auf {time}: {text}",
    nothingToSnooze: "Es gibt nichts zu verschieben.",
    zone: "Deine Zeitzone ist {zone}, dort ist es {time}.",
    reminder: "Erinnerung: {text}",
  },
} as const;

/** How times are written in each language. */
export const LOCALES: Readonly<Record<string, string>> = { en: "en-GB", de: "de-DE" };

/** What is said about commands: how they are written, and what is wrong with what somebody wrote. */
export const english = {
  commandForbidden: "You may not use {command} here.",
  commandUnknown: "I do not know “{word}”. help lists what I can do.",
  commandMeant: "I do not know “{word}”. Did you mean {near}? help lists what I can do.",
  usage: "Usage: {usage}",
  helpSummary: "tells what I can do, or all about a command",
  helpArgument: "the command to tell about",
  helpMore: "help COMMAND tells more.",
  helpInRoom: "{commands} (more: “{nick}: help”, or {prefix}help COMMAND)",
  helpUnknown: "There is no command “{word}”. help lists all.",
  helpMeant: "There is no command “{word}”; did you mean {near}? help lists all.",
  helpAliases: "Also: {names}",
  helpExamples: "For example:",
  helpDefault: "default {value}",
  prefixSummary: "changes what commands begin with in this room",
  prefixSet: "Commands for me begin with {prefix} in this room now.",
  prefixWanted: "has to be one to three characters other than letters, digits and quotes",
  languageSummary: "sets the language I speak with you",
  problemMissing: "is missing",
  problemWrong: "is not right",
  problemWanted: "has to be {wanted}",
  problemMisread: "has to be {wanted}, not “{word}”",
  problemMeant: "{problem}; did you mean {near}?",
  problemTwice: "was given twice",
  problemNoValue: "needs a value behind it",
  problemNoFlag: "there is no “--{word}”",
  problemSurplus: "“{word}” is one word too many; put quotes around words that belong together",
  problemLine: "that is more than can be read as one command",
  problemLeast:
    "has to be at least {of, select, text {{amount} characters long} list {{amount} values} other {{amount}}}",
  problemMore:
    "has to be more than {of, select, text {{amount} characters long} list {{amount} values} other {{amount}}}",
  problemMost:
    "has to be at most {of, select, text {{amount} characters long} list {{amount} values} other {{amount}}}",
  problemLess:
    "has to be less than {of, select, text {{amount} characters long} list {{amount} values} other {{amount}}}",
  problemMultiple: "has to be a multiple of {amount}",
  wantedKind:
    "{kind, select, number {a number, such as 2.5} integer {a whole number} boolean {yes or no} duration {a duration, such as 1h30m or 90s} date {a date, such as tomorrow 9:00 or 2026-12-24} jid {an address, such as juliet@example.com} other {words}}",
  wantedFormat:
    "{format, select, email {an e-mail address} url {a URL, such as https://example.com/} uuid {a UUID} ipv4 {an IPv4 address} ipv6 {an IPv6 address} date {a date, such as 2026-12-24} time {a time, such as 09:00:00} datetime {a date and time, such as 2026-12-24T09:00:00Z} other {in the right form ({format})}}",
  wantedNothing: "nothing",
  kind: "{kind, select, number {number} integer {integer} boolean {boolean} choice {choice} duration {duration} date {date} jid {jid} other {text}}",
  yes: "yes",
  no: "no",
  oneOf: "{others} or {last}",
} as const;

export const german = {
  commandForbidden: "Du darfst {command} hier nicht benutzen.",
  commandUnknown: "„{word}“ kenne ich nicht. help zählt auf, was ich kann.",
  commandMeant: "„{word}“ kenne ich nicht. Meintest du {near}? help zählt auf, was ich kann.",
  usage: "So geht es: {usage}",
  helpSummary: "sagt, was ich kann, oder alles über einen Befehl",
  helpArgument: "der Befehl, um den es geht",
  helpMore: "help BEFEHL sagt mehr.",
  helpInRoom: "{commands} (mehr: „{nick}: help“ oder {prefix}help BEFEHL)",
  helpUnknown: "Den Befehl „{word}“ gibt es nicht. help zählt alle auf.",
  helpMeant: "Den Befehl „{word}“ gibt es nicht; meintest du {near}? help zählt alle auf.",
  helpAliases: "Auch: {names}",
  helpExamples: "Zum Beispiel:",
  helpDefault: "sonst {value}",
  prefixSummary: "ändert, womit Befehle in diesem Raum anfangen",
  prefixSet: "Befehle für mich fangen in diesem Raum jetzt mit {prefix} an.",
  prefixWanted:
    "muss aus ein bis drei Zeichen bestehen, die keine Buchstaben, Ziffern oder Anführungszeichen sind",
  languageSummary: "stellt die Sprache ein, in der ich mit dir rede",
  problemMissing: "fehlt",
  problemWrong: "stimmt nicht",
  problemWanted: "muss {wanted} sein",
  problemMisread: "muss {wanted} sein, nicht „{word}“",
  problemMeant: "{problem}; meintest du {near}?",
  problemTwice: "steht zweimal da",
  problemNoValue: "braucht einen Wert dahinter",
  problemNoFlag: "„--{word}“ gibt es nicht",
  problemSurplus: "„{word}“ ist ein Wort zu viel; setze Anführungszeichen um Wörter, die zusammengehören",
  problemLine: "das ist mehr, als sich als ein Befehl lesen lässt",
  problemLeast:
    "{of, select, text {muss mindestens {amount} Zeichen lang sein} list {braucht mindestens {amount} Werte} other {muss mindestens {amount} sein}}",
  problemMore:
    "{of, select, text {muss länger als {amount} Zeichen sein} list {braucht mehr als {amount} Werte} other {muss mehr als {amount} sein}}",
  problemMost:
    "{of, select, text {darf höchstens {amount} Zeichen lang sein} list {darf höchstens {amount} Werte haben} other {darf höchstens {amount} sein}}",
  problemLess:
    "{of, select, text {muss kürzer als {amount} Zeichen sein} list {muss weniger als {amount} Werte haben} other {muss weniger als {amount} sein}}",
  problemMultiple: "muss ein Vielfaches von {amount} sein",
  wantedKind:
    "{kind, select, number {eine Zahl (etwa 2.5)} integer {eine ganze Zahl} boolean {ja oder nein} duration {eine Dauer (etwa 1h30m oder 90s)} date {ein Zeitpunkt (etwa morgen 9:00 oder 2026-12-24)} jid {eine Adresse (etwa juliet@example.com)} other {ein Text}}",
  wantedFormat:
    "{format, select, email {eine E-Mail-Adresse} url {eine URL (etwa https://example.com/)} uuid {eine UUID} ipv4 {eine IPv4-Adresse} ipv6 {eine IPv6-Adresse} date {ein Datum (etwa 2026-12-24)} time {eine Uhrzeit (etwa 09:00:00)} datetime {ein Datum mit Uhrzeit (etwa 2026-12-24T09:00:00Z)} other {in der richtigen Form ({format})}}",
  wantedNothing: "nichts",
  kind: "{kind, select, number {Zahl} integer {ganze Zahl} boolean {ja/nein} choice {Auswahl} duration {Dauer} date {Zeitpunkt} jid {Adresse} other {Text}}",
  yes: "ja",
  no: "nein",
  oneOf: "{others} oder {last}",
} as const satisfies Readonly<Record<keyof typeof english, string>>;

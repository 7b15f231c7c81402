/** What the bot says. */
export const catalogues = {
  en: {
    everybody: "These bots live here; write help to one of them:",
    about: "{address} {summary}.",
    quiet: "{about} Write to it, and see.",
    more: "help {bot} COMMAND tells more.",
    unknownCommand: "{bot} has no command {command} that you may use.",
    unknownBot: "There is no bot called {bot} here.",
    state: "{state, select, running {{bot}: running} paused {{bot}: paused} other {{bot}: disabled}}",
    disabled: "{bot} is disabled.",
    enabled: "{bot} is enabled.",
    reloaded: "{bot} is reloaded.",
    noReload: "Bots cannot be reloaded here: restart the server.",
  },
  de: {
    everybody: "Diese Bots wohnen hier; schreib einem von ihnen help:",
    about: "{address} {summary}.",
    quiet: "{about} Schreib ihm einfach.",
    more: "help {bot} BEFEHL sagt mehr.",
    unknownCommand: "{bot} hat keinen Befehl {command}, den du benutzen darfst.",
    unknownBot: "Einen Bot namens {bot} gibt es hier nicht.",
    state: "{state, select, running {{bot}: läuft} paused {{bot}: macht Pause} other {{bot}: abgeschaltet}}",
    disabled: "{bot} ist abgeschaltet.",
    enabled: "{bot} ist eingeschaltet.",
    reloaded: "{bot} ist neu geladen.",
    noReload: "Bots lassen sich hier nicht neu laden: starte den Server neu.",
  },
} as const;

/** What the bot says of itself, by language; what happens on GitHub is told in English to all. */
export const catalogues = {
  en: {
    full: "I watch {most} repositories already, which is all I can.",
    deaf: "I shall tell of {name} here, but GitHub cannot call me yet: whoever runs me has to set GITHUB_WEBHOOK_SECRET.",
    watched: "I shall tell here what happens in {name}.",
    already: "I tell of {name} here already.",
    configured:
      "That I tell of {name} here is in my configuration, where only whoever runs me can change it.",
    ended: "No more of {name} here.",
    unwatched: "I do not tell of {name} here.",
    nothing: "I tell of no repository here.",
    list: "I tell here of {names}.",
  },
  de: {
    full: "Ich beobachte schon {most} Repositorys, mehr kann ich nicht.",
    deaf: "Ich werde hier von {name} erzählen, aber noch kann GitHub mich nicht rufen: wer mich betreibt, muss GITHUB_WEBHOOK_SECRET setzen.",
    watched: "Ich werde hier erzählen, was in {name} geschieht.",
    already: "Von {name} erzähle ich hier schon.",
    configured:
      "Dass ich hier von {name} erzähle, steht in meiner Konfiguration, und nur wer mich betreibt, kann das ändern.",
    ended: "Hier nichts mehr von {name}.",
    unwatched: "Von {name} erzähle ich hier nicht.",
    nothing: "Ich erzähle hier von keinem Repository.",
    list: "Ich erzähle hier von {names}.",
  },
} as const;

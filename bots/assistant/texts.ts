/** What the bot says that is no answer of the model, by language. */
export const catalogues = {
  en: {
    unset:
      "I have no language model yet. Whoever runs me has to set ASSISTANT_URL and ASSISTANT_MODEL, as docs/BUNDLED_BOTS.md says.",
    forgotten: "I have forgotten what we talked about.",
    tooLong: "That is too long for me: I read up to {characters, number} characters at once.",
    silent: "I have no answer to that.",
    cut: "[…]",
    refused: "Sorry, my language model does not let me in. Whoever runs me finds the reason in the log.",
    busy: "Sorry, my language model has too much to do. Please try again later.",
    busyFor:
      "Sorry, my language model has too much to do. Please try again in {seconds, plural, one {# second} other {# seconds}}.",
    failing: "Sorry, my language model is out of order. Please try again later.",
    away: "Sorry, I cannot reach my language model. Please try again later.",
    odd: "Sorry, my language model did not understand me. Whoever runs me finds the reason in the log.",
  },
  de: {
    unset:
      "Ich habe noch kein Sprachmodell. Wer mich betreibt, muss ASSISTANT_URL und ASSISTANT_MODEL setzen, wie es in docs/BUNDLED_BOTS.md steht.",
    forgotten: "Ich habe vergessen, worüber wir gesprochen haben.",
    tooLong: "Das ist mir zu lang: Ich lese bis zu {characters, number} Zeichen auf einmal.",
    silent: "Darauf weiß ich keine Antwort.",
    cut: "[…]",
    refused:
      "Entschuldigung, mein Sprachmodell lässt mich nicht ein. Wer mich betreibt, findet den Grund im Protokoll.",
    busy: "Entschuldigung, mein Sprachmodell hat zu viel zu tun. Bitte versuche es später noch einmal.",
    busyFor:
      "Entschuldigung, mein Sprachmodell hat zu viel zu tun. Bitte versuche es in {seconds, plural, one {# Sekunde} other {# Sekunden}} noch einmal.",
    failing: "Entschuldigung, mein Sprachmodell ist gestört. Bitte versuche es später noch einmal.",
    away: "Entschuldigung, ich erreiche mein Sprachmodell nicht. Bitte versuche es später noch einmal.",
    odd: "Entschuldigung, mein Sprachmodell hat mich nicht verstanden. Wer mich betreibt, findet den Grund im Protokoll.",
  },
} as const;

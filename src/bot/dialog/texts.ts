import type { Text } from "../text.ts";

/** What people are told about a dialog itself. */
export const TEXTS = {
  cancelled: {
    en: "All right, I have stopped.",
    de: "In Ordnung, ich habe aufgehört.",
    fr: "D’accord, j’ai arrêté.",
    es: "De acuerdo, lo he dejado.",
    it: "Va bene, mi sono fermato.",
  },
  expired: {
    en: "You did not answer my question in time, so I have stopped waiting for it.",
    de: "Meine Frage blieb zu lange ohne Antwort, darum warte ich nicht mehr darauf.",
    fr: "Ma question est restée trop longtemps sans réponse, je ne l’attends plus.",
    es: "Mi pregunta estuvo demasiado tiempo sin respuesta, así que ya no la espero.",
    it: "La mia domanda è rimasta troppo a lungo senza risposta, quindi non la aspetto più.",
  },
  changed: {
    en: "Sorry, I have been changed in the meantime, so we would have to begin again.",
    de: "Entschuldigung, ich wurde inzwischen geändert, darum müssten wir von vorn anfangen.",
    fr: "Désolé, j’ai été modifié entre-temps, il faudrait tout recommencer.",
    es: "Lo siento, me han cambiado entretanto, así que habría que empezar de nuevo.",
    it: "Mi dispiace, nel frattempo sono stato modificato, quindi dovremmo ricominciare.",
  },
  tooLarge: {
    en: "Sorry, this has become too long for me, so I have stopped.",
    de: "Entschuldigung, das ist mir zu lang geworden, darum habe ich aufgehört.",
    fr: "Désolé, c’est devenu trop long pour moi, j’ai arrêté.",
    es: "Lo siento, esto se ha hecho demasiado largo para mí, así que lo he dejado.",
    it: "Mi dispiace, è diventato troppo lungo per me, quindi mi sono fermato.",
  },
  tooLate: {
    en: "I have gone on with your first answer already, so I cannot change it any more.",
    de: "Mit deiner ersten Antwort habe ich schon weitergemacht, darum kann ich sie nicht mehr ändern.",
    fr: "J’ai déjà continué avec votre première réponse, je ne peux plus la changer.",
    es: "Ya he seguido con tu primera respuesta, así que no puedo cambiarla.",
    it: "Ho già proseguito con la tua prima risposta, quindi non posso più cambiarla.",
  },
  failed: {
    en: "Sorry, something went wrong here. Please answer again, or say “cancel”.",
    de: "Entschuldigung, hier ist etwas schiefgegangen. Bitte antworte noch einmal, oder sage „abbrechen“.",
    fr: "Désolé, il y a eu un problème ici. Répondez encore une fois, ou dites « annuler ».",
    es: "Lo siento, algo ha fallado aquí. Responde otra vez, o di «cancelar».",
    it: "Mi dispiace, qui qualcosa è andato storto. Rispondi di nuovo, oppure scrivi «annulla».",
  },
  stuck: {
    en: "Sorry, something went wrong here. Say anything to have me try again, or “cancel”.",
    de: "Entschuldigung, hier ist etwas schiefgegangen. Schreib irgendetwas, damit ich es noch einmal versuche, oder „abbrechen“.",
    fr: "Désolé, il y a eu un problème ici. Dites n’importe quoi pour que je réessaie, ou « annuler ».",
    es: "Lo siento, algo ha fallado aquí. Di cualquier cosa para que lo intente otra vez, o «cancelar».",
    it: "Mi dispiace, qui qualcosa è andato storto. Scrivi qualsiasi cosa perché riprovi, oppure «annulla».",
  },
  givenUp: {
    en: "Sorry, this keeps going wrong, so I have stopped. Please try again later.",
    de: "Entschuldigung, das geht immer wieder schief, darum habe ich aufgehört. Bitte versuche es später noch einmal.",
    fr: "Désolé, cela échoue à chaque fois, j’ai donc arrêté. Réessayez plus tard.",
    es: "Lo siento, esto falla una y otra vez, así que lo he dejado. Inténtalo más tarde.",
    it: "Mi dispiace, continua a non funzionare, quindi mi sono fermato. Riprova più tardi.",
  },
  yesOrNo: {
    en: "yes or no",
    de: "ja oder nein",
    fr: "oui ou non",
    es: "sí o no",
    it: "sì o no",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** What ends a dialog in any language that people may use for it. */
export const CANCELLING: ReadonlySet<string> = new Set(
  [
    "cancel stop quit exit abort",
    "abbrechen abbruch stopp aufhören",
    "annuler arrêter stop",
    "cancelar parar",
    "annulla ferma",
    "annuleren stoppen",
    "avbryt avbryd peru",
    "anuluj zrušit zrušiť",
    "отмена стоп",
    "キャンセル 取消",
  ].flatMap((words) => words.split(" ")),
);

/** What says yes. */
export const YES: ReadonlySet<string> = new Set(
  "yes y yeah yep ok okay sure ja j jo oui o si sí sì sim s tak ano áno да はい 是 👍 ✅ ✔ ✔️".split(" "),
);

/** What says no. */
export const NO: ReadonlySet<string> = new Set(
  "no n nope nein non não nao nee nej nie ne нет いいえ 否 👎 ❌ ✖ ✖️".split(" "),
);

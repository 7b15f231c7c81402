/** What people are told about a dialog itself. */
export const english = {
  dialogCancelled: "All right, I have stopped.",
  dialogExpired: "You did not answer my question in time, so I have stopped waiting for it.",
  dialogChanged: "Sorry, I have been changed in the meantime, so we would have to begin again.",
  dialogTooLarge: "Sorry, this has become too long for me, so I have stopped.",
  dialogTooLate: "I have gone on with your first answer already, so I cannot change it any more.",
  dialogBegun: "I have begun with that already, so I cannot change it any more.",
  dialogFailed: "Sorry, something went wrong here. Please answer again, or say “cancel”.",
  dialogStuck: "Sorry, something went wrong here. Say anything to have me try again, or “cancel”.",
  dialogGivenUp: "Sorry, this keeps going wrong, so I have stopped. Please try again later.",
  dialogYesOrNo: "yes or no",
  dialogProblem: "That {problem}",
} as const;

type Words = Readonly<Record<keyof typeof english, string>>;

export const german = {
  dialogCancelled: "In Ordnung, ich habe aufgehört.",
  dialogExpired: "Meine Frage blieb zu lange ohne Antwort, darum warte ich nicht mehr darauf.",
  dialogChanged: "Entschuldigung, ich wurde inzwischen geändert, darum müssten wir von vorn anfangen.",
  dialogTooLarge: "Entschuldigung, das ist mir zu lang geworden, darum habe ich aufgehört.",
  dialogTooLate:
    "Mit deiner ersten Antwort habe ich schon weitergemacht, darum kann ich sie nicht mehr ändern.",
  dialogBegun: "Damit habe ich schon angefangen, darum kann ich es nicht mehr ändern.",
  dialogFailed:
    "Entschuldigung, hier ist etwas schiefgegangen. Bitte antworte noch einmal, oder sage „abbrechen“.",
  dialogStuck:
    "Entschuldigung, hier ist etwas schiefgegangen. Schreib irgendetwas, damit ich es noch einmal versuche, oder „abbrechen“.",
  dialogGivenUp:
    "Entschuldigung, das geht immer wieder schief, darum habe ich aufgehört. Bitte versuche es später noch einmal.",
  dialogYesOrNo: "ja oder nein",
  dialogProblem: "Das {problem}",
} as const satisfies Words;

export const french: Partial<Words> = {
  dialogCancelled: "D’accord, j’ai arrêté.",
  dialogExpired: "Ma question est restée trop longtemps sans réponse, je ne l’attends plus.",
  dialogChanged: "Désolé, j’ai été modifié entre-temps, il faudrait tout recommencer.",
  dialogTooLarge: "Désolé, c’est devenu trop long pour moi, j’ai arrêté.",
  dialogTooLate: "J’ai déjà continué avec votre première réponse, je ne peux plus la changer.",
  dialogBegun: "J’ai déjà commencé avec cela, je ne peux plus le changer.",
  dialogFailed: "Désolé, il y a eu un problème ici. Répondez encore une fois, ou dites « annuler ».",
  dialogStuck:
    "Désolé, il y a eu un problème ici. Dites n’importe quoi pour que je réessaie, ou « annuler ».",
  dialogGivenUp: "Désolé, cela échoue à chaque fois, j’ai donc arrêté. Réessayez plus tard.",
  dialogYesOrNo: "oui ou non",
};

export const spanish: Partial<Words> = {
  dialogCancelled: "De acuerdo, lo he dejado.",
  dialogExpired: "Mi pregunta estuvo demasiado tiempo sin respuesta, así que ya no la espero.",
  dialogChanged: "Lo siento, me han cambiado entretanto, así que habría que empezar de nuevo.",
  dialogTooLarge: "Lo siento, esto se ha hecho demasiado largo para mí, así que lo he dejado.",
  dialogTooLate: "Ya he seguido con tu primera respuesta, así que no puedo cambiarla.",
  dialogBegun: "Ya he empezado con eso, así que no puedo cambiarlo.",
  dialogFailed: "Lo siento, algo ha fallado aquí. Responde otra vez, o di «cancelar».",
  dialogStuck:
    "Lo siento, algo ha fallado aquí. Di cualquier cosa para que lo intente otra vez, o «cancelar».",
  dialogGivenUp: "Lo siento, esto falla una y otra vez, así que lo he dejado. Inténtalo más tarde.",
  dialogYesOrNo: "sí o no",
};

export const italian: Partial<Words> = {
  dialogCancelled: "Va bene, mi sono fermato.",
  dialogExpired: "La mia domanda è rimasta troppo a lungo senza risposta, quindi non la aspetto più.",
  dialogChanged: "Mi dispiace, nel frattempo sono stato modificato, quindi dovremmo ricominciare.",
  dialogTooLarge: "Mi dispiace, è diventato troppo lungo per me, quindi mi sono fermato.",
  dialogTooLate: "Ho già proseguito con la tua prima risposta, quindi non posso più cambiarla.",
  dialogBegun: "Ho già cominciato con questo, quindi non posso più cambiarlo.",
  dialogFailed: "Mi dispiace, qui qualcosa è andato storto. Rispondi di nuovo, oppure scrivi «annulla».",
  dialogStuck:
    "Mi dispiace, qui qualcosa è andato storto. Scrivi qualsiasi cosa perché riprovi, oppure «annulla».",
  dialogGivenUp: "Mi dispiace, continua a non funzionare, quindi mi sono fermato. Riprova più tardi.",
  dialogYesOrNo: "sì o no",
};

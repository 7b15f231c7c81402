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

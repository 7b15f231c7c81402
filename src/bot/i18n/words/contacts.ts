/** What people are told about being a contact. */
export const english = {
  contactAsked: "I have asked those who run me whether you may add me. You will hear from me.",
  contactAccepted: "You may see when I am here now.",
  contactRefused: "Sorry, I am not here for everybody, so you cannot add me.",
  contactQuestion:
    "{asker} wants to add {bot}. Write “accept {name} {asker}” or “refuse {name} {asker}”; “requests” lists all who wait.",
} as const;

type Words = Readonly<Record<keyof typeof english, string>>;

export const german: Words = {
  contactAsked: "Ich habe die gefragt, die mich betreiben, ob du mich hinzufügen darfst. Du hörst von mir.",
  contactAccepted: "Du kannst jetzt sehen, wann ich da bin.",
  contactRefused: "Entschuldigung, ich bin nicht für alle da, darum kannst du mich nicht hinzufügen.",
  contactQuestion:
    "{asker} möchte {bot} hinzufügen. Schreib „accept {name} {asker}“ oder „refuse {name} {asker}“; „requests“ zählt alle auf, die warten.",
};

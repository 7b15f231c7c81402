/** What people are told who ask a bot into a room. */
export const english = {
  invitationRefused: "Sorry, I do not come into rooms at everybody's invitation.",
  invitationTooMany: "Sorry, I am in too many rooms already.",
} as const;

type Words = Readonly<Record<keyof typeof english, string>>;

export const german: Words = {
  invitationRefused: "Entschuldigung, ich komme nicht auf jede Einladung in einen Raum.",
  invitationTooMany: "Entschuldigung, ich bin schon in zu vielen Räumen.",
};

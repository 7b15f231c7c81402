/** What is said about commands that somebody runs from a menu of their client. */
export const english = {
  menuForbidden: "You may not use {command}.",
  menuUnknown: "There is no command {command} here.",
  menuExpired: "That was too long ago, or is over already. Please begin again.",
  menuBadSession: "I did not give out this session. Please begin again, without one.",
  menuBadAction: "I cannot do that here: the form says what can be done next.",
  menuSlow: "This takes a while. I shall go on in a message.",
  menuSent: "I have sent you the answer in a message.",
  menuDone: "Done.",
  menuWrong: "That is none of the answers there are.",
  menuProblem: "{label}: {problem}",
  menuCommands: "Commands",
} as const;

export const german = {
  menuForbidden: "Du darfst {command} nicht benutzen.",
  menuUnknown: "Den Befehl {command} gibt es hier nicht.",
  menuExpired: "Das ist zu lange her oder schon vorbei. Bitte fang noch einmal an.",
  menuBadSession: "Diese Sitzung ist nicht von mir. Bitte fang noch einmal ohne sie an.",
  menuBadAction: "Das geht hier nicht: im Formular steht, was als Nächstes geht.",
  menuSlow: "Das dauert eine Weile. Ich mache in einer Nachricht weiter.",
  menuSent: "Die Antwort habe ich dir als Nachricht geschickt.",
  menuDone: "Erledigt.",
  menuWrong: "Das ist keine der möglichen Antworten.",
  menuProblem: "{label}: {problem}",
  menuCommands: "Befehle",
} as const;

/** What is said about messages themselves. */
export const english = {
  encrypted:
    "Your message was encrypted{method, select, none {} other { ({method})}}, and I cannot read that. Please switch encryption off for our chat, and write it again.",
  retracted: "/me retracted a previous message, but it's unsupported by your client.",
} as const;

export const german = {
  encrypted:
    "Deine Nachricht war verschlüsselt{method, select, none {} other { ({method})}}, und das kann ich nicht lesen. Bitte schalte die Verschlüsselung für unseren Chat aus, und schreib noch einmal.",
  retracted: "/me hat eine Nachricht zurückgezogen, aber dein Programm kennt das nicht.",
} as const satisfies Readonly<Record<keyof typeof english, string>>;

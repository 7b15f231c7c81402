/** What admins are told where the bots cannot be run as they want. */
export const english = {
  controlUnknown: "There is no bot called {bot} here.",
  controlSelfOff: "{bot} itself cannot be switched off: nobody could switch it on.",
  controlSelfReload: "{bot} itself cannot be reloaded from here: restart the server.",
  controlNotReloaded: "{bot} could not be reloaded, so the one from before goes on: {why}",
} as const;

export const german = {
  controlUnknown: "Einen Bot namens {bot} gibt es hier nicht.",
  controlSelfOff: "{bot} selbst lässt sich nicht abschalten: niemand könnte ihn wieder einschalten.",
  controlSelfReload: "{bot} selbst lässt sich von hier nicht neu laden: starte den Server neu.",
  controlNotReloaded: "{bot} ließ sich nicht neu laden, darum bleibt es bei dem von vorher: {why}",
} as const satisfies Readonly<Record<keyof typeof english, string>>;

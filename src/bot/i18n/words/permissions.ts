/** What is said about who may run which command. */
export const english = {
  grantSummary: "lets somebody run a command, or puts them into a group",
  grantedGroup: "{who} is in {group} now.",
  grantedUnlocked:
    "{command} is not forbidden to {who} any more; grant it once more to allow it whatever else is said.",
  granted: "{who} may use {command} now.",
  revokeSummary: "takes back what was granted; where nothing was, forbids it",
  revokedNoMember: "{who} was not put into {group} here; members by the configuration stay.",
  revokedGroup: "{who} is not in {group} any more.",
  revokedGrant:
    "Nothing is granted to {who} any more; revoke it once more to forbid {command} whatever else is said.",
  revoked: "{who} may not use {command} now, unless the configuration has them among its {admins}.",
  groupsSummary: "lists the groups, and what was granted and revoked",
  groupsMember: "{who} (granted)",
  groupsNobody: "nobody",
  groupsGranted: "{command}: granted to {who}",
  groupsRevoked: "{command}: revoked from {who}",
  whySummary: "tells why you may run a command, or may not",
  whyCommand: "the command",
  whyWho: "somebody else's account, which only admins may ask about",
  whyForbidden: "Only admins may ask that about somebody else.",
  whyUnknown: "There is no command “{word}”.",
  whyYou:
    "{allowed, select, true {You may use {command}: {rule}.} other {You may not use {command}: {rule}.}}",
  whyOther:
    "{allowed, select, true {{who} may use {command}: {rule}.} other {{who} may not use {command}: {rule}.}}",
  permissionsFull: "There are {most} rules and members here already; revoke some, or use the configuration.",
  subject: "an account, a domain, or occupants such as role:moderator:lobby@rooms.example.com",
  subjectEveryone: "cannot be everyone; that is for the configuration to say",
  subjectNobody:
    "names nobody: give an account (juliet@example.com), all accounts of a domain (example.com), or occupants by affiliation:owner, affiliation:admin, affiliation:member, role:moderator, role:participant or role:visitor and the room or its service (affiliation:admin:lobby@rooms.example.com)",
  grantable: "a command, or a group such as group:friends",
  grantableUnknown: "is neither a command nor a group such as group:friends",
  ruleDenied: "the configuration denies it to {who}",
  ruleAdmin: "{who} is in the group {admins} of the configuration",
  ruleRevoked: "an admin has revoked it from {who}",
  ruleAllowed: "the configuration allows it to {who}",
  ruleGranted: "an admin has granted it to {who}",
  ruleEveryone: "it is for everyone",
  ruleRoom:
    "{access, select, room-admin {it is for the owners and admins of the room that it is said in} other {it is for the owners, admins and moderators of the room that it is said in}}",
  ruleInAdmins: "{who} is in {admins}",
  ruleGroup: "it is for the group {group}, and nothing else allows it",
  ruleMember: "it is for the group {group}, and {who} is in it or in {admins}",
} as const;

export const german = {
  grantSummary: "erlaubt jemandem einen Befehl oder nimmt sie in eine Gruppe auf",
  grantedGroup: "{who} ist jetzt in {group}.",
  grantedUnlocked:
    "{command} ist {who} nicht mehr verboten; erlaube es noch einmal, damit es gilt, was auch immer sonst gesagt ist.",
  granted: "{who} darf jetzt {command} benutzen.",
  revokeSummary: "nimmt zurück, was erlaubt wurde; wo nichts erlaubt wurde, verbietet es",
  revokedNoMember: "{who} wurde hier nicht in {group} aufgenommen; wen die Konfiguration nennt, der bleibt.",
  revokedGroup: "{who} ist nicht mehr in {group}.",
  revokedGrant:
    "{who} ist nichts mehr erlaubt; nimm es noch einmal zurück, um {command} zu verbieten, was auch immer sonst gesagt ist.",
  revoked: "{who} darf {command} jetzt nicht benutzen, außer die Konfiguration zählt sie zu ihren {admins}.",
  groupsSummary: "zählt die Gruppen auf, und was erlaubt und verboten wurde",
  groupsMember: "{who} (aufgenommen)",
  groupsNobody: "niemand",
  groupsGranted: "{command}: {who} erlaubt",
  groupsRevoked: "{command}: {who} verboten",
  whySummary: "sagt, warum du einen Befehl benutzen darfst oder nicht",
  whyCommand: "der Befehl",
  whyWho: "das Konto von jemand anderem, nach dem nur Admins fragen dürfen",
  whyForbidden: "Das dürfen nur Admins über jemand anderen fragen.",
  whyUnknown: "Den Befehl „{word}“ gibt es nicht.",
  whyYou:
    "{allowed, select, true {Du darfst {command} benutzen: {rule}.} other {Du darfst {command} nicht benutzen: {rule}.}}",
  whyOther:
    "{allowed, select, true {{who} darf {command} benutzen: {rule}.} other {{who} darf {command} nicht benutzen: {rule}.}}",
  permissionsFull:
    "Es gibt hier schon {most} Regeln und Mitglieder; nimm einige zurück, oder nutze die Konfiguration.",
  subject: "ein Konto, eine Domain oder Leute in einem Raum wie role:moderator:lobby@rooms.example.com",
  subjectEveryone: "darf nicht everyone sein; das kann nur die Konfiguration sagen",
  subjectNobody:
    "nennt niemanden: gib ein Konto an (juliet@example.com), alle Konten einer Domain (example.com) oder Leute in Räumen durch affiliation:owner, affiliation:admin, affiliation:member, role:moderator, role:participant oder role:visitor und den Raum oder seinen Dienst (affiliation:admin:lobby@rooms.example.com)",
  grantable: "ein Befehl oder eine Gruppe wie group:friends",
  grantableUnknown: "ist weder ein Befehl noch eine Gruppe wie group:friends",
  ruleDenied: "die Konfiguration verbietet es {who}",
  ruleAdmin: "{who} ist in der Gruppe {admins} der Konfiguration",
  ruleRevoked: "ein Admin hat es {who} verboten",
  ruleAllowed: "die Konfiguration erlaubt es {who}",
  ruleGranted: "ein Admin hat es {who} erlaubt",
  ruleEveryone: "es ist für alle",
  ruleRoom:
    "{access, select, room-admin {es ist für die Besitzer und Admins des Raums, in dem es gesagt wird} other {es ist für die Besitzer, Admins und Moderatoren des Raums, in dem es gesagt wird}}",
  ruleInAdmins: "{who} ist in {admins}",
  ruleGroup: "es ist für die Gruppe {group}, und nichts sonst erlaubt es",
  ruleMember: "es ist für die Gruppe {group}, und {who} ist in ihr oder in {admins}",
} as const satisfies Readonly<Record<keyof typeof english, string>>;

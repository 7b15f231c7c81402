import * as xep from "./index.ts";

/** An extension that there is a file for. */
export interface Extension {
  /** Its number, with four digits. */
  readonly xep: string;
  readonly name: string;
  /** Where it is, in this folder. What is readable and what can be sent is what these export as `read…` and `build…`. */
  readonly files: readonly string[];
  /** What who knows it says in XEP-0030, where it has features. */
  readonly features?: readonly string[];
  /** What a bot's author writes to use it, beside the readers and builders, or what bots do by themselves. */
  readonly use?: string;
}

/** Every extension with a file of its own: docs/XEPS.md is made of it. */
export const EXTENSIONS: readonly Extension[] = [
  {
    xep: "0004",
    name: "Data Forms",
    files: ["data-forms.ts"],
    features: [xep.NS_DATA],
    use: "arguments of commands",
  },
  {
    xep: "0030",
    name: "Service Discovery",
    files: ["disco.ts"],
    features: [xep.NS_DISCO_INFO, xep.NS_DISCO_ITEMS],
  },
  {
    xep: "0045",
    name: "Multi-User Chat",
    files: ["muc.ts", "occupant.ts", "invitation.ts"],
    features: [xep.NS_MUC],
  },
  {
    xep: "0050",
    name: "Ad-Hoc Commands",
    files: ["commands.ts"],
    features: [xep.NS_COMMANDS],
    use: "every command of a bot",
  },
  { xep: "0059", name: "Result Set Management", files: ["rsm.ts"], features: [xep.NS_RSM] },
  {
    xep: "0060",
    name: "Publish-Subscribe",
    files: ["pubsub.ts", "pubsub-owner.ts", "pubsub-events.ts", "pubsub-errors.ts"],
    use: "`ctx.calls.pubsub()`, `message:pubsub`",
  },
  {
    xep: "0066",
    name: "Out of Band Data",
    files: ["oob.ts"],
    features: [xep.NS_OOB, xep.NS_OOB_IQ],
    use: '`bot.on("message:file")`',
  },
  { xep: "0071", name: "XHTML-IM", files: ["xhtml.ts", "xhtml-allowed.ts"], features: [xep.NS_XHTML_IM] },
  { xep: "0077", name: "In-Band Registration", files: ["registration.ts"], features: [xep.NS_REGISTER] },
  {
    xep: "0085",
    name: "Chat State Notifications",
    files: ["chat-states.ts"],
    features: [xep.NS_CHAT_STATES],
    use: 'by itself; `bot.on("message:chat-state")`',
  },
  { xep: "0100", name: "Gateway Interaction", files: ["gateway.ts"], features: [xep.NS_GATEWAY] },
  { xep: "0122", name: "Data Forms Validation", files: ["form-validation.ts"], features: [xep.NS_VALIDATE] },
  {
    xep: "0184",
    name: "Message Delivery Receipts",
    files: ["receipts.ts"],
    features: [xep.NS_RECEIPTS],
    use: 'by itself; `bot.on("message:receipt")`',
  },
  { xep: "0191", name: "Blocking Command", files: ["blocking.ts"], features: [xep.NS_BLOCKING] },
  { xep: "0199", name: "XMPP Ping", files: ["ping.ts"], features: [xep.NS_PING], use: "by itself" },
  {
    xep: "0203",
    name: "Delayed Delivery",
    files: ["delay.ts"],
    features: [xep.NS_DELAY],
    use: '`bot.on("message:delayed")`',
  },
  {
    xep: "0215",
    name: "External Service Discovery",
    files: ["external-services.ts"],
    features: [xep.NS_EXTDISCO],
    use: "`ctx.calls.externalServices()`",
  },
  { xep: "0221", name: "Data Forms Media Element", files: ["form-media.ts"], features: [xep.NS_MEDIA] },
  {
    xep: "0249",
    name: "Direct MUC Invitations",
    files: ["invitation.ts"],
    features: [xep.NS_DIRECT_INVITATION],
  },
  { xep: "0297", name: "Stanza Forwarding", files: ["forwarding.ts"], features: [xep.NS_FORWARD] },
  {
    xep: "0308",
    name: "Last Message Correction",
    files: ["correction.ts"],
    features: [xep.NS_CORRECTION],
    use: '`ctx.correct()`, `correction()`, `ctx.stream()`, `bot.on("message:correction")`',
  },
  {
    xep: "0313",
    name: "Message Archive Management",
    files: ["archive.ts"],
    features: [xep.NS_MAM],
    use: "`ctx.calls.archive()`, `archiveAll()`",
  },
  {
    xep: "0333",
    name: "Displayed Markers",
    files: ["markers.ts"],
    features: [xep.NS_MARKERS],
    use: '`ctx.markDisplayed()`, `displayed()`, `bot.on("message:marker")`',
  },
  { xep: "0334", name: "Message Processing Hints", files: ["hints.ts"], features: [xep.NS_HINTS] },
  {
    xep: "0359",
    name: "Unique and Stable Stanza IDs",
    files: ["stanza-ids.ts"],
    features: [xep.NS_STANZA_IDS],
  },
  {
    xep: "0363",
    name: "HTTP File Upload",
    files: ["upload-slot.ts"],
    features: [xep.NS_UPLOAD],
    use: "`ctx.calls.uploadSlot()`",
  },
  {
    xep: "0372",
    name: "References",
    files: ["references.ts"],
    features: [xep.NS_REFERENCES],
    use: '`bot.on("message:mention")`',
  },
  { xep: "0377", name: "Blocking Command Reports", files: ["reporting.ts"], features: [xep.NS_REPORTING] },
  {
    xep: "0380",
    name: "Explicit Message Encryption",
    files: ["encryption.ts"],
    features: [xep.NS_EME],
    use: 'by itself; `bot.on("message:encrypted")`',
  },
  {
    xep: "0393",
    name: "Message Styling",
    files: ["styling.ts", "styling-read.ts", "styling-write.ts"],
    features: [xep.NS_STYLING],
    use: "`styled`, `strong()`, `emphasis()`, `strike()`, `monospace()`, `preformatted()`, `quotation()`",
  },
  { xep: "0402", name: "PEP Native Bookmarks", files: ["bookmarks.ts"], features: [xep.NS_BOOKMARKS] },
  {
    xep: "0421",
    name: "Occupant identifiers for semi-anonymous MUCs",
    files: ["occupant-id.ts"],
    features: [xep.NS_OCCUPANT_ID],
  },
  {
    xep: "0424",
    name: "Message Retraction",
    files: ["retraction.ts"],
    features: [xep.NS_RETRACTION],
    use: '`ctx.retract()`, `retraction()`, `bot.on("message:retraction")`',
  },
  {
    xep: "0425",
    name: "Moderated Message Retraction",
    files: ["retraction.ts"],
    features: [xep.NS_MODERATION],
  },
  { xep: "0428", name: "Fallback Indication", files: ["fallback.ts"], features: [xep.NS_FALLBACK] },
  {
    xep: "0431",
    name: "Full Text Search in MAM",
    files: ["archive.ts"],
    features: [xep.NS_FULL_TEXT],
    use: "`text` of `ctx.calls.archive()`",
  },
  {
    xep: "0439",
    name: "Quick Response",
    files: ["quick-responses.ts"],
    features: [xep.NS_QUICK_RESPONSE],
    use: "`ctx.choose`, `d.choose`",
  },
  {
    xep: "0444",
    name: "Message Reactions",
    files: ["reactions.ts"],
    features: [xep.NS_REACTIONS],
    use: '`ctx.react()`, `reactions()`, `bot.on("message:reaction")`',
  },
  {
    xep: "0446",
    name: "File metadata element",
    files: ["file-metadata.ts"],
    features: [xep.NS_FILE_METADATA],
  },
  {
    xep: "0447",
    name: "Stateless file sharing",
    files: ["file-sharing.ts"],
    features: [xep.NS_FILE_SHARING],
    use: '`bot.on("message:file")`',
  },
  {
    xep: "0461",
    name: "Message Replies",
    files: ["replies.ts"],
    features: [xep.NS_REPLY],
    use: '`ctx.quote()`, `quoting()`, `bot.on("message:reply")`',
  },
  { xep: "0481", name: "Content Types in Messages", files: ["content-types.ts"], features: [xep.NS_CONTENT] },
];

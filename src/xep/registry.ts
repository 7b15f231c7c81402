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
  { xep: "0066", name: "Out of Band Data", files: ["oob.ts"], features: [xep.NS_OOB] },
  {
    xep: "0085",
    name: "Chat State Notifications",
    files: ["chat-states.ts"],
    features: [xep.NS_CHAT_STATES],
  },
  { xep: "0122", name: "Data Forms Validation", files: ["form-validation.ts"], features: [xep.NS_VALIDATE] },
  { xep: "0184", name: "Message Delivery Receipts", files: ["receipts.ts"], features: [xep.NS_RECEIPTS] },
  { xep: "0199", name: "XMPP Ping", files: ["ping.ts"], features: [xep.NS_PING] },
  { xep: "0203", name: "Delayed Delivery", files: ["delay.ts"], features: [xep.NS_DELAY] },
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
  { xep: "0308", name: "Last Message Correction", files: ["correction.ts"], features: [xep.NS_CORRECTION] },
  {
    xep: "0313",
    name: "Message Archive Management",
    files: ["archive.ts"],
    features: [xep.NS_MAM],
    use: "`ctx.calls.archive()`, `archiveAll()`",
  },
  { xep: "0333", name: "Displayed Markers", files: ["markers.ts"], features: [xep.NS_MARKERS] },
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
  { xep: "0372", name: "References", files: ["references.ts"], features: [xep.NS_REFERENCES] },
  { xep: "0380", name: "Explicit Message Encryption", files: ["encryption.ts"], features: [xep.NS_EME] },
  {
    xep: "0421",
    name: "Occupant identifiers for semi-anonymous MUCs",
    files: ["occupant-id.ts"],
    features: [xep.NS_OCCUPANT_ID],
  },
  { xep: "0424", name: "Message Retraction", files: ["retraction.ts"], features: [xep.NS_RETRACTION] },
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
  { xep: "0444", name: "Message Reactions", files: ["reactions.ts"], features: [xep.NS_REACTIONS] },
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
  },
  { xep: "0461", name: "Message Replies", files: ["replies.ts"], features: [xep.NS_REPLY] },
];

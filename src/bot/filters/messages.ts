import type { Message, StanzaError } from "../../stanza/index.ts";
import {
  type ChatState,
  type Decline,
  type Delay,
  type Encryption,
  type Invitation,
  type Marker,
  NS_CHAT_STATES,
  NS_CORRECTION,
  NS_DATA,
  NS_DELAY,
  NS_DIRECT_INVITATION,
  NS_FILE_SHARING,
  NS_MARKERS,
  NS_MUC_USER,
  NS_OOB,
  NS_PUBSUB_EVENT,
  NS_REACTIONS,
  NS_RECEIPTS,
  NS_REPLY,
  NS_RETRACTION,
  type PubSubEvent,
  type Reactions,
  type ReplyTo,
  type Retraction,
  readChatState,
  readCorrection,
  readDecline,
  readDelay,
  readEncryption,
  readFiles,
  readInvitation,
  readMarker,
  readPubSubEvent,
  readReactions,
  readReceipt,
  readReplyTo,
  readRetraction,
  readUnquoted,
  readVoiceRequest,
  type SharedFile,
  type VoiceRequest,
} from "../../xep/index.ts";
import type { Context } from "../context.ts";
import type { StanzaClass } from "./condition.ts";
import { readMention } from "./mention.ts";
import type { FilterSpec } from "./spec.ts";
import { hasWords } from "./words.ts";

/**
 * What the filters for messages promise.
 *
 * Messages of type `error` pass `message:error` alone: a bot that answers errors makes loops. What was said in a room before the
 * bot came passes `message:history` alone: it is no news.
 */
export interface MessageFilters {
  /** Any message but an error or the history of a room. */
  message: { readonly stanza: Message };
  /**
   * A message with a body that is meant to be read: not one that only stands for what an old client cannot show, as of a
   * reaction, a retraction, an invitation or an encrypted message.
   */
  "message:body": { readonly stanza: Message; readonly body: string };
  /** A message with a subject; without a body it sets the topic of a room (XEP-0045 §8.1). */
  "message:subject": { readonly stanza: Message; readonly subject: string };
  /** A message of a thread (XEP-0201). */
  "message:thread": { readonly stanza: Message; readonly thread: string };
  /** A message that takes the place of an earlier one (XEP-0308). */
  "message:correction": {
    readonly stanza: Message;
    readonly correction: {
      /** The id of this message, which a client does not name again: its next correction replaces the first message, too. */
      readonly id: string | undefined;
      /** The id of the message that it takes the place of. */
      readonly replaces: string;
    };
  };
  /** All that somebody feels about one message now (XEP-0444). */
  "message:reaction": { readonly stanza: Message; readonly reaction: Reactions };
  /** A message that answers a certain other one (XEP-0461). */
  "message:reply": {
    readonly stanza: Message;
    readonly replyTo: ReplyTo;
    /** The body without what it quotes of the other message. */
    readonly unquoted: string | undefined;
  };
  /** That a message is taken back (XEP-0424), or was by a moderator (XEP-0425). */
  "message:retraction": { readonly stanza: Message; readonly retraction: Retraction };
  /** That a message has arrived (XEP-0184). */
  "message:receipt": { readonly stanza: Message; readonly receipt: { readonly id: string } };
  /** How far somebody has read (XEP-0333). */
  "message:marker": { readonly stanza: Message; readonly marker: Marker };
  /** Whether somebody is typing (XEP-0085); most messages with a body carry one, too. */
  "message:chat-state": { readonly stanza: Message; readonly chatState: ChatState };
  /** A message with files (XEP-0447, XEP-0066). */
  "message:file": { readonly stanza: Message; readonly files: readonly [SharedFile, ...SharedFile[]] };
  /** Somebody asks the bot into a room (XEP-0249, XEP-0045 §7.8.2). */
  "message:invitation": { readonly stanza: Message; readonly invitation: Invitation };
  /** That somebody whom the bot asked into a room does not come (XEP-0045 §7.8.2). */
  "message:decline": { readonly stanza: Message; readonly decline: Decline };
  /** Somebody wants to speak in a moderated room where the bot is a moderator (XEP-0045 §8.6). */
  "message:voice-request": { readonly stanza: Message; readonly voiceRequest: VoiceRequest };
  /** A message that is encrypted, and says how (XEP-0380). */
  "message:encrypted": { readonly stanza: Message; readonly encryption: Encryption };
  /** A message that was held up on its way, such as while Prosody had nobody to give it to (XEP-0203). */
  "message:delayed": { readonly stanza: Message; readonly delay: Delay };
  /**
   * What has happened at a node of publish-subscribe (XEP-0060), or of a person (XEP-0163). Anybody can send a message that looks so:
   * `from` of the context is the service, or the person.
   */
  "message:pubsub": { readonly stanza: Message; readonly event: PubSubEvent };
  /** A message that names the bot, at its beginning or by a reference (XEP-0372). */
  "message:mention": {
    readonly stanza: Message;
    readonly body: string;
    /** What is said, without the name at the beginning. */
    readonly mention: string;
  };
  /** A message to the bot itself: of type chat or normal, and not from a room. */
  "message:direct": { readonly stanza: Message };
  /** What an occupant of a room says to the bot alone (XEP-0045 §7.5). */
  "message:private": { readonly stanza: Message };
  /** A message to everybody in a room. */
  "message:groupchat": { readonly stanza: Message };
  /** A message of type headline. */
  "message:headline": { readonly stanza: Message };
  /** What was said in a room before the bot came (XEP-0045 §7.2.14). An occupant can make a message look like that. */
  "message:history": { readonly stanza: Message; readonly delay: Delay };
  /** A message that came back as an error. */
  "message:error": { readonly stanza: Message; readonly error: StanzaError };
}

const NEWS: readonly StanzaClass[] = ["direct", "private", "room", "groupchat", "headline"];

/** @internal */
export const messageFilters: Readonly<Record<keyof MessageFilters, FilterSpec>> = {
  message: of(NEWS, () => true),
  "message:body": part("body", hasWords),
  "message:subject": part("subject", ({ subject }) => subject !== undefined),
  "message:thread": part("thread", ({ thread }) => thread !== undefined && { thread }),
  "message:correction": part(
    "correction",
    (message) => {
      const replaces = readCorrection(message);
      return replaces !== undefined && { correction: { id: message.id, replaces } };
    },
    [NS_CORRECTION],
  ),
  "message:reaction": part("reaction", (message) => named("reaction", readReactions(message)), [
    NS_REACTIONS,
  ]),
  "message:reply": part(
    "reply",
    (message) => {
      const replyTo = readReplyTo(message);
      return replyTo !== undefined && { replyTo, unquoted: readUnquoted(message) };
    },
    [NS_REPLY],
  ),
  "message:retraction": part("retraction", (message) => named("retraction", readRetraction(message)), [
    NS_RETRACTION,
  ]),
  "message:receipt": part(
    "receipt",
    (message) => {
      const id = readReceipt(message);
      return id !== undefined && { receipt: { id } };
    },
    [NS_RECEIPTS],
  ),
  "message:marker": part("marker", (message) => named("marker", readMarker(message)), [NS_MARKERS]),
  "message:chat-state": part("chat state", (message) => named("chatState", readChatState(message)), [
    NS_CHAT_STATES,
  ]),
  "message:file": part(
    "file",
    (message) => {
      const files = readFiles(message);
      return files.length > 0 && { files };
    },
    [NS_OOB, NS_FILE_SHARING],
  ),
  "message:invitation": part("invitation", (message) => named("invitation", readInvitation(message)), [
    NS_DIRECT_INVITATION,
    NS_MUC_USER,
  ]),
  "message:decline": part("decline", (message) => named("decline", readDecline(message)), [NS_MUC_USER]),
  "message:voice-request": part(
    "voice request",
    (message, { bot, from }) => bot.rooms.has(from) && named("voiceRequest", readVoiceRequest(message)),
    [NS_DATA],
  ),
  "message:encrypted": part("encrypted", (message) => named("encryption", readEncryption(message))),
  "message:delayed": part("delay", (message) => named("delay", readDelay(message)), [NS_DELAY]),
  "message:pubsub": part("pubsub", (message) => named("event", readPubSubEvent(message)), [NS_PUBSUB_EVENT]),
  "message:mention": {
    ...part("mention", (message, ctx) => hasWords(message) && named("mention", readMention(message, ctx))),
    parts: ["body", "mention"],
  },
  "message:direct": of(["direct"], ({ type }, ctx) => (type === "chat" || type === "normal") && !ctx.inRoom),
  "message:private": of(
    ["private"],
    ({ type }, ctx) => (type === "chat" || type === "normal") && !ctx.from.isBare && ctx.inRoom,
  ),
  "message:groupchat": of(["groupchat"], ({ type }) => type === "groupchat"),
  "message:headline": of(["headline"], ({ type }) => type === "headline"),
  "message:history": {
    classes: ["history"],
    parts: [],
    namespaces: [NS_DELAY],
    test: ({ stanza }) => stanza.kind === "message" && named("delay", historyOf(stanza)),
  },
  "message:error": {
    classes: ["message-error"],
    parts: [],
    test: ({ stanza }) =>
      stanza.kind === "message" && stanza.type === "error" && named("error", stanza.error),
  },
};

function of(
  classes: readonly StanzaClass[],
  test: (message: Message, ctx: Context) => boolean | object,
): FilterSpec {
  return {
    classes,
    parts: [],
    test: (ctx) => {
      const { stanza } = ctx;
      if (stanza.kind !== "message" || stanza.type === "error") return false;
      return historyOf(stanza) === undefined && test(stanza, ctx);
    },
  };
}

function part(
  name: string,
  test: (message: Message, ctx: Context) => boolean | object,
  namespaces?: readonly string[],
): FilterSpec {
  return { ...of(NEWS, test), parts: [name], ...(namespaces && { namespaces }) };
}

function named(name: string, value: object | string | undefined): boolean | object {
  return value !== undefined && { [name]: value };
}

function historyOf(message: Message): Delay | undefined {
  return message.type === "groupchat" ? readDelay(message) : undefined;
}

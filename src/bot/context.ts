import type { Logger } from "pino";
import type { Downloaded, DownloadOptions, FileToSend, Queries, UploadOptions } from "../outbound/index.ts";
import {
  type Element,
  type Iq,
  iq,
  type Jid,
  type Message,
  type Presence,
  type Stanza,
} from "../stanza/index.ts";
import { type Clock, type JsonValue, SYSTEM_CLOCK } from "../store/index.ts";
import { isFromRoom, type SharedFile } from "../xep/index.ts";
import type { Answering, Sent } from "./answering.ts";
import type { BotHandle } from "./bot-handle.ts";
import { callsOf } from "./calls.ts";
import { fetchFile, fileMessage, NO_FILES } from "./files/index.ts";
import { fromBot } from "./from-bot.ts";
import { type Streamed, type StreamOptions, stream } from "./manners/stream.ts";
import {
  correction,
  displayedIn,
  type MessageContent,
  originalOf,
  quoting,
  reactionTo,
  retractionIn,
} from "./messages/index.ts";
import type { Reply } from "./reply.ts";
import { sendWithin } from "./send-within.ts";
import type { BufferedStorage, Effects, Storage } from "./storage.ts";
import {
  keptReply,
  REMIND,
  type Remindable,
  type Reminder,
  type Reminders,
  remindersOf,
  setTimer,
  type When,
} from "./time/index.ts";

/**
 * One stanza, on its way through a bot: what came, from whom, and what can be done about it.
 *
 * Filters narrow it: in `bot.on("message:body", (ctx) => …)`, `ctx.body` is a string.
 */
export class Context {
  /** What came. */
  readonly stanza: Stanza;
  /** Who sent it: in a room, the occupant. */
  readonly from: Jid;
  /** The address it was sent to. */
  readonly to: Jid;
  /** The bot that handles it. */
  readonly bot: BotHandle;
  #answering: Answering;
  readonly #storage: () => BufferedStorage;
  readonly #clock: Clock;
  #calls: Queries | undefined;

  /** @internal */
  constructor(
    stanza: Stanza,
    from: Jid,
    bot: BotHandle,
    answering: Answering,
    storage: () => BufferedStorage,
    clock: Clock = SYSTEM_CLOCK,
  ) {
    this.stanza = stanza;
    this.from = from;
    this.to = stanza.to ?? bot.jid;
    this.bot = bot;
    this.#answering = answering;
    this.#storage = storage;
    this.#clock = clock;
  }

  /** The body of a message, in the language of the stanza where there are several. */
  get body(): string | undefined {
    return this.stanza.kind === "message" ? this.stanza.body : undefined;
  }

  /** The subject of a message. */
  get subject(): string | undefined {
    return this.stanza.kind === "message" ? this.stanza.subject : undefined;
  }

  /** What an IQ asks. */
  get payload(): Element | undefined {
    return this.stanza.kind === "iq" ? this.stanza.payload : undefined;
  }

  /** Whether it came from a room: groupchat, a private message of an occupant, or an occupant's presence. */
  get inRoom(): boolean {
    return isFromRoom(this.stanza) || this.bot.rooms.has(this.from);
  }

  /** What the bot remembers. */
  get storage(): Storage {
    return this.#storage();
  }

  /** @internal What else handling this stanza changes, committed together with what `storage` was told. */
  get effects(): Effects {
    return this.#storage();
  }

  /** What time it is, in milliseconds since 1970: a test may move it, which it cannot do with `Date.now()`. */
  get now(): number {
    return this.#clock.now();
  }

  /** @internal By what the time is known, and waited for. */
  get clock(): Clock {
    return this.#clock;
  }

  /**
   * @internal Is about another stanza from now on, which is answered another way.
   *
   * @returns the way before.
   */
  standFor(stanza: Stanza, by: (before: Answering) => Answering): Answering {
    const before = this.#answering;
    (this as { stanza: Stanza }).stanza = stanza;
    this.#answering = by(before);
    return before;
  }

  /** The log of the bot. */
  get log(): Logger {
    return this.bot.log;
  }

  /**
   * Fires when the bot has run out of time for this stanza, or a handler has failed while others are still at it. Hand
   * it on to what you wait for.
   */
  get signal(): AbortSignal {
    return this.#answering.signal;
  }

  /**
   * Replies to the sender; in a room, to the room. Replies leave in the order in which they were made, whether or not
   * each is awaited.
   *
   * @throws ReplyError when the reply does not fit the stanza, such as words in answer to an IQ, or comes when the
   *   handler is over.
   */
  reply(reply: Reply): Promise<void> {
    return this.#answering.reply(reply);
  }

  /**
   * Reacts to the message (XEP-0444); of two reactions to it the later counts, and one without any emoji takes back what was felt before.
   *
   * @returns whether that could be done: in a room that gives its messages no ids, it cannot.
   * @throws ReplyError when this is about no message.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears(/thanks/i, async (ctx) => {
   *   await ctx.react("❤️");
   * });
   * ```
   */
  async react(...emojis: string[]): Promise<boolean> {
    return await this.#replied(reactionTo(this, emojis));
  }

  /**
   * Replies to this very message, which clients show with the reply, or else with its beginning as a quotation (XEP-0461).
   *
   * @throws ReplyError when this is about no message.
   */
  async quote(text: string): Promise<void> {
    await this.reply(quoting(originalOf(this, "ctx.quote()"), text));
  }

  /**
   * Says that the message was read, where its sender wants to know (XEP-0333).
   *
   * @returns whether they do.
   * @throws ReplyError when this is about no message.
   */
  async markDisplayed(): Promise<boolean> {
    return await this.#replied(displayedIn(this));
  }

  /**
   * Puts other words in the place of what the bot has said here (XEP-0308).
   *
   * @param id of what was said, which `ctx.send` returns.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears("roll", async (ctx) => {
   *   const { id } = await ctx.send(ctx.from, "The die is rolling …");
   *   await ctx.correct(id, `It is a ${1 + Math.floor(6 * Math.random())}.`);
   * });
   * ```
   */
  async correct(id: string, text: string): Promise<void> {
    await this.reply(correction(id, text));
  }

  /**
   * Takes back what the bot has said here (XEP-0424).
   *
   * @param id of what was said, which `ctx.send` returns.
   * @throws ReplyError when this is about no message.
   */
  async retract(id: string): Promise<void> {
    await this.reply(await retractionIn(this, id));
  }

  async #replied(content: MessageContent | undefined): Promise<boolean> {
    if (content !== undefined) await this.reply(content);
    return content !== undefined;
  }

  /**
   * Replies with a text that is still being made, such as a language model makes it: shows it as it grows where the person's client
   * can (XEP-0308), else says it when it is complete.
   *
   * A text that breaks off is said as far as it came, with a word about it; then the result has the `error`. The text ends early, too, at
   * 65,536 characters, and when the bot's time is over.
   *
   * @returns the text.
   * @throws RangeError when the interval is too short; what the text has thrown, where there was not a word of it before.
   * @example
   * ```ts
   * import { defineBot } from "restanza";
   *
   * async function* tokens() {
   *   for (const word of ["To ", "be ", "or ", "not."]) yield word;
   * }
   *
   * defineBot({
   *   name: "poet",
   *   summary: "thinks aloud",
   *   routes(bot) {
   *     bot.on("message:body", async (ctx) => {
   *       await ctx.stream(tokens());
   *     });
   *   },
   * });
   * ```
   */
  stream(text: AsyncIterable<string>, options?: StreamOptions): Promise<Streamed> {
    return stream(this, this.#answering, this.#clock, text, options);
  }

  /**
   * Sends something to anybody, from the bot's own address. What goes to the conversation of this stanza keeps its place
   * among the replies; for anybody else the order is that in which the calls are awaited.
   *
   * @param content words, for a message of type chat, or of type groupchat to a room that the bot is in; or a whole
   *   stanza. What is too long for one message is split, as a reply is.
   * @returns the id of the stanza; of several, of the first.
   * @throws JidError when `to` is no JID; a `StanzaError` when it bounced.
   */
  async send(to: Jid | string, content: string | Message | Presence): Promise<Sent> {
    return await sendWithin(this, this.#answering, fromBot(this.bot, to, content));
  }

  /**
   * Uploads a file to the server (XEP-0363), and replies with it. A handler that runs once more after a crash uploads once more, and replies
   * once.
   *
   * @returns where it is, and what it is.
   * @throws {@link UploadError}, such as for a file that is too large.
   * @example
   * ```ts
   * import { openAsBlob } from "node:fs";
   * import { Composer } from "restanza";
   *
   * new Composer().hears("cat", async (ctx) => {
   *   await ctx.sendFile({ data: await openAsBlob("cat.jpg"), name: "cat.jpg", description: "a cat" });
   * });
   * ```
   */
  async sendFile(file: FileToSend, options: Pick<UploadOptions, "onProgress"> = {}): Promise<SharedFile> {
    const { files = NO_FILES, jid } = this.bot;
    const shared = await files.upload(file, { ...options, from: jid, signal: this.signal });
    await this.reply(fileMessage(shared));
    return shared;
  }

  /**
   * Downloads a file that somebody shares, where the operator has switched that on: from `https` URLs at public addresses alone, and no more
   * than the operator allows.
   *
   * @param file as `ctx.files` has it, or a URL.
   * @throws {@link DownloadError}, whose `reason` says why.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().on("message:file", async (ctx) => {
   *   const { data, mediaType } = await ctx.download(ctx.files[0], { maxBytes: 1_000_000, mediaTypes: ["image/*"] });
   *   return `${data.length} bytes of ${mediaType}`;
   * });
   * ```
   */
  async download(
    file: string | SharedFile,
    options: Omit<DownloadOptions, "signal" | "party"> = {},
  ): Promise<Downloaded> {
    const party = { bot: this.bot.jid, sender: this.from };
    return await fetchFile(this.bot.files ?? NO_FILES, file, { ...options, signal: this.signal, party });
  }

  /**
   * Says something later, where a reply would go: to the person, the occupant or the room. It is kept together with all else that the
   * handler changes, and said once, through restarts.
   *
   * @param when milliseconds from now, a duration such as `"1h30m"`, a `Date`, or a date with its time and zone by ISO 8601.
   * @param what words, the content of a message, or a message.
   * @throws TypeError when that is no time, or no message; {@link TooManyTimersError}.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears(/^remind me in (\S+) of (.+)$/, async (ctx) => {
   *   await ctx.remind(ctx.match[1] ?? "", `You wanted to be reminded of ${ctx.match[2]}.`);
   *   return "I shall.";
   * });
   * ```
   */
  async remind(when: When, what: Remindable): Promise<Reminder> {
    return await setTimer(this, REMIND, when, keptReply(what));
  }

  /**
   * Sets a timer that the bot defines by `bot.timer(name, …)`, in this conversation.
   *
   * @param data what its handler is given.
   * @throws TypeError when `when` is no time, or the data is no JSON; {@link TooManyTimersError}.
   */
  schedule(name: string, when: When, data: JsonValue = null): Promise<Reminder> {
    return setTimer(this, name, when, data);
  }

  /** What is still to come of `remind` and `schedule` in this conversation. */
  get reminders(): Reminders {
    return remindersOf(this);
  }

  /**
   * What the bot can ask others, typed: what they are and can do, their commands, archives, nodes of publish-subscribe and more; see
   * docs/bots/calls.md. A handler that runs once more after a crash asks once more.
   *
   * Each rejects with a `StanzaError` where the answer is one, and with the reason of `ctx.signal` when the bot's time is over.
   *
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears("what are you?", async (ctx) => {
   *   const { name, version } = await ctx.calls.version(ctx.from);
   *   return `${name} ${version}`;
   * });
   * ```
   */
  get calls(): Queries {
    this.#calls ??= callsOf(this.bot, this.signal);
    return this.#calls;
  }

  /**
   * Asks somebody, from the bot's own address, and waits for the answer.
   *
   * @throws StanzaError when the answer is an error, or none comes.
   * @example
   * ```ts
   * import { defineBot } from "restanza";
   * import { el } from "restanza/stanza";
   *
   * defineBot({
   *   name: "clock",
   *   summary: "Tells what time it is where you are",
   *   routes(bot) {
   *     bot.hears("time", async (ctx) => {
   *       const answer = await ctx.iq(ctx.from, "get", el("time", { xmlns: "urn:xmpp:time" }));
   *       return `It is ${answer.payload?.childText("utc")}`;
   *     });
   *   },
   * });
   * ```
   */
  async iq(to: Jid | string, type: "get" | "set", payload: Element): Promise<Iq> {
    const request = iq({ type, to, from: this.bot.jid }, payload);
    return await this.bot.sender.iq(request, { signal: this.signal });
  }
}

import { createHash, randomUUID } from "node:crypto";
import {
  type Answering,
  type BotHandle,
  buildReply,
  type Draft,
  type MaybePromise,
  partsOf,
  type Reply,
  ReplyError,
  type SendOptions,
  type Sent,
} from "../bot/index.ts";
import { type Iq, type Message, message, type Presence, type Stanza } from "../stanza/index.ts";
import { type Clock, type ConflictError, SYSTEM_CLOCK, type Write } from "../store/index.ts";
import { buildChatState } from "../xep/index.ts";
import { ridesInline } from "./inline.ts";
import { mannered } from "./manners.ts";
import { type Poster, Posts } from "./posts.ts";
import { Typing } from "./typing.ts";

/** What an {@link Exchange} takes besides. */
export interface ExchangeOptions {
  /** The name that the stanza would have in the inbox; default: it never comes there. */
  readonly name?: () => string;
  /** The language of the sender, as far as it is known; default: that of the stanza. */
  readonly language?: () => string | undefined;
  readonly clock?: Clock;
}

/**
 * The replies to one stanza, on their way out in the order in which they were made.
 *
 * The newest is held back to ride in the answer to the callback; when another comes, the held one goes out by POST
 * first and is awaited. Once the callback has been answered (after {@link detach}), all go by POST. Bot authors see none of this.
 */
export class Exchange implements Answering {
  readonly #request: Stanza;
  readonly #bot: Poster & Pick<BotHandle, "texts">;
  readonly #inline: boolean;
  readonly #onResult: (result: Iq) => void;
  #held: Message | Presence | undefined;
  /** What answers an IQ once all is kept. */
  #result: Stanza | undefined;
  #heldNumber = 0;
  /** How many replies were made. The same handler makes the same ones in the same order, so a number names each. */
  #made = 0;
  readonly #posts: Posts;
  readonly #typing: Typing;
  #rerun = false;
  #phase: "inline" | "outbound" | "closed" = "inline";
  #answered = false;
  /** The ids of messages that are corrected while they grow, by number: a later run goes on with the same. */
  #drafts: Map<number, string> | undefined;
  readonly #nameToBe: (() => string) | undefined;
  readonly #language: () => string | undefined;
  #abort: AbortController | undefined;

  /**
   * @param inline whether the answer to the callback gets to the sender; where it does not, everything goes by POST.
   * @param onResult told of the answer to an IQ as soon as there is one: no other can follow, so nobody need wait for
   *   the handler.
   */
  constructor(
    request: Stanza,
    bot: Poster & Pick<BotHandle, "texts">,
    inline: boolean,
    onResult: (result: Iq) => void,
    { name, language, clock = SYSTEM_CLOCK }: ExchangeOptions = {},
  ) {
    this.#nameToBe = name;
    this.#language = () => language?.() ?? request.lang;
    this.#request = request;
    this.#bot = bot;
    this.#inline = inline;
    this.#onResult = onResult;
    this.#posts = new Posts(bot, (stanza) => this.#typing.sent(stanza));
    this.#typing = new Typing(request, clock, (state) => {
      void this.#posts.post(buildReply(request, message({}, buildChatState(state))) as Message);
    });
  }

  /** Made when somebody asks for it: most handlers never do, and a controller costs more than a short handler. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /**
   * From now on everything is sent on a condition only, and by a name where the stanza has one: it may be handled elsewhere too.
   *
   * @param onLost told when something could not be sent because the condition does not hold.
   */
  guard(along: readonly Write[], name: string | undefined, onLost: (error: ConflictError) => void): void {
    this.#posts.guard(along, name, onLost);
  }

  /** Whether something is on its way by POST. */
  get busy(): boolean {
    return this.#posts.sending !== undefined;
  }

  /** Resolves when nothing is on its way by POST any more, also what was added meanwhile. */
  flushed(): Promise<void> {
    return this.#posts.flushed();
  }

  reply(reply: Reply): Promise<void> {
    return this.#watched(async () => await this.answer(reply));
  }

  send(stanza: Message | Presence): Promise<Sent> {
    return this.#watched(async () => {
      this.#assertOpen();
      this.#displace();
      this.#made += 1;
      return await this.#posts.postOnce(stanza, this.#made);
    });
  }

  /**
   * Takes a reply; returns a promise only where there is something to wait for. It rejects where this very reply could
   * not be sent, not for one before it.
   *
   * @throws ReplyError when it does not fit the request, or comes too late.
   */
  answer(reply: Reply): MaybePromise<void> {
    this.#assertOpen();
    // No words are no reply: an empty message would be an empty bubble.
    if (reply === "") return undefined;
    const stanza = buildReply(this.#request, reply);
    const parts = stanza.kind === "message" ? partsOf(stanza, this.#bot, this.#language()) : undefined;
    if (parts === undefined) return this.#take(stanza);
    return Promise.all(parts.map((part) => this.#take(buildReply(this.#request, part)))).then(
      () => undefined,
    );
  }

  #take(built: Stanza): MaybePromise<void> {
    const stanza = mannered(this.#request, built);
    if (stanza.kind === "iq") return this.#takeResult(stanza);
    this.#displace();
    this.#made += 1;
    const posted = this.#posts.has(this.#made) || this.#phase === "outbound" || !this.#inline;
    if (posted || !ridesInline(this.#request, stanza)) {
      return this.#posts.postOnce(stanza, this.#made).then(() => undefined);
    }
    this.#held = stanza;
    this.#heldNumber = this.#made;
    return this.#posts.sending;
  }

  async elsewhere(send: (options: SendOptions) => Promise<Sent>): Promise<Sent> {
    this.#made += 1;
    return await this.#posts.once(this.#made, send);
  }

  draft(): Draft {
    this.#assertOpen();
    this.#displace();
    const first = this.#made + 1;
    const last = this.#made + 2;
    this.#made = last;
    const name = this.#posts.name ?? this.#nameToBe?.();
    this.#drafts ??= new Map();
    const id = this.#drafts.get(first) ?? (name === undefined ? randomUUID() : idOf(`${name} ${first}`));
    this.#drafts.set(first, id);
    const once = (number: number): string | undefined =>
      name === undefined ? undefined : `${name} ${number}`;
    const post = (stanza: Message, number: number): Promise<Sent> => {
      this.#assertOpen();
      return this.#posts.once(number, (options) =>
        this.#posts.post(stanza, { ...options, once: once(number) }),
      );
    };
    return {
      id,
      begin: async (stanza) => {
        const before = this.#posts.has(first);
        const sent = await post(stanza, first);
        return !before && sent.repeated !== true;
      },
      correct: async (stanza) => {
        this.#assertOpen();
        await this.#posts.post(stanza);
      },
      end: async (stanza) => {
        await post(mannered(this.#request, stanza) as Message, last);
      },
    };
  }

  answerOnceKept(reply: Reply): void {
    this.#assertOpen();
    this.#result = buildReply(this.#request, reply);
  }

  /**
   * The handlers are to be run once more from the start, as what they had read has changed. What is held was said of that and is
   * dropped; what has gone has gone, and is not said again.
   */
  rewind(): void {
    this.#typing.resume();
    this.#held = undefined;
    this.#result = undefined;
    this.#made = 0;
    this.#rerun = true;
  }

  /** The reply that rides in the answer to the callback; from now on everything goes by POST. */
  settle(): Stanza | undefined {
    const held = this.#held ?? this.#result;
    this.#held = undefined;
    this.#typing.rest();
    if (this.#phase === "inline") this.#phase = "outbound";
    if (held === undefined) this.#typing.stop();
    return held;
  }

  /**
   * From now on everything goes by POST, starting with what is held; where there is nothing yet, the bot is seen typing.
   *
   * @param name of the stanza, under which its handler would be run again after a crash.
   * @param isEarly whether the handler has yet to begin, and may be through before anybody misses an answer.
   */
  detach(name: string, isEarly = false): void {
    if (this.#phase !== "inline") return;
    this.#phase = "outbound";
    this.#posts.name = name;
    this.#typing.allow();
    if (this.#held !== undefined) this.#displace();
    else this.#typing.begin(isEarly);
  }

  /** Takes no reply any more, tells the handler so, and sends what is held. */
  close(reason: Error): void {
    this.#typing.rest();
    this.#phase = "closed";
    this.#displace();
    this.#abort ??= new AbortController();
    this.#abort.abort(reason);
  }

  /** Says nothing any more, not even what is held, as somebody else will. */
  forsake(reason: Error): void {
    this.#held = undefined;
    this.#typing.forsake();
    this.close(reason);
  }

  /** Sends the last words about a stanza whose handler failed, if any are due. It never rejects. */
  async conclude(words: Message | undefined): Promise<void> {
    // What cannot be sent has been logged, and there is nobody left to tell.
    if (words !== undefined)
      await this.#posts.post(mannered(this.#request, words) as Message).catch(() => undefined);
    this.#typing.stop();
    await this.flushed();
  }

  #assertOpen(): void {
    if (this.#phase !== "closed") return;
    const cause: unknown = this.signal.reason;
    throw new ReplyError(
      `a reply came too late and was not sent, as its handler is over (${cause instanceof Error ? cause.message : String(cause)}); watch ctx.signal, and give the bot a longer timeout if it needs one`,
      { cause },
    );
  }

  #takeResult(stanza: Iq): void {
    // An answer to an IQ is told as soon as it is made, and there is one only.
    if (this.#answered && this.#rerun) return;
    if (this.#answered || this.#phase !== "inline")
      throw new ReplyError("an IQ is answered once, and this one has been");
    this.#answered = true;
    this.#onResult(stanza);
  }

  #displace(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    void this.#posts.postOnce(held, this.#heldNumber);
  }

  /** A reply need not be awaited, so the failure of one that is not must not end the process. */
  #watched<T>(work: () => Promise<T>): Promise<T> {
    const working = work();
    working.catch((error: unknown) => {
      if (error instanceof ReplyError) this.#bot.log.warn({ err: error }, "a reply was refused");
    });
    return working;
  }
}

/** An id that only this server can foresee, as the name is in no stanza. */
function idOf(name: string): string {
  return createHash("sha256").update(name).digest("base64url").slice(0, 22);
}

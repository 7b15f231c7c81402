import {
  type Answering,
  type BotHandle,
  buildReply,
  type MaybePromise,
  type Reply,
  ReplyError,
} from "../bot/index.ts";
import { type Message, message, type Presence, type Stanza } from "../stanza/index.ts";
import { buildChatState, type ChatState } from "../xep/index.ts";
import { ridesInline } from "./inline.ts";
import { mannered, wantsChatStates } from "./manners.ts";

/** Thrown into a handler that replies when its time is over, and the reason with which its signal fires. */
export class HandlerTimeoutError extends Error {
  override name = "HandlerTimeoutError";
}

/**
 * The replies to one stanza, on their way out in the order in which they were made.
 *
 * The newest is held back to ride in the answer to the callback; when another comes, the held one goes out by POST
 * first and is awaited. Once the callback has been answered (after {@link detach}), all go by POST. Bot authors see none of this.
 */
export class Exchange implements Answering {
  readonly #request: Stanza;
  readonly #bot: Pick<BotHandle, "sender" | "log">;
  #held: Stanza | undefined;
  #sending: Promise<void> | undefined;
  #phase: "inline" | "outbound" | "closed" = "inline";
  #typing = false;
  #abort: AbortController | undefined;

  constructor(request: Stanza, bot: Pick<BotHandle, "sender" | "log">) {
    this.#request = request;
    this.#bot = bot;
  }

  /** Made when somebody asks for it: most handlers never do, and a controller costs more than a short handler. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** Whether the callback is answered without what is still to come. */
  get detached(): boolean {
    return this.#phase !== "inline";
  }

  /** Settles when all that goes by POST so far has gone; `undefined` when nothing does. It never rejects. */
  get sending(): Promise<void> | undefined {
    return this.#sending;
  }

  async reply(reply: Reply): Promise<void> {
    await this.answer(reply);
  }

  /**
   * Takes a reply; returns a promise only where there is something to wait for.
   *
   * @throws ReplyError when it does not fit the request.
   */
  answer(reply: Reply): MaybePromise<void> {
    if (this.#phase === "closed") {
      throw new HandlerTimeoutError(
        "this stanza's time is over, so the reply was not sent; watch ctx.signal, or give the bot a longer timeout",
      );
    }
    const stanza = mannered(this.#request, buildReply(this.#request, reply));
    if (stanza.kind === "iq") return this.#result(stanza);
    const earlier = this.#displace();
    if (this.#phase === "outbound" || !ridesInline(this.#request, stanza)) return this.#post(stanza);
    this.#held = stanza;
    return earlier;
  }

  /** The reply that rides in the answer to the callback; from now on everything goes by POST. */
  settle(): Stanza | undefined {
    const held = this.#held;
    this.#held = undefined;
    if (this.#phase === "inline") this.#phase = "outbound";
    if (this.#typing) void this.#chatState("active");
    return held;
  }

  /** From now on everything goes by POST, starting with what is held; where there is nothing yet, the bot is seen typing. */
  detach(): void {
    if (this.#phase !== "inline") return;
    this.#phase = "outbound";
    if (this.#displace() === undefined && wantsChatStates(this.#request)) void this.#chatState("composing");
  }

  /** Takes no reply any more, and tells the handler so. */
  close(reason: Error): void {
    this.#phase = "closed";
    this.#abort ??= new AbortController();
    this.#abort.abort(reason);
  }

  #result(stanza: Stanza): void {
    if (this.#held || this.#phase !== "inline")
      throw new ReplyError("an IQ is answered once, and this one has been");
    this.#held = stanza;
  }

  #displace(): Promise<void> | undefined {
    const held = this.#held;
    if (held === undefined || held.kind === "iq") return undefined;
    this.#held = undefined;
    return this.#post(held);
  }

  #chatState(state: ChatState): Promise<void> {
    const stanza = buildReply(this.#request, message({}, buildChatState(state))) as Message;
    return this.#post(stanza).then(() => {
      this.#typing = state === "composing";
    });
  }

  #post(stanza: Message | Presence): Promise<void> {
    const send = async (): Promise<void> => {
      this.#typing = false;
      await this.#bot.sender.send(stanza);
    };
    const sent = this.#sending === undefined ? send() : this.#sending.then(send);
    // Whoever awaits this reply gets the failure too; the next in line is sent all the same.
    this.#sending = sent.catch((error: unknown) => {
      this.#bot.log.warn({ err: error, id: stanza.id, to: String(stanza.to) }, "a reply could not be sent");
    });
    return sent;
  }
}

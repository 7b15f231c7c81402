import type { BotHandle, SendOptions, Sent } from "../bot/index.ts";
import { Message, Presence } from "../stanza/index.ts";
import { ConflictError, type Write } from "../store/index.ts";

/** Who sends, and where it is told what could not be sent. */
export type Poster = Pick<BotHandle, "jid" | "sender" | "log">;

/** What goes out by POST about one stanza: in the order in which it was made, and each once however often the handler is run. */
export class Posts {
  readonly #bot: Poster;
  readonly #onSent: (stanza: Message | Presence) => void;
  /** What begins the names of the replies, where the handler may be run again; those that went before have none. */
  #name: string | undefined;
  /** On what condition everything is sent, and who is told when it does not hold any more. */
  #along: readonly Write[] | undefined;
  #onLost: ((error: ConflictError) => void) | undefined;
  /** What has gone, by number: a run after the first does not send it again. Made when something goes, as mostly nothing does. */
  #posted: Map<number, Promise<Sent>> | undefined;
  /** Settles when all that goes so far has gone; it never rejects. */
  #sending: Promise<void> | undefined;

  constructor(bot: Poster, onSent: (stanza: Message | Presence) => void) {
    this.#bot = bot;
    this.#onSent = onSent;
  }

  /** What begins the names of the replies from now on, should the handler be run again. */
  get name(): string | undefined {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
  }

  /** From now on everything is sent on a condition only, and `onLost` is told when that does not hold. */
  guard(along: readonly Write[], name: string | undefined, onLost: (error: ConflictError) => void): void {
    this.#along = along;
    this.#name ??= name;
    this.#onLost = onLost;
  }

  /** What is on its way; `undefined` where nothing is. */
  get sending(): Promise<void> | undefined {
    return this.#sending;
  }

  /** Resolves when nothing is on its way any more, also what was added meanwhile. */
  async flushed(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  /** Whether the reply of this number has gone, or is on its way. */
  has(number: number): boolean {
    return this.#posted?.has(number) === true;
  }

  /** Sends the reply of this number, unless it has gone. */
  postOnce(stanza: Message | Presence, number: number): Promise<Sent> {
    return this.once(number, (options) => this.post(stanza, options));
  }

  /** Has something sent that has this number, unless it has gone. */
  once(number: number, send: (options: SendOptions) => Promise<Sent>): Promise<Sent> {
    this.#posted ??= new Map();
    const posted = this.#posted;
    const before = posted.get(number);
    if (before !== undefined) return before;
    const once = this.#name === undefined ? undefined : `${this.#name} ${number}`;
    const sent = send({ once, along: this.#along });
    posted.set(number, sent);
    sent.catch((error: unknown) => {
      // What did not get away is no reason for a later run not to try again.
      posted.delete(number);
      if (error instanceof ConflictError) this.#onLost?.(error);
    });
    return sent;
  }

  /** Sends after all that was to be sent before. A failure is logged here, and known to whoever awaits this one. */
  post(stanza: Message | Presence, options: SendOptions = { along: this.#along }): Promise<Sent> {
    const sent =
      this.#sending === undefined
        ? this.#send(stanza, options)
        : this.#sending.then(() => this.#send(stanza, options));
    const through = (): void => {
      if (this.#sending === sending) this.#sending = undefined;
    };
    const sending: Promise<void> = sent.then(through, (error: unknown) => {
      if (this.#onLost === undefined || !(error instanceof ConflictError)) {
        this.#bot.log.error(
          { err: error, id: stanza.id, to: String(stanza.to) },
          "a reply could not be sent",
        );
      }
      through();
    });
    this.#sending = sending;
    return sent;
  }

  async #send(stanza: Message | Presence, options: SendOptions): Promise<Sent> {
    const sent = await this.#bot.sender.send(fromBot(stanza, this.#bot), options);
    this.#onSent(stanza);
    return sent;
  }
}

/** What answers a stanza without an address has none to send from either. */
function fromBot(stanza: Message | Presence, { jid }: Poster): Message | Presence {
  if (stanza.from !== undefined) return stanza;
  const element = stanza.element.withAttrs({ from: jid.toString() });
  return stanza.kind === "message" ? new Message(element) : new Presence(element);
}

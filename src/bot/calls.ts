import {
  type CallOptions,
  type IqAnswer,
  type IqOptions,
  type IqRequest,
  Queries,
  type Requester,
} from "../outbound/index.ts";
import { Iq, iq, type Jid } from "../stanza/index.ts";
import type { BotHandle } from "./bot-handle.ts";
import type { Sender } from "./sender.ts";

/** Asks from the address of one bot, as long as its handler has time. */
class BotRequester implements Requester {
  readonly self: Jid;
  readonly #sender: Sender;
  readonly #signal: AbortSignal | undefined;

  constructor({ jid, sender }: Pick<BotHandle, "jid" | "sender">, signal: AbortSignal | undefined) {
    this.self = jid;
    this.#sender = sender;
    this.#signal = signal;
  }

  async iq(request: Iq | IqRequest, options: IqOptions = {}): Promise<Iq> {
    return await this.#sender.iq(this.#own(request), this.#within(options));
  }

  async exchange(request: Iq | IqRequest, options: IqOptions = {}): Promise<IqAnswer> {
    const { exchange } = this.#sender;
    if (exchange === undefined) {
      throw new TypeError(
        "what sends this bot's stanzas has no exchange(), so no messages come with an answer: archives cannot be read here",
      );
    }
    return await exchange.call(this.#sender, this.#own(request), this.#within(options));
  }

  #own(request: Iq | IqRequest): Iq {
    const from = this.self.toString();
    if (request instanceof Iq) return new Iq(request.element.withAttrs({ from }));
    const { type, to, lang, payload } = request;
    return iq({ type, to, from, lang }, payload);
  }

  #within(options: IqOptions): IqOptions {
    const signal = anyOf(this.#signal, options);
    return { ...options, ...(signal && { signal }) };
  }
}

function anyOf(one: AbortSignal | undefined, { signal }: CallOptions): AbortSignal | undefined {
  return one === undefined || signal === undefined ? (one ?? signal) : AbortSignal.any([one, signal]);
}

/**
 * @internal What a bot can ask others, from its own address.
 *
 * @param signal ends every question.
 */
export function callsOf(bot: Pick<BotHandle, "jid" | "sender">, signal?: AbortSignal): Queries {
  return new Queries(new BotRequester(bot, signal));
}

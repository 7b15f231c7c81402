import { randomInt } from "node:crypto";
import type { Logger } from "pino";
import { type Element, el } from "../../stanza/index.ts";
import { ModRestCrash } from "../json-quirks.ts";
import { type AddressEvent, bareOf, eventOf } from "./addresses.ts";
import { freshId } from "./answers.ts";
import { type CallbackQueue, ConversationQueue, ShuffledQueue } from "./callback-queue.ts";
import { CallbackSender, type OutgoingCallback } from "./callback-sender.ts";
import { fillCallbackUrl } from "./callback-url.ts";
import type { Origin } from "./network.ts";
import type { CallbackOptions } from "./options.ts";
import { decideOutput, encodePayload, INPUT_TYPES, type OutputType } from "./payload.ts";
import { replyTo, replyToFailure } from "./reply-rules.ts";
import { signWebhook } from "./webhook-signature.ts";

/** The callback side of one `mod_rest`: stanzas out over HTTP, and what comes back into the network. */
export class Callback {
  readonly #domain: string;
  readonly #options: CallbackOptions;
  readonly #events: readonly AddressEvent[];
  readonly #sender: CallbackSender;
  readonly #queue: CallbackQueue;
  readonly #logger: Logger | undefined;
  #sendType: OutputType;

  /** @throws TypeError when the URL is not one of plain HTTP. */
  constructor(
    domain: string,
    options: CallbackOptions,
    defaultEvents: readonly AddressEvent[],
    logger: Logger | undefined,
  ) {
    if (!options.url.startsWith("http://")) {
      throw new TypeError(
        `the callback URL of ${domain} is not plain http, which is all that the double speaks`,
      );
    }
    this.#domain = domain;
    this.#options = options;
    this.#events = options.events ?? defaultEvents;
    this.#sender = new CallbackSender(options.carried !== undefined);
    this.#queue = queueFor(options);
    this.#logger = logger;
    this.#sendType =
      options.contentType === "json" ? "application/json" : (options.contentType ?? "application/xmpp+xml");
  }

  /** The `OPTIONS` request at load; its `Accept` header, on status 200 only, picks the content type from then on. */
  async probe(): Promise<void> {
    const meta = el("meta", { type: "info", to: this.#domain, from: this.#domain });
    const url = fillCallbackUrl(this.#options.url, meta);
    try {
      const answer = await this.#sender.send({ url, method: "OPTIONS", headers: {}, body: undefined });
      if (answer.status === 200 && answer.accept !== undefined) this.#sendType = decideOutput(answer.accept);
      if (answer.status !== 200)
        this.#logger?.warn(`Unexpected response code ${answer.status} from OPTIONS probe`);
    } catch (error) {
      this.#logger?.error({ err: error }, `Could not connect to the callback URL of ${this.#domain}`);
    }
  }

  /** Whether stanzas of this kind and destination are called back about. */
  wants(stanza: Element): boolean {
    const kinds: readonly string[] = this.#options.stanzas ?? ["message", "presence", "iq"];
    return kinds.includes(stanza.name) && this.#events.includes(eventOf(stanza.attr("to") ?? this.#domain));
  }

  /** Sends the callback about a stanza; the reply goes straight to where the stanza came from. */
  handle(stanza: Element, origin: Origin): void {
    const safe = this.#options.carried === undefined ? stanza : withoutHostileLang(stanza);
    const conversation = `${bareOf(stanza.attr("to") ?? "")} ${bareOf(stanza.attr("from") ?? "")}`;
    this.#queue.add(stanza.name === "iq" ? undefined : conversation, (written) =>
      this.#carry(safe, origin, written),
    );
  }

  stop(): void {
    this.#sender.stop();
  }

  async #carry(stanza: Element, origin: Origin, written: () => void): Promise<void> {
    let reply: Element | undefined;
    try {
      const answer = await this.#sender.send(this.#request(stanza), written);
      const outcome = replyTo(stanza, answer);
      if (outcome.warning !== undefined) this.#logger?.warn(outcome.warning);
      reply = outcome.reply;
    } catch (error) {
      if (error instanceof ModRestCrash) {
        this.#logger?.error({ err: error }, "Error[rest]");
        return;
      }
      this.#logger?.error({ err: error }, `Could not connect to the callback URL of ${this.#domain}`);
      reply = this.#replyToFailure(stanza);
    }
    if (reply !== undefined) origin.send(reply);
  }

  #replyToFailure(stanza: Element): Element | undefined {
    if (this.#options.carried === undefined) return replyToFailure(stanza, undefined);
    // mod_restanza_callback spares rooms, where an error would have the bot removed.
    const inRoom =
      stanza.name === "presence" ? stanza.attr("type") !== "subscribe" : stanza.attr("type") === "groupchat";
    return inRoom ? undefined : replyToFailure(stanza, "The bot cannot be reached at the moment");
  }

  #request(stanza: Element): OutgoingCallback {
    const body = encodePayload(this.#sendType, stanza);
    const lang = stanza.attr("xml:lang");
    const { carried } = this.#options;
    return {
      url: fillCallbackUrl(this.#options.url, stanza),
      // Prosody's HTTP client sends a GET when there is no body to send.
      method: body === undefined ? "GET" : "POST",
      headers: {
        "Content-Type": this.#sendType,
        ...(lang === undefined || carried !== undefined ? undefined : { "Content-Language": lang }),
        Accept: INPUT_TYPES.join(", "),
        ...(carried?.keys === undefined
          ? undefined
          : signWebhook(carried.keys, `msg_${freshId()}`, Date.now(), body ?? "")),
      },
      body,
    };
  }
}

function queueFor(options: CallbackOptions): CallbackQueue {
  if (options.carried !== undefined) return new ConversationQueue();
  return new ShuffledQueue(options.shuffleSeed ?? randomInt(2 ** 32));
}

/** An `xml:lang` with control characters would add lines to the HTTP head. */
function withoutHostileLang(stanza: Element): Element {
  const lang = stanza.attr("xml:lang");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters to look for
  return lang !== undefined && /[\x00-\x1f\x7f]/.test(lang)
    ? stanza.withAttrs({ "xml:lang": undefined })
    : stanza;
}

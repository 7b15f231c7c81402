import { randomInt } from "node:crypto";
import type { Logger } from "pino";
import { type Element, el } from "../../stanza/index.ts";
import { ModRestCrash } from "../json-quirks.ts";
import { type AddressEvent, eventOf } from "./addresses.ts";
import { ShuffledQueue } from "./callback-queue.ts";
import {
  type CallbackAnswer,
  CallbackFailure,
  CallbackSender,
  type OutgoingCallback,
} from "./callback-sender.ts";
import { fillCallbackUrl } from "./callback-url.ts";
import { Carrier } from "./carried/carrier.ts";
import type { Origin } from "./network.ts";
import type { CallbackOptions } from "./options.ts";
import { decideOutput, encodePayload, INPUT_TYPES, type OutputType } from "./payload.ts";
import { replyTo, replyToFailure } from "./reply-rules.ts";

/** The callback side of one `mod_rest`: stanzas out over HTTP, and what comes back into the network. */
export class Callback {
  readonly #domain: string;
  readonly #options: CallbackOptions;
  readonly #events: readonly AddressEvent[];
  readonly #sender = new CallbackSender();
  readonly #queue: ShuffledQueue;
  readonly #carrier: Carrier | undefined;
  readonly #logger: Logger | undefined;
  #sendType: OutputType;

  /** @throws TypeError when the URL is not one of plain HTTP. */
  constructor(
    domain: string,
    options: CallbackOptions,
    defaultEvents: readonly AddressEvent[],
    logger: Logger | undefined,
    route: (stanza: Element) => void,
  ) {
    if (!options.url.startsWith("http://")) {
      throw new TypeError(
        `the callback URL of ${domain} is not plain http, which is all that the double speaks`,
      );
    }
    this.#domain = domain;
    this.#options = options;
    this.#events = options.events ?? defaultEvents;
    this.#queue = new ShuffledQueue(options.shuffleSeed ?? randomInt(2 ** 32));
    this.#logger = logger;
    this.#carrier =
      options.carried &&
      new Carrier({
        ...options.carried,
        domain,
        logger,
        route,
        deliver: (stanza, origin, answer) => this.#deliver(stanza, origin, answer),
      });
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

  /** Sends the callback about a stanza; without a carrier the reply goes straight to where the stanza came from, past all routing. */
  handle(stanza: Element, origin: Origin): void {
    this.#guard(() => {
      const carrier = this.#carrier;
      if (carrier !== undefined) this.#handOver(carrier, withoutHostileLang(stanza), origin);
      else this.#wait(stanza, this.#request(stanza), origin);
    });
  }

  stop(): void {
    this.#carrier?.stop();
    this.#sender.stop();
  }

  #handOver(carrier: Carrier, stanza: Element, origin: Origin): void {
    const request = this.#request(stanza);
    const { url, headers, body } = request;
    // What mod_rest cannot encode, the module leaves alone.
    if (body === undefined) void this.#carry(stanza, request, origin, () => undefined);
    else carrier.take({ stanza, origin, url, headers, body });
  }

  #wait(stanza: Element, request: OutgoingCallback, origin: Origin): void {
    this.#queue.add((written) => this.#carry(stanza, request, origin, written));
  }

  async #carry(
    stanza: Element,
    request: OutgoingCallback,
    origin: Origin,
    written: () => void,
  ): Promise<void> {
    try {
      const answer = await this.#sender.send(request, { written });
      this.#deliver(stanza, origin, answer);
    } catch (error) {
      if (!(error instanceof CallbackFailure)) throw error;
      this.#logger?.error({ err: error }, `Could not connect to the callback URL of ${this.#domain}`);
      const reply = replyToFailure(stanza);
      if (reply !== undefined) origin.send(reply);
    }
  }

  #deliver(stanza: Element, origin: Origin, answer: CallbackAnswer): void {
    this.#guard(() => {
      const { reply, warning } = replyTo(stanza, answer);
      if (warning !== undefined) this.#logger?.warn(warning);
      if (reply !== undefined) origin.send(reply);
    });
  }

  /** Where mod_rest crashes, the stanza is gone, and Prosody goes on. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ModRestCrash)) throw error;
      this.#logger?.error({ err: error }, "Error[rest]");
    }
  }

  #request(stanza: Element): OutgoingCallback {
    const body = encodePayload(this.#sendType, stanza);
    const lang = stanza.attr("xml:lang");
    return {
      url: fillCallbackUrl(this.#options.url, stanza),
      // Prosody's HTTP client sends a GET when there is no body to send.
      method: body === undefined ? "GET" : "POST",
      headers: {
        "Content-Type": this.#sendType,
        ...(lang === undefined || this.#carrier !== undefined ? undefined : { "Content-Language": lang }),
        Accept: INPUT_TYPES.join(", "),
      },
      body,
    };
  }
}

/** An `xml:lang` with control characters would add lines to the HTTP head. */
function withoutHostileLang(stanza: Element): Element {
  const lang = stanza.attr("xml:lang");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters to look for
  return lang !== undefined && /[\x00-\x1f\x7f]/.test(lang)
    ? stanza.withAttrs({ "xml:lang": undefined })
    : stanza;
}

import type { Logger } from "pino";
import type { Element } from "../../../stanza/index.ts";
import { bareOf } from "../addresses.ts";
import { errorReply, freshId, isAnswerable } from "../answers.ts";
import { type CallbackAnswer, CallbackFailure, CallbackSender } from "../callback-sender.ts";
import type { Origin } from "../network.ts";
import type { CarriedOptions } from "../options.ts";
import { signWebhook } from "../webhook-signature.ts";
import { Holding } from "./holding.ts";
import type { Job } from "./job.ts";
import { Lanes } from "./lanes.ts";

const UNREACHABLE = "The bot cannot be reached at the moment";
const FULL = "The bot has too many messages waiting, try again later";

/** A kept connection that is closed sooner than this after a request was closed before that came, in milliseconds. */
const STALE_WITHIN = 1_000;

/** A callback as mod_rest makes it. */
export interface CarriedCallback {
  readonly stanza: Element;
  readonly origin: Origin;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What {@link Carrier} takes. */
export interface CarrierOptions extends CarriedOptions {
  readonly domain: string;
  /** Makes a reply of what the web server answered. */
  readonly deliver: (stanza: Element, origin: Origin, answer: CallbackAnswer) => void;
  /** Sends a stanza to its address. */
  readonly route: (stanza: Element) => void;
  readonly logger: Logger | undefined;
}

/** Carries callbacks as `mod_restanza_callback` does: signed, in order, and kept while the web server is away. */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #hold: number;
  readonly #sender: CallbackSender;
  readonly #lanes: Lanes;
  readonly #holding: Holding;
  readonly #tending: NodeJS.Timeout;
  #stopped = false;

  constructor(options: CarrierOptions) {
    const {
      connections = 64,
      queue = 10_000,
      queuePerConversation = 1_000,
      queueBytes = 64 * 1024 * 1024,
      hold = 300_000,
      timeout = 120_000,
    } = options;
    this.#options = options;
    this.#hold = hold;
    this.#sender = new CallbackSender({ lasting: true, connections, timeout });
    const limits = { connections, queue, queuePerConversation, queueBytes };
    this.#lanes = new Lanes(limits, (job) => void this.#send(job, false));
    this.#holding = new Holding({
      lanes: this.#lanes,
      hold,
      refuse: (jobs) => this.#refuse(jobs, "recipient-unavailable", UNREACHABLE),
      begun: (reason) => options.logger?.warn(`The bots' web server is away (${reason})`),
      over: (back, kept, refused) =>
        options.logger?.info(
          `The bots' web server is ${back ? "back" : "still away, and nothing is kept any more"}. Stanzas kept: ${kept}; kept for too long and refused: ${refused}`,
        ),
    });
    this.#tending = setInterval(() => this.#holding.tend(), 1_000).unref();
  }

  /** Takes a callback; the reply goes to where its stanza came from. */
  take(callback: CarriedCallback): void {
    const { stanza, body } = callback;
    const job: Job = {
      ...callback,
      origin: this.#lasting(callback.origin),
      id: `msg_${freshId()}`,
      key: `${bareOf(stanza.attr("to") ?? this.#options.domain)} ${bareOf(stanza.attr("from") ?? this.#options.domain)}`,
      iq: stanza.name === "iq",
      bytes: Buffer.byteLength(body),
      arrived: Date.now(),
      attempts: 0,
      turn: 0,
      written: undefined,
      keptSince: undefined,
      ownFailures: 0,
    };
    // Who has sent an IQ waits for it.
    if (job.iq && this.#holding.isOn) {
      this.#refuse([job], "recipient-unavailable", UNREACHABLE);
      return;
    }
    const limit = this.#lanes.add(job);
    if (limit === undefined) return;
    this.#options.logger?.warn(`a stanza was refused: as many wait as ${limit} allows`);
    this.#refuse([job], "resource-constraint", FULL);
  }

  /** Tells whoever still waits that the server is being shut down, and breaks off what is under way. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#tending);
    this.#holding.stop();
    this.#refuse(this.#lanes.takeWaiting(), "recipient-unavailable", "The server is being shut down");
    this.#sender.stop();
  }

  async #send(job: Job, fresh: boolean): Promise<void> {
    job.attempts += 1;
    job.written = undefined;
    const headers = { ...job.headers, ...this.#webhookHeaders(job) };
    const request = { url: job.url, method: "POST", headers, body: job.body } as const;
    const began = Date.now();
    try {
      const answer = await this.#sender.send(request, {
        fresh,
        written: () => {
          job.written = Date.now();
        },
      });
      this.#answered(job, answer);
    } catch (error) {
      if (this.#stopped) return;
      if (!(error instanceof CallbackFailure)) throw error;
      // The server had given the connection up before the request came (RFC 9110 §9.2.2).
      if (error.reused && error.isUnanswered && Date.now() - began < STALE_WITHIN)
        await this.#send(job, true);
      else this.#failed(job, error);
    }
  }

  /**
   * Of a message that goes straight to a session neither the archive nor the other clients of that person hear. And when an answer
   * took minutes, the session may be gone, and its person there on another.
   */
  #lasting(origin: Origin): Origin {
    return {
      send: (stanza) =>
        origin.isGone === true || stanza.name === "message"
          ? this.#options.route(stanza)
          : origin.send(stanza),
    };
  }

  #webhookHeaders({ id, attempts, body }: Job): Readonly<Record<string, string>> {
    const { keys = [] } = this.#options;
    return {
      "webhook-id": id,
      ...(attempts > 1 ? { "webhook-attempt": String(attempts) } : undefined),
      ...(keys.length > 0 ? signWebhook(keys, id, Date.now(), body) : undefined),
    };
  }

  #answered(job: Job, answer: CallbackAnswer): void {
    if (this.#hold > 0 && isOfProxy(answer)) {
      const reason = `only a proxy answers, with status ${answer.status}`;
      this.#failed(job, new CallbackFailure(reason, { isUnanswered: true }));
      return;
    }
    this.#holding.answered(job);
    this.#options.deliver(job.stanza, job.origin, answer);
    this.#lanes.finished(job);
  }

  #failed(job: Job, failure: CallbackFailure): void {
    if (!failure.isUnanswered) this.#holding.answered(job);
    else if (this.#holding.keep(job, failure.message)) return;
    this.#options.logger?.warn(`a callback failed: ${failure.message}`);
    if (failure.isTimeout) this.#refuse([job], "remote-server-timeout", "The bot did not answer in time");
    else this.#refuse([job], "recipient-unavailable", UNREACHABLE);
    this.#lanes.finished(job);
  }

  #refuse(jobs: readonly Job[], condition: string, text: string): void {
    for (const { stanza, origin } of jobs)
      if (mayAnswerError(stanza)) origin.send(errorReply(stanza, "wait", condition, text));
  }
}

/** An error in a room means that the occupant is gone, so there is none there. */
function mayAnswerError(stanza: Element): boolean {
  if (!isAnswerable(stanza)) return false;
  const type = stanza.attr("type");
  return stanza.name === "presence" ? type === "subscribe" : type !== "groupchat";
}

const STANZA_TYPES: readonly string[] = [
  "application/xmpp+xml",
  "application/json",
  "application/cbor",
  "application/x-www-form-urlencoded",
];

/** What a reverse proxy answers in the place of a server that is away. */
function isOfProxy({ status, contentType = "", body }: CallbackAnswer): boolean {
  if (status !== 502 && status !== 503 && status !== 504) return false;
  const [type = ""] = contentType.toLowerCase().split(/[; ]/, 1);
  return body === "" || !STANZA_TYPES.includes(type);
}

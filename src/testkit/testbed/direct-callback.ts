import { randomUUID } from "node:crypto";
import { type Element, readStanza, type Stanza } from "../../stanza/index.ts";
import { freshId } from "../double/answers.ts";
import type { CallbackSide } from "../double/component.ts";
import type { Origin } from "../double/network.ts";
import { writeAsProsody } from "../double/prosody-xml.ts";
import { type CallbackResponse, replyTo, replyToFailure } from "../double/reply-rules.ts";
import { isWords } from "./received.ts";
import type { Site } from "./site.ts";

/** How long the module waits before it brings again what was not taken, in milliseconds. */
const AGAIN = 1_000;

/**
 * The callback side of mod_rest with mod_restanza_callback, called directly: in order, each with an id that it has again when it
 * comes again, and messages and presence kept while there is no process to take them.
 */
export class DirectCallback implements CallbackSide {
  readonly #site: Site;
  /** What was overtaken, until the next one has been handed over. */
  #overtaken: (() => void)[] = [];

  constructor(site: Site) {
    this.#site = site;
  }

  wants(): boolean {
    return true;
  }

  handle(stanza: Element, origin: Origin): void {
    const { activity, mischief, transcript, clock } = this.#site;
    activity.note();
    // As over the wire: what the bot gets was written and read.
    const id = randomUUID();
    const carry = (): void => void this.#carry(stanza, origin, id, 1);
    const mischance = isWords(stanza) ? mischief.take("callbacks") : undefined;
    if (mischance !== undefined) transcript.note(`a callback is ${WORDS[mischance.kind]}`);
    switch (mischance?.kind) {
      case "drop":
        this.#deliver(origin, replyToFailure(stanza));
        return;
      case "delay":
        clock.after(mischance.milliseconds, carry);
        return;
      case "overtaken":
        this.#overtaken.push(carry);
        return;
      case "duplicate":
        carry();
        void this.#carry(stanza, origin, id, 2);
        return;
      case undefined:
        carry();
        for (const late of this.#overtaken.splice(0)) late();
    }
  }

  async #carry(stanza: Element, origin: Origin, id: string, first: number): Promise<void> {
    const received = readStanza(writeAsProsody(stanza));
    for (let attempt = first; ; attempt += 1) {
      const answer = await this.#attempt(received, id, attempt > 1);
      this.#site.activity.note();
      if (answer === undefined && stanza.name === "iq") return this.#deliver(origin, replyToFailure(stanza));
      if (answer === undefined) continue;
      if (answer.status !== 503) return this.#deliver(origin, replyTo(stanza, answer).reply);
      await new Promise<void>((resolve) => this.#site.clock.after(AGAIN, resolve));
    }
  }

  /** One callback; `undefined` when the process ended before it answered. */
  async #attempt(stanza: Stanza, id: string, repeated: boolean): Promise<CallbackResponse | undefined> {
    const process = await this.#site.process;
    return await Promise.race([process.take(stanza, { id, repeated }), process.ended]);
  }

  #deliver(origin: Origin, reply: Element | undefined): void {
    if (reply === undefined) return;
    this.#site.activity.note();
    const stamped = reply.attr("id") === undefined ? reply.withAttrs({ id: freshId() }) : reply;
    this.#site.transcript.add(stamped);
    origin.send(stamped);
  }
}

const WORDS = {
  drop: "lost",
  delay: "delayed",
  overtaken: "held up, to be overtaken",
  duplicate: "delivered twice",
} as const;

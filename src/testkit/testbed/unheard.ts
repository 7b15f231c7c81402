import type { Jid } from "../../stanza/index.ts";
import type { Received } from "./received.ts";

/** What a test expects that somebody hears: the whole words, a pattern that they match, or a test. */
export type Wanted = string | RegExp | ((received: Received) => boolean);

/** What has come to somebody in a test and was neither returned by what they said, nor heard. */
export class Unheard {
  #all: Received[] = [];

  add(received: Received): void {
    this.#all.push(received);
  }

  /** Takes the first that is wanted. */
  take(wanted: Wanted): Received | undefined {
    const index = this.#all.findIndex((received) => fits(received, wanted));
    return index === -1 ? undefined : this.#all.splice(index, 1)[0];
  }

  /** Begins to wait for what a partner says from now on; the result takes that. */
  from(partner: Jid | undefined): () => readonly Received[] {
    const before = new Set(this.#all);
    return () => {
      const isReply = (received: Received): boolean =>
        !before.has(received) && partner !== undefined && received.from?.bare.equals(partner) === true;
      const replies = this.#all.filter(isReply);
      this.#all = this.#all.filter((received) => !isReply(received));
      return replies;
    };
  }

  /** The words of each that has any, in quotation marks. */
  get words(): readonly string[] {
    return this.#all.flatMap(({ body }) => (body === undefined ? [] : [JSON.stringify(body)]));
  }
}

function fits(received: Received, wanted: Wanted): boolean {
  if (typeof wanted === "function") return wanted(received);
  if (received.body === undefined) return false;
  return typeof wanted === "string" ? received.body === wanted : wanted.test(received.body);
}

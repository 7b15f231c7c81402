import { createHash } from "node:crypto";
import type { Stanza } from "../stanza/index.ts";

/** How a message is known that comes again without saying so, and for how long, in milliseconds. */
export interface Fingerprint {
  readonly key: string;
  readonly window: number;
}

/**
 * What a message has in common with itself when it comes again: sender, addressee, id and body. `undefined` for what has no
 * id or no words, and for errors, which have the id of what they answer.
 */
export function fingerprint(stanza: Stanza, window: number): Fingerprint | undefined {
  if (window === 0 || stanza.kind !== "message" || stanza.type === "error") return undefined;
  if (!stanza.id || stanza.body === undefined) return undefined;
  const parts = [String(stanza.from), String(stanza.to), stanza.id, stanza.body];
  return { key: createHash("sha256").update(JSON.stringify(parts)).digest("base64url"), window };
}

/** Recognises messages that have been here a short while ago, in this process. */
export class Duplicates {
  /** Until when each is remembered, the latest last. */
  readonly #until = new Map<string, number>();
  readonly #capacity: number;

  /** @param capacity messages remembered at the most. */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Notes a message; whether it was noted before and not forgotten since. */
  isRepeated({ key, window }: Fingerprint, now: number): boolean {
    const until = this.#until.get(key);
    if (until !== undefined && until > now) return true;
    this.#until.delete(key);
    this.#until.set(key, now + window);
    for (const [oldest, end] of this.#until) {
      if (end > now && this.#until.size <= this.#capacity) break;
      this.#until.delete(oldest);
    }
    return false;
  }

  /** A message that was turned away is news when it comes again. */
  forget({ key }: Fingerprint): void {
    this.#until.delete(key);
  }
}

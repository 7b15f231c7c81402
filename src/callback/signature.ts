import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** The headers that a signed callback carries, as Standard Webhooks names them. */
export interface SignatureHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

const PREFIX = "whsec_";
const SHORTEST_KEY = 16;

/** What a {@link SignatureVerifier} may be told. */
export interface SignatureOptions {
  /** How far the clocks may be apart, in seconds; default 120. A callback is remembered for that long to refuse a replay. */
  readonly tolerance?: number;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Verifies callbacks signed by our Prosody module: HMAC-SHA256 over `id.timestamp.body`, as Standard Webhooks does it.
 * Each is let in once.
 */
export class SignatureVerifier {
  // Prepared once: createHmac takes four times as long to find out what bytes are.
  readonly #keys: readonly KeyObject[];
  readonly #tolerance: number;
  readonly #now: () => number;
  // Two generations of ids, each as long as the tolerance allows: what falls out of the older is too old to be let in anyway.
  #seen = new Set<string>();
  #seenBefore = new Set<string>();
  #turned: number;

  /**
   * @param keys `whsec_` and Base64, or any other string taken as it is; two while one replaces another.
   * @throws TypeError when one is no key, see {@link isSignatureKey}: an empty one would let everybody sign.
   */
  constructor(keys: readonly string[], { tolerance = 120, now = Date.now }: SignatureOptions = {}) {
    if (!keys.every(isSignatureKey)) {
      throw new TypeError(
        "a key has under 16 bytes, or is no Base64 after whsec_; make one with: echo whsec_$(openssl rand -base64 32)",
      );
    }
    this.#keys = keys.map((key) => createSecretKey(keyBytes(key)));
    this.#tolerance = tolerance;
    this.#now = now;
    this.#turned = now();
  }

  /**
   * Lets a callback in, or throws.
   *
   * @throws {@link Refusal} for the reason `bad-signature` or `replayed`.
   */
  verify({ id, timestamp, signature }: SignatureHeaders, body: Uint8Array): void {
    if (id === undefined || timestamp === undefined || signature === undefined) {
      throw new Refusal(
        "bad-signature",
        "a callback came without the headers webhook-id, webhook-timestamp and webhook-signature: load mod_restanza_callback on the component and give it restanza_callback_keys",
      );
    }
    const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
    const now = this.#now();
    if (!(Math.abs(now / 1000 - seconds) <= this.#tolerance)) {
      throw new Refusal(
        "bad-signature",
        `a callback was signed at another time than now, give or take ${this.#tolerance} s: set the clocks of both machines, or raise the tolerance`,
      );
    }
    if (!this.#matches(`${id}.${timestamp}.`, body, signature)) {
      throw new Refusal(
        "bad-signature",
        "the signature of a callback fits none of the keys: compare restanza_callback_keys in Prosody's configuration with RESTANZA_CALLBACK_KEYS",
      );
    }
    this.#remember(id, now);
  }

  /** Lets a callback in once more, as it was neither handled nor kept and is to come again. */
  forget(id: string | undefined): void {
    if (id === undefined) return;
    this.#seen.delete(id);
    this.#seenBefore.delete(id);
  }

  #matches(prefix: string, body: Uint8Array, signature: string): boolean {
    const given = signature
      .split(" ")
      .slice(0, 8)
      .filter((each) => each.startsWith("v1,"))
      .map((each) => Buffer.from(each.slice(3), "base64"));
    return this.#keys.some((key) => {
      const expected = createHmac("sha256", key).update(prefix).update(body).digest();
      return given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
    });
  }

  #remember(id: string, now: number): void {
    if (now - this.#turned > this.#tolerance * 2000) {
      this.#seenBefore = this.#seen;
      this.#seen = new Set();
      this.#turned = now;
    }
    if (this.#seen.has(id) || this.#seenBefore.has(id)) {
      throw new Refusal(
        "replayed",
        "a callback came a second time with the same webhook-id, and was not handled again",
      );
    }
    this.#seen.add(id);
  }
}

/** Whether a key can be one: 16 bytes or more, and what follows `whsec_` is Base64, which Node would read leniently. */
export function isSignatureKey(key: string): boolean {
  const encoded = !key.startsWith(PREFIX) || /^[\w+/-]+={0,2}$/.test(key.slice(PREFIX.length));
  return encoded && keyBytes(key).length >= SHORTEST_KEY;
}

function keyBytes(key: string): Buffer {
  return key.startsWith(PREFIX) ? Buffer.from(key.slice(PREFIX.length), "base64") : Buffer.from(key);
}

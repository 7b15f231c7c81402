import { inspect } from "node:util";
import { abortable } from "../abortable.ts";
import { CredentialError, RestRefusedError } from "../errors.ts";
import type { Authorizer, Credentials } from "./credentials.ts";
import { REDACTED, redact } from "./redact.ts";

/** Where a token comes from: the token itself, or something that gives the one valid now. */
export type TokenSource = string | (() => string | Promise<string>);

/** A bearer token (RFC 6750). */
class BearerCredentials implements Credentials {
  readonly #source: TokenSource;

  constructor(source: TokenSource) {
    if (typeof source === "string") checkToken(source);
    this.#source = source;
  }

  open(): Authorizer {
    return typeof this.#source === "string" ? fixed(this.#source) : rotating(this.#source);
  }

  [inspect.custom](): string {
    return `BearerCredentials { token: ${REDACTED} }`;
  }
}

function fixed(token: string): Authorizer {
  const value = Promise.resolve(`Bearer ${token}`);
  return {
    authorization: () => value,
    renew: () => Promise.resolve(false),
    redact: (text) => redact(text, [token]),
    close: () => {},
  };
}

function rotating(source: () => string | Promise<string>): Authorizer {
  // The one before is still under way in requests when a new one comes.
  const recent: string[] = [];
  const closing = new AbortController();
  const authorization = async (signal: AbortSignal | undefined): Promise<string> => {
    let token: string;
    try {
      const given = Promise.resolve(source());
      token = await abortable(abortable(given, signal), closing.signal);
    } catch {
      signal?.throwIfAborted();
      closing.signal.throwIfAborted();
      // What was thrown is not ours to show: it may hold the token or what it was made from.
      throw new CredentialError(
        "the function given to bearer() threw instead of giving a token; catch it there to see why",
        {
          retryable: true,
        },
      );
    }
    checkToken(token);
    if (recent.at(-1) !== token) recent.push(token);
    if (recent.length > 4) recent.shift();
    return `Bearer ${token}`;
  };
  return {
    authorization,
    renew: async (used, signal) => (await authorization(signal)) !== used,
    redact: (text) => redact(text, recent),
    close: () => closing.abort(new RestRefusedError("the client was closed", "closed")),
  };
}

function checkToken(token: string): void {
  if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return;
  throw new CredentialError(
    "the bearer token is empty or holds a space, a line break or a letter outside ASCII, which no token does (RFC 6750 §2.1); see that it was copied whole and alone",
    { retryable: false },
  );
}

/**
 * A bearer token that is known already: one of `restanza_tokens` of `mod_restanza_token` on a component, or one made by
 * `prosodyctl mod_tokenauth`. A function is asked before every request, so that the token can rotate.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { bearer } from "restanza/outbound";
 *
 * bearer(process.env.RESTANZA_TOKEN ?? "");
 * bearer(async () => (await readFile("/run/secrets/token", "utf8")).trim());
 * ```
 * @throws {@link CredentialError} when the token is empty or no token.
 */
export function bearer(token: TokenSource): Credentials {
  return new BearerCredentials(token);
}

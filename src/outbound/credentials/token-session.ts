import type { Logger } from "pino";
import { abortable } from "../abortable.ts";
import { CredentialError, RestRefusedError } from "../errors.ts";
import type { Authorizer } from "./credentials.ts";
import { redact } from "./redact.ts";

/** Tokens as an authorization server issued them. */
export interface IssuedTokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Life of the access token in seconds; `undefined` where the server did not tell. */
  readonly expiresIn: number | undefined;
}

/** Where tokens come from. */
export interface TokenIssuer {
  issue(refresh: string | undefined, signal: AbortSignal): Promise<IssuedTokens>;
  /** Every secret it knows, to strike out. */
  secrets(): readonly (string | undefined)[];
}

/** How long a refusal stands, in milliseconds: asking again at the rate of stanzas would look like guessing. */
const REFUSAL_STANDS = 10_000;

interface Held extends IssuedTokens {
  readonly header: string;
  /** In milliseconds since the epoch. */
  readonly freshUntil: number;
}

/** Holds the tokens of one client and renews them: one renewal at a time, which all who need it wait for. */
export class TokenSession implements Authorizer {
  readonly #issuer: TokenIssuer;
  readonly #times: { readonly leeway: number; readonly timeout: number };
  readonly #logger: Logger | undefined;
  readonly #closing = new AbortController();
  #held: Held | undefined;
  #before: Held | undefined;
  #renewal: Promise<Held> | undefined;
  #refusal: { readonly error: CredentialError; readonly until: number } | undefined;

  constructor(
    issuer: TokenIssuer,
    times: { readonly leeway: number; readonly timeout: number },
    logger: Logger | undefined,
  ) {
    this.#issuer = issuer;
    this.#times = times;
    this.#logger = logger;
  }

  async authorization(signal: AbortSignal | undefined): Promise<string> {
    const held = this.#held;
    if (held !== undefined && this.#renewal === undefined && Date.now() < held.freshUntil) return held.header;
    return (await abortable(this.#renew(), signal)).header;
  }

  async renew(used: string, signal: AbortSignal | undefined): Promise<boolean> {
    // Whoever was refused first has had it renewed for the others that used the same one.
    if (this.#held === undefined || this.#held.header === used) await abortable(this.#renew(), signal);
    return true;
  }

  redact(text: string): string {
    const tokens = [this.#held, this.#before].flatMap((held) => [held?.access, held?.refresh]);
    return redact(text, [...tokens, ...this.#issuer.secrets()]);
  }

  close(): void {
    this.#closing.abort(new RestRefusedError("the client was closed", "closed"));
  }

  #renew(): Promise<Held> {
    if (this.#refusal !== undefined && Date.now() < this.#refusal.until) {
      return Promise.reject(this.#refusal.error);
    }
    if (this.#renewal === undefined) {
      this.#renewal = this.#issue().finally(() => {
        this.#renewal = undefined;
      });
      // Everybody who waited may have gone.
      this.#renewal.catch(() => {});
    }
    return this.#renewal;
  }

  async #issue(): Promise<Held> {
    const deadline = new AbortController();
    const stop = (): void => deadline.abort(this.#closing.signal.reason);
    this.#closing.signal.addEventListener("abort", stop, { once: true });
    if (this.#closing.signal.aborted) stop();
    const timer = setTimeout(() => deadline.abort(new TokenTimeout()), this.#times.timeout);
    try {
      const tokens = await this.#issuer.issue(this.#held?.refresh, deadline.signal);
      const life = (tokens.expiresIn ?? Number.POSITIVE_INFINITY) * 1000;
      const held = {
        ...tokens,
        header: `Bearer ${tokens.access}`,
        freshUntil: Date.now() + life - Math.min(this.#times.leeway, life / 2),
      };
      this.#before = this.#held;
      this.#held = held;
      this.#refusal = undefined;
      this.#logger?.debug({ expiresIn: tokens.expiresIn }, "got a new access token");
      return held;
    } catch (error) {
      if (error instanceof CredentialError && !error.retryable) {
        this.#refusal = { error, until: Date.now() + REFUSAL_STANDS };
      }
      this.#logger?.warn({ reason: (error as Error).message }, "got no access token");
      throw error;
    } finally {
      clearTimeout(timer);
      this.#closing.signal.removeEventListener("abort", stop);
    }
  }
}

/** @internal Why the signal of a renewal aborted. */
export class TokenTimeout extends Error {
  override name = "TokenTimeout";
}

import { ResponseBodyError } from "oauth4webapi";
import { CredentialError, RestConnectionError } from "../errors.ts";
import type { FetchRecord } from "./oauth-fetch.ts";
import { redact } from "./redact.ts";
import { TokenTimeout } from "./token-session.ts";

/** Whether an authorization server refused with this code (RFC 6749 §5.2). */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof ResponseBodyError && error.error === code;
}

/** Where a failure came about. */
export interface TokenFailureContext {
  readonly signal: AbortSignal;
  readonly record: FetchRecord;
  readonly host: string;
  readonly secrets: readonly (string | undefined)[];
}

const advice: Readonly<Record<string, string>> = {
  invalid_grant: "the user name or password is wrong",
  invalid_client:
    "the OAuth client is not known there: leave client out to have one registered, or register it anew",
  invalid_request:
    "it wants a request of another kind: if it misses client_id, set oauth2_registration_key in Prosody or give client",
  invalid_scope: "it does not know the scope: leave scope out",
  unauthorized_client:
    "this client may not ask in this way: register it for the grants password and refresh_token",
  unsupported_grant_type: 'set allowed_oauth2_grant_types = { "password", "refresh_token" } in Prosody',
};

/**
 * The error for tokens that could not be had. That of oauth4webapi is not kept as the cause: it holds the response, and
 * with it tokens and secrets.
 */
export function tokenFailure(error: unknown, context: TokenFailureContext): unknown {
  const { signal, record, host } = context;
  if (signal.aborted && !(signal.reason instanceof TokenTimeout)) return signal.reason;
  if (signal.aborted) {
    return new CredentialError(`${host} issued no access token in time; try again later`, {
      retryable: true,
    });
  }
  if (error instanceof RestConnectionError) {
    return new CredentialError(
      `no access token for ${host} could be asked for (${error.code}); see that Prosody runs, then try again`,
      { retryable: true },
    );
  }
  if (error instanceof ResponseBodyError) {
    const why = advice[error.error] ?? "see Prosody's log";
    const words = [error.error, error.error_description].filter((part) => part !== undefined).join(": ");
    const shown = redact(words, context.secrets)
      .replace(/\p{Cc}+/gu, " ")
      .slice(0, 200);
    return new CredentialError(`${host} issued no access token (${shown}): ${why}`, {
      retryable: false,
      code: error.error,
    });
  }
  const { status } = record;
  const what = status === undefined ? "an answer that cannot be read" : `HTTP ${status}`;
  return new CredentialError(
    `${host} issued no access token but ${what}, which is none of OAuth 2.0: see that mod_http_oauth2 is loaded on that host (on a component stock Prosody crashes, see its log; use componentSecret or bearer there)`,
    { retryable: status === 503 || status === 429 },
  );
}

import type { Logger } from "pino";
import type { HttpAnswer } from "../exchange.ts";
import type { HttpCall } from "../transport.ts";

/**
 * Who sends. Made by {@link bearer}, {@link componentSecret}, {@link accountPassword} or {@link oauth2}, and handed to
 * a {@link RestClient}, which opens it: a value can serve several clients, each with its own tokens.
 */
export interface Credentials {
  /** @internal */
  open(access: CredentialAccess): Authorizer;
}

/** @internal What credentials may use of the client that opens them. */
export interface CredentialAccess {
  /** Sends a request to the server of mod_rest. */
  readonly request: (call: HttpCall) => Promise<HttpAnswer>;
  readonly origin: string;
  readonly host: string;
  readonly logger: Logger | undefined;
}

/** @internal Credentials at work for one client. */
export interface Authorizer {
  /** The value of the `Authorization` header. */
  authorization(signal: AbortSignal | undefined): Promise<string>;
  /** Tells that the server refused `used`; resolves with whether there is another to try once. */
  renew(used: string, signal: AbortSignal | undefined): Promise<boolean>;
  /** `text` with every secret that is known here struck out. */
  redact(text: string): string;
  /** Stops what is under way. */
  close(): void;
}

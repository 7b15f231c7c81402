import { inspect } from "node:util";
import { Jid } from "../../stanza/index.ts";
import { whole } from "../options.ts";
import { AuthorizationServer } from "./authorization-server.ts";
import type { Authorizer, CredentialAccess, Credentials } from "./credentials.ts";
import { REDACTED } from "./redact.ts";
import { TokenSession } from "./token-session.ts";

/** Who asks for tokens, and how; times are in milliseconds. */
export interface OAuth2Options {
  /** The account; on a component, any JID of it. */
  readonly jid: string | Jid;
  /** The password of the account; on a component, its `component_secret`. */
  readonly password: string;
  /** Default `xmpp offline_access`: the account's own role, and a refresh token from a Prosody that asks for that. */
  readonly scope?: string | undefined;
  /** A client that is registered already. Default: one is registered where the server offers it (RFC 7591). */
  readonly client?: { readonly id: string; readonly secret: string } | undefined;
  /** What the client is called when it is registered. Default `restanza`. */
  readonly clientName?: string | undefined;
  /** The `https` page about the client when it is registered. Default: that of the domain of `jid`. */
  readonly clientUri?: string | undefined;
  /**
   * The paths of the endpoints, for a Prosody whose `http_external_url` names others than those it is reached by here.
   * Default: as the server tells (RFC 8414).
   */
  readonly endpoints?: { readonly token: string; readonly registration?: string | undefined } | undefined;
  /** How long before its end a token is replaced; at most half its life. Default 60,000. */
  readonly leeway?: number | undefined;
  /** How long getting a token may take in all. Default 30,000. */
  readonly timeout?: number | undefined;
}

/** @internal Options with their defaults. */
export interface OAuth2Settings {
  readonly jid: Jid;
  readonly password: string;
  readonly scope: string;
  readonly client: { readonly id: string; readonly secret: string } | undefined;
  readonly clientName: string;
  readonly clientUri: string;
  readonly endpoints: { readonly token: string; readonly registration?: string | undefined } | undefined;
  readonly leeway: number;
  readonly timeout: number;
}

/** OAuth 2.0 by the password grant (RFC 6749 §4.3). */
class OAuth2Credentials implements Credentials {
  readonly #settings: OAuth2Settings;

  constructor(options: OAuth2Options) {
    const jid = Jid.parse(options.jid).bare;
    if (options.password === "") {
      throw new TypeError(`the password of ${jid} is empty; give the one in Prosody's configuration`);
    }
    this.#settings = {
      jid,
      password: options.password,
      scope: options.scope ?? "xmpp offline_access",
      client: options.client,
      clientName: options.clientName ?? "restanza",
      clientUri: options.clientUri ?? `https://${jid.domain}/`,
      endpoints: options.endpoints,
      leeway: whole("leeway", options.leeway ?? 60_000, 0, 2 ** 31 - 1),
      timeout: whole("timeout", options.timeout ?? 30_000, 1, 2 ** 31 - 1),
    };
  }

  open(access: CredentialAccess): Authorizer {
    const server = new AuthorizationServer(this.#settings, access);
    return new TokenSession(server, this.#settings, access.logger);
  }

  [inspect.custom](): string {
    return `OAuth2Credentials { jid: ${inspect(String(this.#settings.jid))}, password: ${REDACTED} }`;
  }
}

/**
 * Tokens of `mod_http_oauth2`, got with a password and kept fresh: replaced before they expire, and once when Prosody
 * refuses one. Needs `allowed_oauth2_grant_types = { "password", "refresh_token" }` on the host. Works with Prosody
 * 13.0.1, which wants no client, and with 13.0.7, which wants one registered (`oauth2_registration_key`); on a
 * component only with `mod_restanza_token`.
 *
 * @example
 * ```ts
 * import { oauth2, RestClient } from "restanza/outbound";
 *
 * const client = new RestClient({
 *   url: "http://127.0.0.1:5280/rest",
 *   host: "example.com",
 *   credentials: oauth2({ jid: "bot@example.com", password: process.env.BOT_PASSWORD ?? "" }),
 * });
 * ```
 * @throws JidError when `jid` is none, TypeError when `password` is empty, RangeError when a time is out of range.
 */
export function oauth2(options: OAuth2Options): Credentials {
  return new OAuth2Credentials(options);
}

import * as oauth from "oauth4webapi";
import type { CredentialAccess } from "./credentials.ts";
import { type FetchRecord, oauthFetch } from "./oauth-fetch.ts";
import type { OAuth2Settings } from "./oauth2.ts";
import { isCode, tokenFailure } from "./token-failure.ts";
import type { IssuedTokens, TokenIssuer } from "./token-session.ts";

type Client = oauth.Client & { readonly client_secret?: string };

/** For the request of a server that wants no client: adds nothing to it. */
const noClient: oauth.ClientAuth = () => {};

/**
 * Prosody's `mod_http_oauth2` of both generations. The one of 13.0.1 wants the whole JID as the user name and no client;
 * the one of 13.0.7 a registered client and the localpart. They tell by refusing with `invalid_request` what is not
 * theirs, before they look at the password, so trying is safe; what went well is kept.
 */
export class AuthorizationServer implements TokenIssuer {
  readonly #settings: OAuth2Settings;
  readonly #access: CredentialAccess;
  #server: oauth.AuthorizationServer | undefined;
  #client: Client | undefined;
  #username: string | undefined;
  #scope: string | undefined;

  constructor(settings: OAuth2Settings, access: CredentialAccess) {
    this.#settings = settings;
    this.#access = access;
    this.#scope = settings.scope === "" ? undefined : settings.scope;
    if (settings.client !== undefined) {
      this.#client = { client_id: settings.client.id, client_secret: settings.client.secret };
    }
  }

  secrets(): readonly (string | undefined)[] {
    return [this.#settings.password, this.#client?.client_secret, this.#settings.client?.secret];
  }

  /** @throws CredentialError when there are none to be had. */
  async issue(refresh: string | undefined, signal: AbortSignal): Promise<IssuedTokens> {
    const record: FetchRecord = { status: undefined };
    const options = this.#options(signal, record);
    try {
      this.#server ??= await this.#discover(options);
      const server = this.#server;
      if (refresh !== undefined && this.#client !== undefined) {
        const renewed = await this.#refresh(server, this.#client, refresh, options);
        if (renewed !== undefined) return renewed;
      }
      return await this.#password(server, options);
    } catch (error) {
      throw tokenFailure(error, { signal, record, host: this.#access.host, secrets: this.secrets() });
    }
  }

  #options(signal: AbortSignal, record: FetchRecord): Options {
    return {
      signal,
      [oauth.customFetch]: oauthFetch(this.#access.request, record),
      // Every request goes to the server that the client was given, and that has been checked.
      [oauth.allowInsecureRequests]: true,
    };
  }

  async #discover(options: Options): Promise<oauth.AuthorizationServer> {
    const { origin } = this.#access;
    const { endpoints } = this.#settings;
    if (endpoints !== undefined) {
      return {
        issuer: origin,
        token_endpoint: new URL(endpoints.token, origin).href,
        ...(endpoints.registration !== undefined && {
          registration_endpoint: new URL(endpoints.registration, origin).href,
        }),
      };
    }
    const response = await oauth.discoveryRequest(new URL(origin), { ...options, algorithm: "oauth2" });
    // Prosody names itself by its own host and port, or by http_external_url, which here is reached by another URL, so
    // the issuer cannot be compared as RFC 8414 §3.3 wants. What that guards against, a secret led to another server,
    // cannot happen: of an endpoint only the path is used.
    const declared = (await response.clone().json()) as { issuer?: unknown };
    const issuer = URL.parse(String(declared.issuer)) ?? new URL(origin);
    return oauth.processDiscoveryResponse(issuer, response);
  }

  async #refresh(
    server: oauth.AuthorizationServer,
    client: Client,
    refresh: string,
    options: Options,
  ): Promise<IssuedTokens | undefined> {
    try {
      const response = await oauth.refreshTokenGrantRequest(server, client, authOf(client), refresh, options);
      const tokens = issued(await oauth.processRefreshTokenResponse(server, client, response));
      return { ...tokens, refresh: tokens.refresh ?? refresh };
    } catch {
      options.signal.throwIfAborted();
      this.#access.logger?.debug(
        { host: this.#access.host },
        "the refresh token is of no use, asking with the password",
      );
      return undefined;
    }
  }

  async #password(server: oauth.AuthorizationServer, options: Options): Promise<IssuedTokens> {
    const { jid } = this.#settings;
    this.#client ??= await this.#register(server, options);
    this.#username ??= this.#client === undefined ? String(jid) : (jid.local ?? jid.domain);
    const tried = new Set([this.#username]);
    let registered = false;
    for (;;) {
      try {
        return await this.#grant(server, options);
      } catch (error) {
        const other: string = this.#username === String(jid) ? (jid.local ?? jid.domain) : String(jid);
        if (isCode(error, "invalid_scope") && this.#scope !== undefined) {
          // A component has no roles to ask for.
          this.#scope = undefined;
        } else if (isCode(error, "invalid_request") && !tried.has(other)) {
          tried.add(other);
          this.#username = other;
        } else if (isCode(error, "invalid_client") && !registered && this.#forgetClient()) {
          registered = true;
          this.#client = await this.#register(server, options);
        } else {
          this.#username = undefined;
          throw error;
        }
      }
    }
  }

  async #grant(server: oauth.AuthorizationServer, options: Options): Promise<IssuedTokens> {
    const client = this.#client;
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client ?? nobody,
      client === undefined ? noClient : authOf(client),
      "password",
      {
        username: this.#username ?? "",
        password: this.#settings.password,
        ...(this.#scope !== undefined && { scope: this.#scope }),
      },
      options,
    );
    return issued(await oauth.processGenericTokenEndpointResponse(server, client ?? nobody, response));
  }

  /** A client for this server, where it registers any (RFC 7591). */
  async #register(server: oauth.AuthorizationServer, options: Options): Promise<Client | undefined> {
    if (server.registration_endpoint === undefined) return undefined;
    const grants = ["password", "refresh_token"];
    const { grant_types_supported: supported } = server;
    try {
      const response = await oauth.dynamicClientRegistrationRequest(
        server,
        {
          client_name: this.#settings.clientName,
          client_uri: this.#settings.clientUri,
          grant_types: supported === undefined ? grants : grants.filter((grant) => supported.includes(grant)),
          response_types: [],
          token_endpoint_auth_method: "client_secret_basic",
        },
        options,
      );
      return (await oauth.processDynamicClientRegistrationResponse(response)) as Client;
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error;
      // Prosody 13.0.1 registers only clients that redirect a browser, and asks for none here.
      this.#access.logger?.debug(
        { code: error.error, host: this.#access.host },
        "no OAuth client could be registered",
      );
      return undefined;
    }
  }

  /** Whether there was a client that can be registered anew. */
  #forgetClient(): boolean {
    if (this.#settings.client !== undefined || this.#client === undefined) return false;
    this.#client = undefined;
    return true;
  }
}

type Options = {
  readonly signal: AbortSignal;
  readonly [oauth.customFetch]: ReturnType<typeof oauthFetch>;
  readonly [oauth.allowInsecureRequests]: true;
};

/** oauth4webapi insists on a client; with {@link noClient} its id goes nowhere. */
const nobody: Client = { client_id: "none" };

function authOf(client: Client): oauth.ClientAuth {
  return client.client_secret === undefined ? oauth.None() : oauth.ClientSecretBasic(client.client_secret);
}

function issued(response: oauth.TokenEndpointResponse): IssuedTokens {
  return {
    access: response.access_token,
    refresh: response.refresh_token,
    expiresIn: response.expires_in,
  };
}

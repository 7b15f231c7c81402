import { randomBytes } from "node:crypto";
import type { Account } from "./account.ts";
import { bareOf, domainOf, prepared } from "./addresses.ts";
import { decodeForm } from "./form.ts";
import type { ProsodyVersion } from "./options.ts";
import { type HttpAnswer, LuaCrash } from "./rest-error.ts";

/** `oauth2_access_token_ttl`, in seconds. */
const ACCESS_TTL = 3600;

/** What {@link OAuth2.handle} reads of a request. */
export interface OAuth2Request {
  readonly method: string;
  readonly pathname: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Whom an access token stands for. `undefined` where it was asked for without the scope that lets it send. */
type Holder = string | undefined;

interface OAuth2Host {
  /** `undefined` on a component. */
  readonly account: ((bare: string) => Account | undefined) | undefined;
  readonly secret: string | undefined;
  /** Whether `mod_restanza_token` is loaded. */
  readonly mended: boolean;
  readonly clients: Map<string, string>;
  readonly access: Map<string, { jid: Holder; expires: number }>;
  readonly refresh: Map<string, { jid: Holder; client: string; scope: string }>;
}

/** As much of `mod_http_oauth2` as a bot needs: discovery, registration, the password and the refresh grant. */
export class OAuth2 {
  readonly #version: ProsodyVersion;
  readonly #hosts = new Map<string, OAuth2Host>();

  constructor(version: ProsodyVersion) {
    this.#version = version;
  }

  addVirtualHost(domain: string, account: (bare: string) => Account | undefined): void {
    this.#hosts.set(domain, newHost({ account, secret: undefined, mended: false }));
  }

  addComponent(domain: string, secret: string | undefined, mended: boolean): void {
    this.#hosts.set(domain, newHost({ account: undefined, secret, mended }));
  }

  /** For whom an access token of a host may send, while it is valid. */
  holder(domain: string, token: string): string | undefined {
    const issued = this.#hosts.get(domain)?.access.get(token);
    return issued !== undefined && issued.expires > Date.now() ? issued.jid : undefined;
  }

  /** Answers OAuth2's paths; `undefined` for any other. */
  async handle(domain: string, request: OAuth2Request): Promise<HttpAnswer | undefined> {
    const host = this.#hosts.get(domain);
    if (host === undefined) return undefined;
    const authority = request.headers["host"] ?? domain;
    switch (`${request.method} ${request.pathname}`) {
      case "GET /.well-known/oauth-authorization-server":
        return json(200, {
          issuer: `http://${authority}`,
          token_endpoint: `http://${authority}/oauth2/token`,
          registration_endpoint: `http://${authority}/oauth2/register`,
          grant_types_supported: ["password", "refresh_token"],
        });
      case "POST /oauth2/register":
        return register(host, request.body);
      case "POST /oauth2/token":
        return this.#grant(domain, host, request);
      default:
        return undefined;
    }
  }

  #grant(domain: string, host: OAuth2Host, request: OAuth2Request): HttpAnswer {
    const form = decodeForm(request.body);
    if (typeof form === "string") return refuse("invalid_request", "Could not parse the request body");
    const client = clientOf(form, request.headers["authorization"]);
    const needsClient = this.#version !== "13.0.1" || form["grant_type"] === "refresh_token";
    if (needsClient) {
      if (client === undefined) return refuse("invalid_request", "missing 'client_id'");
      if (host.clients.get(client.id) !== client.secret)
        return refuse("invalid_client", "incorrect credentials", 401);
    }
    if (form["grant_type"] === "refresh_token")
      return this.#refresh(host, form["refresh_token"], client?.id ?? "");
    if (form["grant_type"] !== "password") return refuse("invalid_request", "'grant_type' not available");
    return host.account === undefined
      ? this.#componentGrant(domain, host, form, client?.id)
      : this.#accountGrant(domain, host, form, client?.id);
  }

  #accountGrant(
    domain: string,
    host: OAuth2Host,
    form: Record<string, string>,
    client: string | undefined,
  ): HttpAnswer {
    const { username = "", password } = form;
    const jid = prepared(this.#version === "13.0.1" ? username : `${username}@${domain}`);
    if (jid === undefined || !jid.includes("@") || domainOf(jid) !== domain) {
      return refuse("invalid_request", "invalid JID");
    }
    if (host.account?.(bareOf(jid))?.password !== password) {
      return refuse("invalid_grant", "incorrect credentials");
    }
    return this.#issue(host, bareOf(jid), client, form["scope"] ?? "");
  }

  #componentGrant(
    domain: string,
    host: OAuth2Host,
    form: Record<string, string>,
    client: string | undefined,
  ): HttpAnswer {
    const jid = prepared(form["username"]);
    if (jid === undefined || domainOf(jid) !== domain) return refuse("invalid_request", "invalid JID");
    if (host.secret === undefined || form["password"] !== host.secret) {
      return refuse("invalid_grant", "incorrect credentials");
    }
    if (this.#version !== "13.0.1" && !host.mended) throw new LuaCrash("mod_http_oauth2");
    return this.#issue(host, jid, client, undefined);
  }

  /** @param scope `undefined` on a component, where there are none. */
  #issue(host: OAuth2Host, jid: Holder, client: string | undefined, scope: string | undefined): HttpAnswer {
    const scopes = scope?.split(" ");
    const holder = scopes === undefined || scopes.includes("xmpp") ? jid : undefined;
    const access = newToken();
    host.access.set(access, { jid: holder, expires: Date.now() + ACCESS_TTL * 1000 });
    const answer = { token_type: "bearer", access_token: access, expires_in: ACCESS_TTL, scope };
    const refreshable =
      this.#version === "13.0.1" || scopes === undefined || scopes.includes("offline_access");
    if (!refreshable) return json(200, answer);
    const refresh = newToken();
    host.refresh.set(refresh, { jid, client: client ?? "", scope: scope ?? "" });
    return json(200, { ...answer, refresh_token: refresh });
  }

  #refresh(host: OAuth2Host, token: string | undefined, client: string): HttpAnswer {
    const issued = host.refresh.get(token ?? "");
    if (issued === undefined) return refuse("invalid_grant", "invalid refresh token");
    if (issued.client !== client) return refuse("unauthorized_client", "incorrect credentials");
    host.refresh.delete(token ?? "");
    const scope = host.account === undefined ? undefined : issued.scope;
    return this.#issue(host, issued.jid, client, scope);
  }
}

function newHost(own: Pick<OAuth2Host, "account" | "secret" | "mended">): OAuth2Host {
  return { ...own, clients: new Map(), access: new Map(), refresh: new Map() };
}

function register(host: OAuth2Host, body: string): HttpAnswer {
  const id = randomBytes(9).toString("base64url");
  const secret = randomBytes(18).toString("base64url");
  let metadata: unknown;
  try {
    metadata = JSON.parse(body);
  } catch {
    return refuse("invalid_request", "Could not parse the client metadata");
  }
  host.clients.set(id, secret);
  return json(201, { ...(metadata as object), client_id: id, client_secret: secret });
}

function newToken(): string {
  return `secret-token:${randomBytes(36).toString("base64")}`;
}

function clientOf(
  form: Record<string, string>,
  authorization: string | undefined,
): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  const decoded = encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
  const [id = form["client_id"], secret = form["client_secret"]] = decoded?.split(/:(.*)/s) ?? [];
  return id === undefined || secret === undefined
    ? undefined
    : { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

function refuse(error: string, description: string, status = 400): HttpAnswer {
  return json(status, { error, error_description: description });
}

function json(status: number, body: object): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}

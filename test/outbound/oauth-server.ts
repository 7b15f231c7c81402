import {
  json,
  page,
  type Received,
  type ScriptedServer,
  status,
  streamError,
  xml,
} from "./scripted-server.ts";

/** How a scripted `mod_http_oauth2` behaves; both generations as they were seen to. */
export interface OAuthBehaviour {
  readonly generation: "13.0.1" | "13.0.7";
  /** Seconds. Default 3600. */
  expiresIn?: number | undefined;
  /** Whether there is a registration endpoint. Default true. */
  readonly registration?: boolean;
  /** A component knows no scopes. */
  readonly component?: boolean;
  /** Called before a token request is answered; what it returns is waited for. */
  before?: (request: Received) => Promise<void> | void;
}

export const JID = "bot@example.test";
export const PASSWORD = "account-password-1";
const CLIENT_SECRET = "client-secret-1";

/** `mod_http_oauth2` and a mod_rest that knows its tokens, as the script of a server. */
export class OAuthServer {
  readonly tokenRequests: URLSearchParams[] = [];
  readonly registrations: Record<string, unknown>[] = [];
  discoveries = 0;
  clientId = "client-0";
  valid = new Set<string>();
  refreshTokens = new Set<string>();
  readonly #behaviour: OAuthBehaviour;
  #issued = 0;

  constructor(server: ScriptedServer, behaviour: OAuthBehaviour) {
    this.#behaviour = behaviour;
    server.script = (request) => void this.#answer(request, server.origin);
  }

  /** Forgets every token, as a restart without storage would. */
  revoke(): void {
    this.valid.clear();
  }

  async #answer(request: Received, origin: string): Promise<void> {
    if (request.path === "/.well-known/oauth-authorization-server") {
      this.discoveries += 1;
      json(request, {
        issuer: "http://example.test:5280",
        token_endpoint: "http://example.test:5280/oauth2/token",
        ...((this.#behaviour.registration ?? true) && {
          registration_endpoint: "http://example.test:5280/oauth2/register",
        }),
        grant_types_supported: ["password", "refresh_token"],
        response_types_supported: ["code"],
      });
    } else if (request.path === "/oauth2/register") {
      this.#register(request);
    } else if (request.path === "/oauth2/token") {
      await this.#behaviour.before?.(request);
      this.#token(request);
    } else if (request.path === "/rest") {
      this.#rest(request);
    } else {
      throw new Error(`unexpected ${request.path} at ${origin}`);
    }
  }

  #register(request: Received): void {
    const metadata = JSON.parse(request.body) as Record<string, unknown>;
    this.registrations.push(metadata);
    if (this.#behaviour.generation === "13.0.1") {
      json(request, { error: "invalid_request", error_description: "failed schema validation" }, 400);
    } else {
      this.clientId = `client-${this.registrations.length}`;
      const client = { client_id: this.clientId, client_secret: CLIENT_SECRET, client_secret_expires_at: 0 };
      json(request, { ...metadata, ...client }, 201);
    }
  }

  #token(request: Received): void {
    const params = new URLSearchParams(request.body);
    this.tokenRequests.push(params);
    const refusal = this.#clientRefusal(request) ?? this.#grantRefusal(params);
    if (refusal !== undefined) {
      const [error, error_description] = refusal;
      json(request, { error, error_description }, error === "invalid_client" ? 401 : 400);
      return;
    }
    const refreshed = params.get("grant_type") === "refresh_token";
    this.#issue(request, refreshed || (params.get("scope") ?? "").includes("offline_access"));
  }

  #clientRefusal({ headers: { authorization } }: Received): Refusal | undefined {
    if (this.#behaviour.generation === "13.0.1") return undefined;
    if (authorization === undefined) return ["invalid_request", "missing 'client_id'"];
    // RFC 6749 §2.3.1: both are form-encoded first.
    const [id, secret] = Buffer.from(authorization.slice("Basic ".length), "base64")
      .toString()
      .split(":")
      .map(decodeURIComponent);
    if (id === this.clientId && secret === CLIENT_SECRET) return undefined;
    return ["invalid_client", "incorrect credentials"];
  }

  #grantRefusal(params: URLSearchParams): Refusal | undefined {
    if (params.get("grant_type") === "refresh_token") {
      const known = this.refreshTokens.delete(params.get("refresh_token") ?? "");
      return known ? undefined : ["invalid_grant", "invalid refresh token"];
    }
    if (this.#behaviour.component && params.has("scope")) return ["invalid_scope", "unknown scope requested"];
    const wanted = this.#behaviour.generation === "13.0.1" ? JID : "bot";
    if (params.get("username") !== wanted) return ["invalid_request", "invalid JID"];
    return params.get("password") === PASSWORD ? undefined : ["invalid_grant", "incorrect credentials"];
  }

  #issue(request: Received, refresh: boolean): void {
    this.#issued += 1;
    const token = `access-token-${this.#issued}`;
    this.valid.add(token);
    const next = `refresh-token-${this.#issued}`;
    if (refresh) this.refreshTokens.add(next);
    json(request, {
      token_type: "bearer",
      access_token: token,
      ...(this.#behaviour.expiresIn !== undefined && { expires_in: this.#behaviour.expiresIn }),
      ...(refresh && { refresh_token: next }),
    });
  }

  #rest(request: Received): void {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (this.valid.has(token)) status(request, 202);
    else xml(request, streamError("not-authorized", "Credentials not accepted"), 403);
  }
}

type Refusal = readonly [error: string, description: string];

/** The page of a crash in Lua. */
export function crash({ response }: Received): void {
  response
    .writeHead(500, { "content-type": "text/html; charset=utf-8" })
    .end(page("500 Internal Server Error"));
}

import assert from "node:assert/strict";
import { type CaseContext, casesOf, JSON_TYPE } from "../support/contract-case.ts";
import type { HttpResult } from "../support/http.ts";
import { SECRET, TOKEN } from "../support/layout.ts";

const { all, prove } = casesOf("credentials");
export const credentialCases = all;

const FORM = "application/x-www-form-urlencoded";

prove("VirtualHost, Basic user:password works", async (on) => {
  assert.equal((await echo(on, "localhost", "alice:alice-password")).from, "alice@localhost");
});

prove(
  "Stock component, Basic host:component_secret: crashes on 13.0.1, works on 13.0.7 for any JID of the host",
  async (on) => {
    const from = `${on.slug}@xml.localhost`;
    const result = await echo(on, "xml.localhost", `xml.localhost:${SECRET}`, from);
    if (on.version === "13.0.1")
      assert.deepEqual([result.status, result.type], [500, "text/html; charset=utf-8"]);
    else assert.deepEqual([result.status, result.from], [200, from]);
  },
);

prove("Stock component, wrong Basic: crashes on 13.0.1, 403 on 13.0.7", async (on) => {
  const { status } = await echo(on, "xml.localhost", "xml.localhost:wrong");
  assert.equal(status, on.version === "13.0.1" ? 500 : 403);
});

prove("Stock component, the secret as bearer token: 403", async (on) => {
  assert.equal((await echo(on, "xml.localhost", SECRET)).status, 403);
});

prove(
  "Stock component, password grant: on 13.0.1 issues a token whose every use crashes, on 13.0.7 crashes itself",
  async (on) => {
    const user = { username: "bot@xml.localhost", password: SECRET };
    const bare = await grantOf(on, "xml.localhost", user);
    if (on.version === "13.0.1") {
      assert.equal(bare.status, 200, bare.body);
      assert.equal((await echo(on, "xml.localhost", tokenOf(bare))).status, 500);
    } else {
      assert.equal(bare.status, 400, bare.body);
      const client = await clientOf(on, "xml.localhost");
      assert.equal((await grantOf(on, "xml.localhost", { ...user, ...client })).status, 500);
    }
  },
);

prove(
  "VirtualHost, password grant: on 13.0.1 with the JID and no client, on 13.0.7 with the localpart and a client",
  async (on) => {
    const grant = await grantOf(on, "localhost", { ...(await aliceOf(on)), scope: "xmpp" });
    assert.equal(grant.status, 200, grant.body);
    const { expires_in: expires, token_type: type } = JSON.parse(grant.body) as Record<string, unknown>;
    assert.deepEqual([expires, type], [3600, "bearer"]);
    assert.equal((await echo(on, "localhost", tokenOf(grant))).status, 200);
  },
);

prove("VirtualHost, password grant without the scope xmpp: issues a token that is a 403", async (on) => {
  for (const scope of [{}, { scope: "prosody:user" }]) {
    const grant = await grantOf(on, "localhost", { ...(await aliceOf(on)), ...scope });
    assert.equal(grant.status, 200, grant.body);
    assert.equal((await echo(on, "localhost", tokenOf(grant))).status, 403);
  }
});

prove(
  "VirtualHost, an issued token sends from a resource that is new each time, and from nothing else",
  async (on) => {
    const token = tokenOf(await grantOf(on, "localhost", { ...(await aliceOf(on)), scope: "xmpp" }));
    const [one, two] = [await echo(on, "localhost", token), await echo(on, "localhost", token)];
    assert.match(one.from ?? "", /^alice@localhost\/./);
    assert.notEqual(one.from, two.from);
    assert.equal((await echo(on, "localhost", token, "alice@localhost")).status, 403);
  },
);

prove("VirtualHost, password grant with a wrong password: 400 invalid_grant", async (on) => {
  const grant = await grantOf(on, "localhost", { ...(await aliceOf(on)), password: "wrong" });
  assert.deepEqual(
    [grant.status, (JSON.parse(grant.body) as { error: string }).error],
    [400, "invalid_grant"],
  );
});

prove(
  "VirtualHost, refresh: on 13.0.7 with the scope offline_access, each refresh token once; on 13.0.1 the token issued cannot be used",
  async (on) => {
    const user = await aliceOf(on);
    const without = await grantOf(on, "localhost", { ...user, scope: "xmpp" });
    const refreshable = (body: string) => (JSON.parse(body) as { refresh_token?: string }).refresh_token;
    assert.equal(refreshable(without.body) !== undefined, on.version === "13.0.1");
    const grant = await grantOf(on, "localhost", { ...user, scope: "xmpp offline_access" });
    const client = on.version === "13.0.1" ? await clientOf(on, "localhost") : clientIn(user);
    const refresh_token = refreshable(grant.body) ?? "";
    const call = () => grantOf(on, "localhost", { grant_type: "refresh_token", refresh_token, ...client });
    const first = await call();
    if (on.version === "13.0.1") {
      assert.ok(first.status >= 400, first.body);
      return;
    }
    assert.equal(first.status, 200, first.body);
    assert.equal((await echo(on, "localhost", tokenOf(first))).status, 200);
    assert.equal((await call()).status, 400);
  },
);

prove("OAuth2 is announced at /.well-known/oauth-authorization-server", async (on) => {
  for (const host of ["localhost", "xml.localhost"]) {
    const { status, body } = await on.rest({
      host,
      method: "GET",
      path: "/.well-known/oauth-authorization-server",
      credentials: null,
    });
    assert.equal(status, 200);
    const found = JSON.parse(body) as { token_endpoint: string; grant_types_supported: string[] };
    assert.match(found.token_endpoint, /\/oauth2\/token$/);
    assert.ok(found.grant_types_supported.includes("password"));
  }
});

prove(
  "mod_restanza_token: a configured token is accepted as a bearer, for any JID of the host",
  async (on) => {
    const from = `${on.slug}@tokens.localhost/x`;
    assert.equal((await echo(on, "tokens.localhost", TOKEN, from)).from, from);
    assert.equal((await echo(on, "tokens.localhost", TOKEN)).from, "tokens.localhost");
  },
);

prove(
  "mod_restanza_token: the component's secret is accepted as a bearer and as Basic, on either version",
  async (on) => {
    assert.equal((await echo(on, "tokens.localhost", SECRET)).from, "tokens.localhost");
    assert.equal((await echo(on, "tokens.localhost", `tokens.localhost:${SECRET}`)).from, "tokens.localhost");
  },
);

prove("mod_restanza_token: what is neither is a 403", async (on) => {
  for (const credentials of ["another-token", "tokens.localhost:wrong", "xml.localhost:wrong"]) {
    assert.equal((await echo(on, "tokens.localhost", credentials)).status, 403, credentials);
  }
});

prove(
  "mod_restanza_token: the password grant issues a token that works, on 13.0.7 to a client",
  async (on) => {
    const client = on.version === "13.0.1" ? {} : await clientOf(on, "tokens.localhost");
    const user = { username: "bot@tokens.localhost", password: SECRET, ...client };
    const grant = await grantOf(on, "tokens.localhost", user);
    assert.equal(grant.status, 200, grant.body);
    assert.equal((await echo(on, "tokens.localhost", tokenOf(grant))).from, "tokens.localhost");
  },
);

async function echo(
  on: CaseContext,
  host: string,
  credentials: string,
  from?: string,
): Promise<HttpResult & { from: string | undefined }> {
  const result = await on.rest({
    host,
    credentials,
    path: "/rest/echo",
    type: JSON_TYPE,
    body: JSON.stringify({ kind: "message", to: "bob@localhost", from, body: "x" }),
  });
  const sent = result.status === 200 ? (JSON.parse(result.body) as { from: string }) : undefined;
  return { ...result, from: sent?.from };
}

function grantOf(on: CaseContext, host: string, form: Record<string, string>): Promise<HttpResult> {
  return on.rest({
    host,
    path: "/oauth2/token",
    credentials: null,
    type: FORM,
    body: new URLSearchParams({ grant_type: "password", ...form }).toString(),
  });
}

function tokenOf({ body }: HttpResult): string {
  return (JSON.parse(body) as { access_token: string }).access_token;
}

/** What alice has to say to be given a token. */
async function aliceOf(on: CaseContext): Promise<Record<string, string>> {
  const password = "alice-password";
  if (on.version === "13.0.1") return { username: "alice@localhost", password };
  return { username: "alice", password, ...(await clientOf(on, "localhost")) };
}

function clientIn({ client_id = "", client_secret = "" }: Record<string, string>): Record<string, string> {
  return { client_id, client_secret };
}

async function clientOf(
  on: CaseContext,
  host: string,
): Promise<{ client_id: string; client_secret: string }> {
  const result = await on.rest({
    host,
    path: "/oauth2/register",
    credentials: null,
    type: JSON_TYPE,
    body: JSON.stringify({
      client_name: `contract ${on.slug}`,
      client_uri: "https://contract.example",
      redirect_uris: ["https://contract.example/back"],
      grant_types: ["password", "refresh_token"],
      token_endpoint_auth_method: "client_secret_post",
    }),
  });
  assert.equal(result.status, 201, result.body);
  const { client_id, client_secret } = JSON.parse(result.body) as Record<string, string>;
  return { client_id: client_id ?? "", client_secret: client_secret ?? "" };
}

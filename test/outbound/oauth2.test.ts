import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { CredentialError, type OAuth2Options, oauth2, RestHttpError } from "../../src/outbound/index.ts";
import { message } from "../../src/stanza/index.ts";
import { crash, JID, type OAuthBehaviour, OAuthServer, PASSWORD } from "./oauth-server.ts";
import { failure, json, page, ScriptedServer, status } from "./scripted-server.ts";

const hello = message({ to: "juliet@example.com", body: "hi" });

async function setUp(behaviour: OAuthBehaviour, options: Partial<OAuth2Options> = {}) {
  const server = await ScriptedServer.start();
  const oauth = new OAuthServer(server, behaviour);
  const client = server.client({
    host: "example.test",
    credentials: oauth2({ jid: JID, password: PASSWORD, ...options }),
  });
  return {
    server,
    oauth,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test("13.0.7: a client is registered, the user name is the localpart, the token is used", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await it.client.send(hello);
  await it.client.send(hello);
  assert.deepEqual(it.oauth.registrations, [
    {
      client_name: "restanza",
      client_uri: "https://example.test/",
      grant_types: ["password", "refresh_token"],
      response_types: [],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ]);
  assert.deepEqual(it.oauth.tokenRequests.map(Object.fromEntries), [
    { grant_type: "password", username: "bot", password: PASSWORD, scope: "xmpp offline_access" },
  ]);
  assert.equal(it.oauth.discoveries, 1);
  assert.ok(it.server.received.every(({ headers }) => headers.host === "example.test"));
});

for (const registration of [true, false]) {
  test(`13.0.1, registration ${registration ? "refused" : "absent"}: the user name is the JID`, async () => {
    await using it = await setUp({ generation: "13.0.1", registration, expiresIn: 3600 });
    await it.client.send(hello);
    assert.equal(it.oauth.registrations.length, registration ? 1 : 0);
    assert.deepEqual(
      it.oauth.tokenRequests.map((params) => params.get("username")),
      [JID],
    );
    assert.equal(it.server.received.at(-2)?.headers.authorization, undefined);
  });
}

test("a client that is given is used, whatever the generation wants as user name", async () => {
  const client = { id: "client-0", secret: "client-secret-1" };
  for (const generation of ["13.0.1", "13.0.7"] as const) {
    await using it = await setUp({ generation }, { client });
    await it.client.send(hello);
    assert.equal(it.oauth.registrations.length, 0);
  }
});

test("a component, which knows no scopes, is asked again without", async () => {
  await using it = await setUp({ generation: "13.0.1", component: true });
  await it.client.send(hello);
  assert.deepEqual(
    it.oauth.tokenRequests.map((params) => params.get("scope")),
    ["xmpp offline_access", null],
  );
  it.oauth.revoke();
  await it.client.send(hello);
  assert.equal(it.oauth.tokenRequests.length, 3, "what went well is kept");
});

test("100 sends at once ask for one token", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await Promise.all(Array.from({ length: 100 }, () => it.client.send(hello)));
  assert.equal(it.oauth.tokenRequests.length, 1);
  assert.equal(it.oauth.registrations.length, 1);
});

test("100 sends at once whose token was revoked renew it once, and all arrive", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await it.client.send(hello);
  it.oauth.revoke();
  await Promise.all(Array.from({ length: 100 }, () => it.client.send(hello)));
  assert.deepEqual(
    it.oauth.tokenRequests.map((params) => params.get("grant_type")),
    ["password", "refresh_token"],
  );
});

test("while a refused token is renewed, nothing more is sent with it", async () => {
  const gate = Promise.withResolvers<void>();
  let closed = false;
  await using it = await setUp({
    generation: "13.0.7",
    expiresIn: 3600,
    before: () => (closed ? gate.promise : undefined),
  });
  await it.client.send(hello);
  it.oauth.revoke();
  closed = true;
  const before = it.server.received.length;
  const first = it.client.send(hello);
  await it.server.requests(before + 2); // the refused one, and that for a token
  const second = it.client.send(hello);
  await new Promise(setImmediate);
  gate.resolve();
  await Promise.all([first, second]);
  const sent = it.server.received.slice(before).filter(({ path }) => path === "/rest");
  assert.deepEqual(
    sent.map(({ headers }) => headers.authorization),
    ["Bearer access-token-1", "Bearer access-token-2", "Bearer access-token-2"],
  );
});

test("who is refused after another had the token renewed takes the new one", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await it.client.send(hello);
  it.oauth.revoke();
  const { script } = it.server;
  const late: Parameters<typeof script>[0][] = [];
  it.server.script = (request) => {
    if (request.body.includes("late") && late.length === 0) late.push(request);
    else script(request);
  };
  const slow = it.client.send(message({ to: "juliet@example.com", body: "late" }));
  await it.client.send(hello);
  late.forEach(script);
  await slow;
  assert.equal(it.oauth.tokenRequests.length, 2);
});

test("a token is replaced before it ends, by the refresh token, which rotates", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  try {
    await using it = await setUp({ generation: "13.0.7", expiresIn: 600 }, { leeway: 60_000 });
    await it.client.send(hello);
    mock.timers.setTime(1_000_000 + 539_999);
    await it.client.send(hello);
    assert.equal(it.oauth.tokenRequests.length, 1);
    mock.timers.setTime(1_000_000 + 540_000);
    await Promise.all(Array.from({ length: 100 }, () => it.client.send(hello)));
    assert.equal(it.oauth.tokenRequests.length, 2);
    mock.timers.setTime(1_000_000 + 540_000 * 2);
    await it.client.send(hello);
    assert.deepEqual(
      it.oauth.tokenRequests.map((params) => params.get("refresh_token")),
      [null, "refresh-token-1", "refresh-token-2"],
    );
    assert.ok(it.server.received.every(({ response }) => response.statusCode !== 403));
  } finally {
    mock.timers.reset();
  }
});

test("the leeway is at most half the life of a token, so that a short one is used at all", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  try {
    await using it = await setUp({ generation: "13.0.7", expiresIn: 10 });
    await it.client.send(hello);
    mock.timers.setTime(1_000_000 + 4_999);
    await it.client.send(hello);
    assert.equal(it.oauth.tokenRequests.length, 1);
    mock.timers.setTime(1_000_000 + 5_000);
    await it.client.send(hello);
    assert.equal(it.oauth.tokenRequests.length, 2);
  } finally {
    mock.timers.reset();
  }
});

test("a refresh token that is of no use any more gives way to the password", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await it.client.send(hello);
  it.oauth.revoke();
  it.oauth.refreshTokens.clear();
  await it.client.send(hello);
  assert.deepEqual(
    it.oauth.tokenRequests.map((params) => params.get("grant_type")),
    ["password", "refresh_token", "password"],
  );
});

test("a client that the server has forgotten is registered anew", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  await it.client.send(hello);
  it.oauth.revoke();
  it.oauth.clientId = "another";
  await it.client.send(hello);
  assert.equal(it.oauth.registrations.length, 2);
});

test("13.0.1: without a client there is no refresh, the password is used again", async () => {
  await using it = await setUp({ generation: "13.0.1", expiresIn: 3600 });
  await it.client.send(hello);
  it.oauth.revoke();
  await it.client.send(hello);
  assert.deepEqual(
    it.oauth.tokenRequests.map((params) => params.get("grant_type")),
    ["password", "password"],
  );
});

test("a token that is refused though it is new is an error, not a loop", async () => {
  await using it = await setUp({ generation: "13.0.7", expiresIn: 3600 });
  it.oauth.valid.add = () => it.oauth.valid;
  const error = await failure(it.client.send(hello));
  assert.ok(error instanceof RestHttpError);
  assert.equal(error.kind, "unauthorized");
  assert.equal(it.oauth.tokenRequests.length, 2);
  assert.equal(it.server.received.filter(({ path }) => path === "/rest").length, 2);
});

test("a wrong password is said so, and asked for once", async () => {
  for (const generation of ["13.0.1", "13.0.7"] as const) {
    await using it = await setUp({ generation }, { password: "wrong-password" });
    const error = await failure(it.client.send(hello));
    assert.ok(error instanceof CredentialError);
    assert.equal(error.code, "invalid_grant");
    assert.equal(error.retryable, false);
    assert.equal(error.maybeDelivered, false);
    assert.match(error.message, /user name or password is wrong/);
    assert.equal(it.oauth.tokenRequests.length, 1);
  }
});

test("a server that wants a client and registers none is told how to mend it", async () => {
  await using it = await setUp({ generation: "13.0.7", registration: false });
  assert.match(String(await failure(it.client.send(hello))), /oauth2_registration_key/);
});

test("endpoints that are given are used without asking for others", async () => {
  await using it = await setUp(
    { generation: "13.0.7", expiresIn: 3600 },
    { endpoints: { token: "/oauth2/token", registration: "/oauth2/register" } },
  );
  await it.client.send(hello);
  assert.equal(it.oauth.discoveries, 0);
});

test("a server without OAuth, one that crashes and one that answers nonsense are told apart from a wrong password", async () => {
  const discovery = { issuer: "http://example.test", token_endpoint: "http://example.test/oauth2/token" };
  const scripts: [string, (request: Parameters<typeof status>[0]) => void, RegExp, boolean][] = [
    ["none", (request) => status(request, 404), /HTTP 404.*mod_http_oauth2 is loaded/, false],
    [
      "page",
      ({ response }) => response.writeHead(200, { "content-type": "text/html" }).end(page("hi")),
      /HTTP 200/,
      false,
    ],
    ["null", (request) => json(request, null), /HTTP 200/, false],
    [
      "crash",
      (request) => (request.path.startsWith("/.well") ? json(request, discovery) : crash(request)),
      /HTTP 500.*crashes/,
      false,
    ],
    [
      "busy",
      (request) => (request.path.startsWith("/.well") ? json(request, discovery) : status(request, 503)),
      /HTTP 503/,
      true,
    ],
    [
      "empty",
      (request) => json(request, request.path.startsWith("/.well") ? discovery : {}),
      /HTTP 200/,
      false,
    ],
    [
      "another type",
      (request) =>
        json(
          request,
          request.path.startsWith("/.well") ? discovery : { access_token: "a", token_type: "mac" },
        ),
      /HTTP 200/,
      false,
    ],
    ["reset", ({ socket }) => socket.resetAndDestroy(), /see that Prosody runs/, true],
  ];
  for (const [name, script, pattern, retryable] of scripts) {
    await using server = await ScriptedServer.start(script);
    await using client = server.client({ credentials: oauth2({ jid: JID, password: PASSWORD }) });
    const error = await failure(client.send(hello));
    assert.ok(error instanceof CredentialError, `${name}: ${error}`);
    assert.match(error.message, pattern, name);
    assert.equal(error.retryable, retryable, name);
    assert.equal(error.kind, "unauthorized");
  }
});

test("a token that does not come in time is given up, and asked for anew by the next", async () => {
  let stuck = true;
  await using it = await setUp(
    { generation: "13.0.7", before: () => (stuck ? new Promise<void>(() => {}) : undefined) },
    { timeout: 50 },
  );
  const error = await failure(it.client.send(hello));
  assert.ok(error instanceof CredentialError);
  assert.equal(error.retryable, true);
  assert.match(error.message, /in time/);
  stuck = false;
  await it.client.send(hello);
});

test("all who wait share a refusal, which stands for ten seconds", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  try {
    await using it = await setUp({ generation: "13.0.7" }, { password: "wrong-password" });
    const errors = await Promise.all(Array.from({ length: 100 }, () => failure(it.client.send(hello))));
    assert.ok(errors.every((error) => error instanceof CredentialError));
    mock.timers.setTime(1_000_000 + 9_999);
    assert.equal(await failure(it.client.send(hello)), errors[0]);
    assert.equal(it.oauth.tokenRequests.length, 1);
    mock.timers.setTime(1_000_000 + 10_000);
    await failure(it.client.send(hello));
    assert.equal(it.oauth.tokenRequests.length, 2);
  } finally {
    mock.timers.reset();
  }
});

test("what the server names as its endpoints leads no secret elsewhere", async () => {
  await using thief = await ScriptedServer.start();
  await using server = await ScriptedServer.start((request) => {
    if (request.path.startsWith("/.well")) {
      json(request, {
        issuer: thief.origin,
        token_endpoint: `${thief.origin}/oauth2/token`,
        registration_endpoint: `${thief.origin}/oauth2/register`,
      });
    } else if (request.path === "/oauth2/register") json(request, { error: "invalid_request" }, 400);
    else if (request.path === "/oauth2/token") json(request, { access_token: "t", token_type: "bearer" });
    else status(request, 202);
  });
  await using client = server.client({ credentials: oauth2({ jid: JID, password: PASSWORD }) });
  await client.send(hello);
  assert.equal(thief.received.length, 0);
  assert.equal(thief.sockets.length, 0);
});

test("options that cannot work are refused", () => {
  assert.throws(() => oauth2({ jid: "bot@example.test", password: "" }), /is empty/);
  assert.throws(() => oauth2({ jid: "@", password: "x" }), /no JID|empty/);
  assert.throws(() => oauth2({ jid: JID, password: "x", leeway: -1 }), RangeError);
  assert.throws(() => oauth2({ jid: JID, password: "x", timeout: 0 }), RangeError);
});

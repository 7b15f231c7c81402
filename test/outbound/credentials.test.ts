import assert from "node:assert/strict";
import { test } from "node:test";
import { accountPassword, bearer, CredentialError, componentSecret } from "../../src/outbound/index.ts";
import { el, JidError, message } from "../../src/stanza/index.ts";
import {
  failure,
  type Received,
  result,
  ScriptedServer,
  status,
  streamError,
  xml,
} from "./scripted-server.ts";

const hello = message({ to: "juliet@example.com", body: "hi" });

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

const refused = (request: Received): void =>
  xml(request, streamError("not-authorized", "Credentials not accepted"), 403);

test("a component authenticates by Basic with its domain, an account with its localpart", async () => {
  await using server = await ScriptedServer.start();
  for (const [credentials, expected] of [
    [componentSecret("Bots.test", "s:é"), basic("bots.test:s:é")],
    [accountPassword("Bot@example.com/x", "pw"), basic("bot:pw")],
    [accountPassword("bot", "pw"), basic("bot:pw")],
  ] as const) {
    await using client = server.client({ credentials });
    await client.send(hello);
    assert.equal(server.received.at(-1)?.headers.authorization, expected);
  }
});

test("empty and impossible credentials are refused at once", () => {
  assert.throws(() => componentSecret("bots.test", ""), /password of bots\.test is empty/);
  assert.throws(() => accountPassword("bot@example.com", ""), /is empty/);
  assert.throws(() => componentSecret("bots..test", "x"), JidError);
  for (const token of ["", "a b", "a\r\nx: y", "ä", "\u0000"]) {
    assert.throws(
      () => bearer(token),
      (error) => error instanceof CredentialError && !error.retryable,
    );
  }
});

test("a bearer token is sent as it is; a function is asked every time", async () => {
  await using server = await ScriptedServer.start();
  await using fixed = server.client({ credentials: bearer("secret-token:abc==") });
  await fixed.send(hello);
  let count = 0;
  await using rotating = server.client({ credentials: bearer(async () => `token-${++count}`) });
  await rotating.send(hello);
  await rotating.send(hello);
  assert.deepEqual(
    server.received.map(({ headers }) => headers.authorization),
    ["Bearer secret-token:abc==", "Bearer token-1", "Bearer token-2"],
  );
});

test("a fixed credential that is refused is not tried again", async () => {
  for (const code of [401, 403]) {
    await using server = await ScriptedServer.start((request) => status(request, code));
    await using client = server.client({ credentials: bearer("abc") });
    assert.match(String(await failure(client.send(hello))), new RegExp(`HTTP ${code}`));
    assert.equal(server.received.length, 1);
  }
});

test("a token that rotated meanwhile is tried once, the same one is not", async () => {
  await using server = await ScriptedServer.start((request) =>
    request.headers.authorization === "Bearer new" ? status(request, 202) : refused(request),
  );
  const tokens = ["old", "new", "new"];
  await using client = server.client({ credentials: bearer(() => tokens.shift() ?? "stale") });
  await client.send(hello);
  assert.equal(server.received.length, 2);
  assert.match(String(await failure(client.send(hello))), /HTTP 403/);
  assert.equal(server.received.length, 3);
});

test("two tokens that are refused one after the other are an error, not a loop", async () => {
  await using server = await ScriptedServer.start(refused);
  let count = 0;
  await using client = server.client({ credentials: bearer(() => `token-${++count}`) });
  assert.match(String(await failure(client.send(hello))), /HTTP 403/);
  assert.equal(server.received.length, 2);
  assert.match(
    String(await failure(client.iq({ type: "get", to: "a.example", payload: el("x", { xmlns: "urn:x" }) }))),
    /HTTP 403/,
  );
  assert.equal(server.received.length, 4);
});

test("a wrong from is no reason for another token", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, streamError("not-authorized", "Not authorized to send stanza with requested 'from'"), 403),
  );
  let count = 0;
  await using client = server.client({ credentials: bearer(() => `token-${++count}`) });
  assert.match(String(await failure(client.send(hello))), /may not send from that JID/);
  assert.equal(server.received.length, 1);
});

test("an IQ is asked again with the new token, in the same place", async () => {
  await using server = await ScriptedServer.start((request) =>
    request.headers.authorization === "Bearer 1" ? refused(request) : result(request),
  );
  let count = 0;
  await using client = server.client({ maxIqs: 1, credentials: bearer(() => String(++count)) });
  for (let n = 0; n < 3; n += 1) {
    await client.iq({ type: "get", to: "a.example", payload: el("x", { xmlns: "urn:x" }) });
  }
  assert.equal(server.received.length, 4);
});

test("a function that throws or gives nonsense stops the stanza, and says nothing of why", async () => {
  await using server = await ScriptedServer.start();
  const sources = [
    () => {
      throw new Error("vault says hunter2");
    },
    () => Promise.reject(new Error("vault says hunter2")),
    () => "",
    () => undefined as unknown as string,
  ];
  for (const source of sources) {
    await using client = server.client({ credentials: bearer(source) });
    const error = await failure(client.send(hello));
    assert.ok(error instanceof CredentialError);
    assert.equal(error.kind, "unauthorized");
    assert.equal(error.maybeDelivered, false);
    assert.doesNotMatch(String(error.stack), /hunter2/);
  }
  assert.equal(server.received.length, 0);
});

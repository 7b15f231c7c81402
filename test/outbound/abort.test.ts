import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, oauth2, RestError } from "../../src/outbound/index.ts";
import { el, message } from "../../src/stanza/index.ts";
import { failure, gone, json, type Received, result, ScriptedServer } from "./scripted-server.ts";

const hello = message({ to: "juliet@example.com", body: "hi" });
const ping = { type: "get", to: "example.com", payload: el("ping", { xmlns: "urn:xmpp:ping" }) } as const;
const reason = new Error("enough of it");

test("a signal that has aborted already lets nothing leave", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const signal = AbortSignal.abort(reason);
  assert.equal(await failure(client.send(hello, { signal })), reason);
  assert.equal(await failure(client.iq(ping, { signal })), reason);
  assert.equal(await failure(client.get("ping", "example.com", {}, { signal })), reason);
  assert.equal(await failure(client.echo(hello, { signal })), reason);
  assert.equal(await failure(client.query.disco("example.com", { signal })), reason);
  assert.equal(server.received.length, 0);
});

test("a message is stopped while it waits for a connection, and never leaves", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => held.push(request));
  await using client = server.client({ connections: 1 });
  const first = client.send(message({ id: "first", to: "juliet@example.com" }));
  await server.requests(1);
  const abort = new AbortController();
  const second = failure(
    client.send(message({ id: "second", to: "juliet@example.com" }), { signal: abort.signal }),
  );
  const third = client.send(message({ id: "third", to: "juliet@example.com" }));
  await new Promise(setImmediate); // until both have a credential and stand in the queue
  abort.abort(reason);
  assert.equal(await second, reason);
  server.script = ({ response }) => response.writeHead(202).end();
  held[0]?.response.writeHead(202).end();
  await Promise.all([first, third]);
  assert.deepEqual(
    server.bodies.map((body) => /id="(\w+)"/.exec(body)?.[1]),
    ["first", "third"],
  );
  assert.equal(server.sockets.length, 1, "the connection was not lost over it");
});

test("a message is stopped while it waits for its answer, and its connection is given up", async () => {
  await using server = await ScriptedServer.start(() => {});
  await using client = server.client();
  const abort = new AbortController();
  const sending = failure(client.send(hello, { signal: abort.signal }));
  await server.requests(1);
  abort.abort(reason);
  assert.equal(await sending, reason);
  await gone(server.sockets[0]);
});

test("a message is stopped in the middle of its answer", async () => {
  await using server = await ScriptedServer.start(({ response }) => {
    response.writeHead(200, { "content-type": "application/xmpp+xml", "content-length": 100 });
    response.write("<mess");
  });
  await using client = server.client();
  const abort = new AbortController();
  const sending = failure(client.send(hello, { signal: abort.signal }));
  await server.requests(1);
  abort.abort(reason);
  assert.equal(await sending, reason);
});

test("an IQ is stopped while it waits for its turn, and those behind it move up", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => held.push(request));
  await using client = server.client({ maxIqs: 1 });
  const first = client.iq(ping);
  await server.requests(1);
  const abort = new AbortController();
  const second = failure(client.iq({ ...ping, to: "second.example" }, { signal: abort.signal }));
  const third = client.iq({ ...ping, to: "third.example" });
  abort.abort(reason);
  assert.equal(await second, reason);
  result(held[0] as Received);
  await first;
  await server.requests(2);
  assert.match(held[1]?.body ?? "", /third\.example/);
  result(held[1] as Received);
  await third;
});

test("an IQ is stopped while it waits for its answer, and in the middle of it", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => held.push(request));
  await using client = server.client();
  for (const begun of [false, true]) {
    const abort = new AbortController();
    const asking = failure(client.iq(ping, { signal: abort.signal }));
    await server.requests(held.length + 1);
    const { response, body } = held.at(-1) as Received;
    if (begun) response.writeHead(200, { "content-type": "application/xmpp+xml" }).write("<iq");
    abort.abort(reason);
    assert.equal(await asking, reason);
    response.end(body.slice(3));
  }
});

test("whoever waits for a token can go, the others get it", async () => {
  let held: Received | undefined;
  await using server = await ScriptedServer.start((request) => {
    if (request.path === "/token") held = request;
    else request.response.writeHead(202).end();
  });
  await using client = server.client({
    credentials: oauth2({ jid: "bot@bots.test", password: "pw", endpoints: { token: "/token" } }),
  });
  const abort = new AbortController();
  const going = failure(client.send(hello, { signal: abort.signal }));
  const asking = failure(client.iq(ping, { signal: abort.signal }));
  const staying = client.send(hello);
  await server.requests(1);
  abort.abort(reason);
  assert.equal(await going, reason);
  assert.equal(await asking, reason);
  json(held as Received, { access_token: "t", token_type: "bearer" });
  await staying;
  assert.equal(server.received.length, 2);
});

test("a signal stops waiting for a function that gives the token", async () => {
  await using server = await ScriptedServer.start();
  const client = server.client({ credentials: bearer(() => new Promise(() => {})) });
  const abort = new AbortController();
  const sending = failure(client.send(hello, { signal: abort.signal }));
  abort.abort(reason);
  assert.equal(await sending, reason);
  await client.close();
});

test("closing with a signal ends at once what is under way, at every stage", async () => {
  await using server = await ScriptedServer.start(() => {});
  const client = server.client({ maxIqs: 1, connections: 1 });
  const doomed = [client.send(hello), client.send(hello), client.iq(ping), client.iq(ping)].map(failure);
  await server.requests(2);
  await client.close({ signal: AbortSignal.abort() });
  for (const error of await Promise.all(doomed)) {
    assert.ok(error instanceof RestError, String(error));
    assert.equal(error.kind, "closed");
    assert.equal(error.retryable, false);
  }
  const late = await failure(client.send(hello));
  assert.ok(late instanceof RestError);
  assert.equal(late.kind, "closed");
  await client.close();
});

test("a drain that takes too long is cut short", async () => {
  await using server = await ScriptedServer.start(() => {});
  const client = server.client();
  const doomed = failure(client.send(hello));
  await server.requests(1);
  const abort = new AbortController();
  const closing = client.close({ signal: abort.signal });
  abort.abort();
  await closing;
  assert.equal(((await doomed) as RestError).kind, "closed");
});

test("closing while a token is awaited ends that wait too", async () => {
  await using server = await ScriptedServer.start(() => {});
  const client = server.client({
    credentials: oauth2({ jid: "bot@bots.test", password: "pw", endpoints: { token: "/token" } }),
  });
  const doomed = failure(client.send(hello));
  await server.requests(1);
  await client.close({ signal: AbortSignal.abort() });
  assert.equal(((await doomed) as RestError).kind, "closed");
});

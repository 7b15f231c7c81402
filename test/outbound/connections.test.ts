import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { componentSecret, RestClient, RestConnectionError } from "../../src/outbound/index.ts";
import { el, message } from "../../src/stanza/index.ts";
import { failure, gone, result, ScriptedServer, status } from "./scripted-server.ts";

const hello = message({ to: "juliet@example.com", body: "hi" });
const ping = { type: "get", to: "example.com", payload: el("ping", { xmlns: "urn:xmpp:ping" }) } as const;

async function connectionError(promise: Promise<unknown>): Promise<RestConnectionError> {
  const error = await failure(promise);
  assert.ok(error instanceof RestConnectionError, String(error));
  assert.equal(error.cause, undefined);
  assert.equal(error.retryable && error.maybeDelivered, false);
  return error;
}

test("one connection carries message after message, and IQs one of their own", async () => {
  await using server = await ScriptedServer.start((request) =>
    request.body.startsWith("<iq") ? result(request) : status(request, 202),
  );
  await using client = server.client();
  for (let n = 0; n < 50; n += 1) {
    await client.send(hello);
    await client.iq(ping);
  }
  assert.equal(server.received.length, 100);
  assert.equal(server.sockets.length, 2);
});

test("a burst of messages opens as many connections as allowed, and no more", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client({ connections: 3 });
  await Promise.all(Array.from({ length: 200 }, () => client.send(hello)));
  assert.equal(server.received.length, 200);
  assert.equal(server.sockets.length, 3);
});

test("a server that closes idle connections is connected to anew", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  for (let n = 1; n <= 5; n += 1) {
    await client.send(hello);
    server.sockets.at(-1)?.end();
    await gone(server.sockets.at(-1));
  }
  assert.equal(server.sockets.length, 5);
  assert.equal(server.received.length, 5);
});

test("a server that answers Connection: close is connected to anew", async () => {
  await using server = await ScriptedServer.start(({ response }) =>
    response.writeHead(202, { connection: "close" }).end(),
  );
  await using client = server.client();
  for (let n = 1; n <= 5; n += 1) await client.send(hello);
  assert.equal(server.sockets.length, 5);
});

test("where nothing listens all fail at once, none waits for ever, and all may try again", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  const client = new RestClient({
    url: `http://127.0.0.1:${port}/rest`,
    credentials: componentSecret("bots.test", "secret"),
    connections: 2,
    maxIqs: 2,
  });
  const attempts = Array.from({ length: 100 }, (_, n) => (n % 2 ? client.send(hello) : client.iq(ping)));
  for (const attempt of attempts) {
    const error = await connectionError(attempt);
    assert.equal(error.code, "ECONNREFUSED");
    assert.equal(error.kind, "unavailable");
    assert.equal(error.retryable, true);
    assert.equal(error.maybeDelivered, false);
  }
  await client.close();
});

test("a server that comes up later is found", async () => {
  const first = await ScriptedServer.start();
  const { origin } = first;
  await using client = first.client();
  await first[Symbol.asyncDispose]();
  await connectionError(client.send(hello));
  await using second = await ScriptedServer.start(undefined, Number(new URL(origin).port));
  await client.send(hello);
  assert.equal(second.received.length, 1);
});

test("a connection that breaks after the stanza was written may have delivered it", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.resetAndDestroy());
  await using client = server.client();
  for (const attempt of [client.send(hello), client.iq(ping)]) {
    const error = await connectionError(attempt);
    assert.equal(error.kind, "unavailable");
    assert.equal(error.retryable, false);
    assert.equal(error.maybeDelivered, true);
    assert.match(error.message, /may deliver it twice/);
  }
});

test("a connection that ends in the middle of the answer may have delivered it", async () => {
  await using server = await ScriptedServer.start(({ response, socket }) => {
    response.writeHead(200, { "content-type": "application/xmpp+xml", "content-length": 100 });
    response.write("<message", () => socket.end());
  });
  await using client = server.client();
  assert.equal((await connectionError(client.send(hello))).maybeDelivered, true);
});

test("an answer that does not begin in time is a timeout", async () => {
  await using server = await ScriptedServer.start(() => {});
  await using client = server.client({ headersTimeout: 50 });
  const error = await connectionError(client.send(hello));
  assert.equal(error.kind, "timeout");
  assert.equal(error.code, "UND_ERR_HEADERS_TIMEOUT");
  assert.equal(error.maybeDelivered, true);
});

test("an answer that trickles is ended when its time is up, however steadily it comes", async () => {
  await using server = await ScriptedServer.start(({ response, socket }) => {
    response.writeHead(200, { "content-type": "application/xmpp+xml" });
    const trickle = setInterval(() => response.write(" "), 10);
    socket.once("close", () => clearInterval(trickle));
  });
  await using client = server.client({ bodyTimeout: 100 });
  const error = await connectionError(client.send(hello));
  assert.equal(error.kind, "timeout");
  assert.equal(error.code, "UND_ERR_BODY_TIMEOUT");
});

test("a connection that does not come about in time is a timeout, and nothing was sent", async () => {
  // It takes the connection and never answers the handshake of TLS.
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new RestClient({
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/rest`,
    credentials: componentSecret("bots.test", "secret"),
    connectTimeout: 50,
  });
  const error = await connectionError(client.send(hello));
  assert.equal(error.code, "UND_ERR_CONNECT_TIMEOUT");
  assert.equal(error.kind, "timeout");
  assert.equal(error.retryable, true);
  assert.equal(error.maybeDelivered, false);
  await client.close();
  server.close();
});

test("an endless answer is cut off at the limit, announced or not", async () => {
  for (const announced of [true, false]) {
    let written = 0;
    await using server = await ScriptedServer.start(({ response, socket }) => {
      response.writeHead(200, {
        "content-type": "application/xmpp+xml",
        ...(announced && { "content-length": 10 ** 10 }),
      });
      const block = Buffer.alloc(64 * 1024, 0x20);
      const pour = (): void => {
        while (!socket.destroyed && response.write(block)) written += block.length;
        if (!socket.destroyed) response.once("drain", pour);
      };
      pour();
    });
    await using client = server.client({ maxResponseBytes: 100_000 });
    const error = await connectionError(client.iq(ping));
    assert.equal(error.kind, "unexpected");
    assert.equal(error.code, "UND_ERR_RES_EXCEEDED_MAX_SIZE");
    await gone(server.sockets[0]);
    assert.ok(written < 50_000_000, `${written} bytes were poured`);
  }
});

test("an answer at the limit is read, one byte more is not", async () => {
  const answer = "<message><body>0123456789</body></message>";
  await using server = await ScriptedServer.start(({ response }) =>
    response.writeHead(200, { "content-type": "application/xmpp+xml" }).end(answer),
  );
  await using fits = server.client({ maxResponseBytes: answer.length });
  await fits.send(hello);
  await using tight = server.client({ maxResponseBytes: answer.length - 1 });
  assert.equal((await connectionError(tight.send(hello))).kind, "unexpected");
  await using none = server.client({ maxResponseBytes: 0 });
  assert.equal((await connectionError(none.send(hello))).kind, "unexpected");
});

test("hostile headers end in an error", async () => {
  const heads = [
    "HTTP/1.1 200 OK\r\nx: y\r\ncontent-length: nonsense\r\n\r\n",
    `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`,
    "SSH-2.0-OpenSSH_9.2\r\n",
    "\u0000\u0001\u0002\r\n\r\n",
  ];
  for (const head of heads) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(head));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = new RestClient({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rest`,
      credentials: componentSecret("bots.test", "secret"),
    });
    const error = await connectionError(client.send(hello));
    assert.equal(error.maybeDelivered, true, JSON.stringify(head.slice(0, 20)));
    await client.close();
    server.close();
  }
});

test("an early hint is not taken for the answer", async () => {
  await using server = await ScriptedServer.start(({ response }) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    // Past the time for a body, which has not begun.
    setTimeout(() => response.writeHead(202).end(), 100);
  });
  await using client = server.client({ bodyTimeout: 20 });
  assert.deepEqual(await client.send(message({ id: "m", to: "juliet@example.com" })), {
    id: "m",
    reply: undefined,
  });
});

test("redirects are not followed, as they would carry the stanza elsewhere", async () => {
  await using other = await ScriptedServer.start();
  await using server = await ScriptedServer.start(({ response }) =>
    response.writeHead(307, { location: `${other.origin}/rest` }).end(),
  );
  await using client = server.client();
  assert.match(String(await failure(client.send(hello))), /HTTP 307/);
  assert.equal(other.received.length, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { RestConnectionError, RestHttpError } from "../../src/outbound/index.ts";
import { el, Iq, iq, message, StanzaError } from "../../src/stanza/index.ts";
import {
  failure,
  gone,
  idOf,
  page,
  type Received,
  result,
  ScriptedServer,
  status,
  streamError,
  xml,
} from "./scripted-server.ts";

const ping = el("ping", { xmlns: "urn:xmpp:ping" });

test("an IQ is asked with an id of its own and its time limit, and resolves with the result", async () => {
  await using server = await ScriptedServer.start((request) =>
    result(request, "<query xmlns='urn:a'>42</query>"),
  );
  await using client = server.client();
  const answer = await client.iq({
    type: "get",
    to: "example.com",
    from: "bot@bots.test",
    lang: "de",
    payload: ping,
  });
  assert.ok(answer instanceof Iq);
  assert.equal(answer.payload?.text, "42");
  const [request] = server.received;
  assert.equal(request?.path, "/rest");
  assert.equal(request?.headers["prosody-rest-timeout"], "30");
  assert.match(
    request?.body ?? "",
    /^<iq type="get" id="[0-9a-f-]{36}" to="example.com" from="bot@bots.test" xml:lang="de"><ping xmlns="urn:xmpp:ping"\/><\/iq>$/,
  );
});

test("ids are always new, even when the same IQ is asked twice at once", async () => {
  await using server = await ScriptedServer.start((request) => result(request));
  await using client = server.client();
  const same = iq({ type: "get", id: "same", to: "example.com" }, ping);
  await Promise.all(Array.from({ length: 50 }, () => client.iq(same)));
  const ids = server.bodies.map(idOf);
  assert.equal(new Set(ids).size, 50);
  assert.ok(!ids.includes("same"));
});

test("an IQ of another shape never leaves", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const request = iq({ type: "get", to: "example.com" }, ping, ping);
  assert.match(String(await failure(client.iq(request))), /exactly one child, not 2/);
  assert.equal(server.received.length, 0);
});

test("an error is a StanzaError with all it says", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(
      request,
      `<iq type='error' id='${idOf(request.body)}' from='rooms.test'><error type='wait' by='rooms.test'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Later</text><too-many xmlns='urn:app'/></error></iq>`,
    ),
  );
  await using client = server.client();
  const error = await failure(client.iq({ type: "get", to: "rooms.test", payload: ping }));
  assert.ok(error instanceof StanzaError);
  assert.equal(error.condition, "resource-constraint");
  assert.equal(error.type, "wait");
  assert.equal(error.text, "Later");
  assert.equal(error.by, "rooms.test");
  assert.equal(error.application?.name, "too-many");
});

test("the time limit goes to Prosody in seconds, and its 500 is remote-server-timeout", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, streamError("remote-server-timeout", "IQ stanza timed out"), 500),
  );
  await using client = server.client({ iqTimeout: 1500 });
  for (const [timeout, header] of [
    [undefined, "1.5"],
    [1, "0.001"],
    [300_000, "300"],
  ] as const) {
    const error = await failure(client.iq({ type: "get", to: "example.com", payload: ping }, { timeout }));
    assert.ok(error instanceof StanzaError);
    assert.equal(error.condition, "remote-server-timeout");
    assert.equal(server.received.at(-1)?.headers["prosody-rest-timeout"], header);
  }
  for (const timeout of [0, -1, 1.5, 300_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    const error = await failure(client.iq({ type: "get", to: "example.com", payload: ping }, { timeout }));
    assert.ok(error instanceof RangeError, String(timeout));
  }
  assert.equal(server.received.length, 3);
});

test("a message that meets a remote-server-timeout is no StanzaError", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, streamError("remote-server-timeout"), 500),
  );
  await using client = server.client();
  assert.ok((await failure(client.send(message({ to: "a@b.example" })))) instanceof RestHttpError);
});

test("a Prosody that keeps silent past the limit is a timeout of the connection", {
  timeout: 20_000,
}, async () => {
  await using server = await ScriptedServer.start(() => {});
  await using client = server.client();
  const error = await failure(client.iq({ type: "get", to: "example.com", payload: ping }, { timeout: 1 }));
  assert.ok(error instanceof RestConnectionError);
  assert.equal(error.kind, "timeout");
  assert.equal(error.code, "UND_ERR_HEADERS_TIMEOUT");
  assert.equal(error.maybeDelivered, true);
});

test("a crash in Lua is told as one", async () => {
  await using server = await ScriptedServer.start(({ response }) =>
    response
      .writeHead(500, { "content-type": "text/html; charset=utf-8" })
      .end(page("500 Internal Server Error")),
  );
  await using client = server.client();
  const error = await failure(client.iq({ type: "get", to: "example.com", payload: ping }));
  assert.ok(error instanceof RestHttpError);
  assert.equal(error.kind, "crashed");
});

test("what is no answer to the request is refused", async () => {
  const answers = [
    "<iq type='result' id='other'/>",
    "<message type='chat'/>",
    "<xmpp/>",
    "<xmpp><message/></xmpp>",
    "<iq type='result'/>",
  ];
  for (const answer of answers) {
    await using server = await ScriptedServer.start((request) => xml(request, answer));
    await using client = server.client();
    const error = await failure(client.iq({ type: "get", to: "example.com", payload: ping }));
    assert.ok(error instanceof RestHttpError, answer);
    assert.equal(error.kind, "unexpected", answer);
  }
  await using server = await ScriptedServer.start((request) => status(request, 202));
  await using client = server.client();
  assert.match(
    String(await failure(client.iq({ type: "get", to: "example.com", payload: ping }))),
    /no answer/,
  );
});

test("several answers come as messages and the result", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(
      request,
      `<xmpp><message><body>1</body></message><message><body>2</body></message><iq type='result' id='${idOf(request.body)}'/></xmpp>`,
    ),
  );
  await using client = server.client();
  const { iq: answer, messages } = await client.exchange({ type: "set", payload: ping });
  assert.equal(answer.type, "result");
  assert.deepEqual(
    messages.map(({ body }) => body),
    ["1", "2"],
  );
});

test("256 IQs are in flight at most, the 257th waits its turn, and messages pass them all", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => {
    if (request.body.startsWith("<iq")) held.push(request);
    else status(request, 202);
  });
  await using client = server.client();
  const asked = Array.from({ length: 300 }, (_, index) =>
    client.iq({ type: "get", to: `n${index}.example`, payload: ping }),
  );
  await server.requests(256);
  await client.send(message({ to: "juliet@example.com" }));
  assert.equal(held.length, 256, "a message was answered meanwhile, but no further IQ came");
  result(held[0] as Received);
  await server.requests(258);
  assert.match(held[256]?.body ?? "", /to="n256\.example"/);
  server.script = (request) => result(request);
  for (const request of held.slice(1)) result(request);
  await Promise.all(asked);
  const order = server.received.filter(({ body }) => body.startsWith("<iq")).slice(256);
  assert.equal(new Set(server.bodies.map(idOf)).size, 301);
  assert.equal(order.length, 44);
});

test("an IQ that is aborted in flight keeps its place until Prosody has answered", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => held.push(request));
  await using client = server.client({ maxIqs: 1 });
  const abort = new AbortController();
  const first = failure(
    client.iq({ type: "get", to: "one.example", payload: ping }, { signal: abort.signal }),
  );
  await server.requests(1);
  const second = client.iq({ type: "get", to: "two.example", payload: ping });
  abort.abort(new Error("enough"));
  assert.match(String(await first), /enough/);
  await client.get("ping", "three.example", {}, { signal: AbortSignal.timeout(20) }).catch(() => {});
  assert.equal(held.length, 1);
  result(held[0] as Received);
  await server.requests(2);
  result(held[1] as Received);
  await second;
});

test("a shortcut is a GET with the JID and the parameters encoded", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, "<iq type='result' id='chosen-by-prosody'><a xmlns='urn:a'/></iq>"),
  );
  await using client = server.client();
  const { iq: answer } = await client.get("upload_request", "juliet@example.com/a b/c?d#e%", {
    filename: "ä & b.txt",
    size: 12,
    "content-type": undefined,
  });
  assert.equal(answer.payload?.ns, "urn:a");
  const [request] = server.received;
  assert.equal(request?.method, "GET");
  assert.equal(
    request?.path,
    "/rest/upload_request/juliet%40example.com%2Fa%20b%2Fc%3Fd%23e%25?filename=%C3%A4+%26+b.txt&size=12",
  );
  assert.equal(request?.headers.accept, "application/xmpp+xml");
  assert.equal(request?.headers["content-type"], undefined);
  for (const bad of ["", "../admin", "ping/x", "ping?x", "a b"]) {
    assert.ok((await failure(client.get(bad, "example.com"))) instanceof TypeError, bad);
  }
  assert.equal(server.received.length, 1);
});

test("closing waits for IQs in flight", async () => {
  const held: Received[] = [];
  await using server = await ScriptedServer.start((request) => held.push(request));
  const client = server.client({ maxIqs: 1 });
  const first = client.iq({ type: "get", to: "one.example", payload: ping });
  const second = client.iq({ type: "get", to: "two.example", payload: ping });
  await server.requests(1);
  let closed = false;
  const closing = client.close().then(() => {
    closed = true;
  });
  result(held[0] as Received);
  await first;
  await server.requests(2);
  assert.equal(closed, false);
  result(held[1] as Received);
  await second;
  await closing;
  await Promise.all(server.sockets.map(gone));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { BounceError, RestRefusedError } from "../../src/outbound/index.ts";
import {
  Element,
  el,
  iq,
  JidError,
  Message,
  message,
  presence,
  StanzaError,
  StanzaShapeError,
} from "../../src/stanza/index.ts";
import { failure, idOf, ScriptedServer, status, xml } from "./scripted-server.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a stanza leaves as XML, without xmlns on its root, to the chosen host", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client({ userAgent: "tester" });
  const sent = await client.send(
    message({
      id: "m1",
      to: "juliet@example.com/balcony",
      from: "bot@bots.test",
      type: "chat",
      body: "a & b",
    }),
  );
  assert.deepEqual(sent, { id: "m1", reply: undefined });
  const [request] = server.received;
  assert.equal(request?.method, "POST");
  assert.equal(request?.path, "/rest");
  assert.equal(request?.headers.host, "bots.test");
  assert.equal(request?.headers["content-type"], "application/xmpp+xml");
  assert.equal(request?.headers.accept, "application/xmpp+xml");
  assert.equal(request?.headers["user-agent"], "tester");
  assert.equal(
    request?.body,
    '<message type="chat" id="m1" to="juliet@example.com/balcony" from="bot@bots.test"><body>a &amp; b</body></message>',
  );
});

test("the host is that of the URL unless chosen, and the path of the URL is kept", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client({ url: `${server.origin}/prosody/rest/`, host: undefined });
  await client.send(presence({ to: "juliet@example.com" }));
  assert.equal(server.received[0]?.headers.host, new URL(server.origin).host);
  assert.equal(server.received[0]?.path, "/prosody/rest");
});

test("a stanza without an id gets one of its own, one with an empty id too", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const first = await client.send(message({ to: "juliet@example.com" }));
  const second = await client.send(message({ to: "juliet@example.com", id: "" }));
  assert.match(first.id, uuid);
  assert.match(second.id, uuid);
  assert.notEqual(first.id, second.id);
  assert.deepEqual(server.bodies.map(idOf), [first.id, second.id]);
});

test("200 with a stanza of type error is a bounce", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(
      request,
      "<message type='error' from='nobody@example.com' to='bots.test' id='m1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Nobody here</text></error></message>",
    ),
  );
  await using client = server.client();
  const error = await failure(client.send(message({ id: "m1", to: "nobody@example.com" })));
  assert.ok(error instanceof BounceError);
  assert.ok(error instanceof StanzaError);
  assert.equal(error.condition, "service-unavailable");
  assert.equal(error.type, "cancel");
  assert.equal(error.text, "Nobody here");
  assert.equal(error.stanza.id, "m1");
  assert.equal(String(error.stanza.from), "nobody@example.com");
});

test("200 with another stanza is success, and the stanza is told", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, "<presence from='room@rooms.test/bot' to='bots.test'/>"),
  );
  await using client = server.client();
  const { reply } = await client.send(presence({ id: "p1", to: "room@rooms.test", type: "probe" }));
  assert.equal(reply?.kind, "presence");
});

test("an address that is no JID never leaves", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  for (const bad of ["", "@", "a@", "/r", "@example.com", "a@example.com/", "a@ex\u0007ample.com"]) {
    for (const name of ["to", "from"]) {
      const stanza = new Message(el("message", { [name]: bad }));
      assert.ok((await failure(client.send(stanza))) instanceof JidError, `${name} ${JSON.stringify(bad)}`);
      const asked = client.iq({ type: "get", payload: el("ping", { xmlns: "urn:xmpp:ping" }), [name]: bad });
      assert.ok((await failure(asked)) instanceof JidError, `iq ${name} ${JSON.stringify(bad)}`);
    }
  }
  assert.equal(server.received.length, 0);
});

test("an address that Prosody lets in is sent to, though RFC 7622 does not know it", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  await client.send(new Message(el("message", { to: "a\u2665@example.com" })));
  assert.match(server.bodies[0] ?? "", /to="a♥@example.com"/);
});

test("an element that is no such stanza never leaves", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const other = new Element("message", "jabber:server", {}, []);
  assert.ok((await failure(client.send(new Message(other)))) instanceof StanzaShapeError);
  assert.ok((await failure(client.send(new Message(el("presence"))))) instanceof StanzaShapeError);
  assert.equal(server.received.length, 0);
});

test("an IQ cannot be sent as a message is, nor an answer to one at all", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const result = iq({ type: "result", id: "a", to: "juliet@example.com" });
  // @ts-expect-error send takes messages and presence only
  const sent = await failure(client.send(result));
  assert.ok(sent instanceof StanzaShapeError);
  assert.match(sent.message, /return(ing)? the result from the handler/);
  for (const type of ["result", "error"] as const) {
    const asked = await failure(client.iq(iq({ type, id: "a", to: "juliet@example.com" })));
    assert.ok(asked instanceof StanzaShapeError);
    assert.match(asked.message, /return it from the handler/);
    // @ts-expect-error a request is get or set
    assert.ok((await failure(client.iq({ type, payload: el("x") }))) instanceof StanzaShapeError);
  }
  assert.equal(server.received.length, 0);
});

test("a stanza at the limit leaves, one byte more does not", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client();
  const frame = Buffer.byteLength('<message id="m" to="juliet@example.com"><body></body></message>');
  const room = 192 * 1024 - frame;
  await client.send(
    message({ id: "m", to: "juliet@example.com", body: "é".repeat(room / 2) + "x".repeat(room % 2) }),
  );
  assert.equal(Buffer.byteLength(server.bodies[0] ?? ""), 192 * 1024);
  const error = await failure(
    client.send(message({ id: "m", to: "juliet@example.com", body: "x".repeat(room + 1) })),
  );
  assert.ok(error instanceof RestRefusedError);
  assert.equal(error.kind, "too-large");
  assert.equal(error.retryable, false);
  assert.equal(error.maybeDelivered, false);
  assert.match(error.message, /196609 bytes.*196608.*rest_stanza_size_limit/);
  assert.equal(server.received.length, 1);
});

test("a stanza from another domain is refused here, where the domain is known", async () => {
  await using server = await ScriptedServer.start();
  await using client = server.client({ domain: "Bots.test" });
  for (const from of ["bots.test", "echo@bots.test", "echo@BOTS.TEST/r", undefined]) {
    await client.send(new Message(el("message", { from, to: "juliet@example.com" })));
  }
  const error = await failure(
    client.send(message({ from: "echo@bots.test.evil.example", to: "a@b.example" })),
  );
  assert.ok(error instanceof RestRefusedError);
  assert.equal(error.kind, "forbidden-from");
  assert.equal(server.received.length, 4);
});

test("echo gives back what mod_rest understood, results of an IQ among it", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(request, request.body.replace(" ", " from='bots.test' ")),
  );
  await using client = server.client();
  const back = await client.echo(iq({ type: "result", id: "a" }));
  assert.equal(server.received[0]?.path, "/rest/echo");
  assert.equal(back.kind, "iq");
  assert.equal(String(back.from), "bots.test");
  server.script = (request) => status(request, 415);
  assert.match(String(await failure(client.echo(message({})))), /HTTP 415/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { type RestErrorKind, RestHttpError } from "../../src/outbound/index.ts";
import { message } from "../../src/stanza/index.ts";
import { failure, page, type Received, ScriptedServer, status, streamError, xml } from "./scripted-server.ts";

interface Row {
  readonly status: number;
  readonly condition?: string;
  readonly text?: string;
  readonly kind: RestErrorKind;
  readonly retryable?: boolean;
  readonly maybeDelivered?: boolean;
}

// What mod_rest 13.0.1 and 13.0.7 were seen to answer.
const rows: readonly Row[] = [
  { status: 401, condition: "not-authorized", text: "No credentials provided", kind: "unauthorized" },
  { status: 403, condition: "not-authorized", text: "Credentials not accepted", kind: "unauthorized" },
  { status: 403, condition: "not-authorized", text: "Credentials malformed", kind: "unauthorized" },
  {
    status: 403,
    condition: "not-authorized",
    text: "Not authorized to send stanza with requested 'from'",
    kind: "forbidden-from",
  },
  { status: 400, condition: "not-well-formed", text: "Failed to parse payload", kind: "malformed" },
  { status: 413, condition: "resource-constraint", text: "Payload too large", kind: "too-large" },
  { status: 415, condition: "bad-format", text: "Unsupported media type", kind: "rejected" },
  { status: 422, condition: "improper-addressing", text: "Invalid destination JID", kind: "rejected" },
  {
    status: 422,
    condition: "invalid-xml",
    text: "'iq' stanza must be of type 'get' or 'set'",
    kind: "rejected",
  },
  { status: 404, kind: "not-found", retryable: true },
  {
    status: 500,
    condition: "conflict",
    text: "IQ stanza id attribute already used",
    kind: "crashed",
    maybeDelivered: true,
  },
  {
    status: 500,
    condition: "resource-constraint",
    text: "evicted from iq tracking cache",
    kind: "unavailable",
    maybeDelivered: true,
  },
  { status: 429, kind: "unavailable", retryable: true },
  { status: 502, kind: "unavailable", maybeDelivered: true },
  { status: 503, kind: "unavailable", retryable: true },
  { status: 504, kind: "unavailable", maybeDelivered: true },
  { status: 418, kind: "rejected" },
  { status: 301, kind: "unexpected", maybeDelivered: true },
  { status: 204, kind: "unexpected", maybeDelivered: true },
];

async function errorFor(script: (request: Received) => void): Promise<RestHttpError> {
  await using server = await ScriptedServer.start(script);
  await using client = server.client();
  const error = await failure(client.send(message({ to: "juliet@example.com" })));
  assert.ok(error instanceof RestHttpError, String(error));
  return error;
}

for (const row of rows) {
  const { status: code, condition, text } = row;
  test(`HTTP ${code} ${text ?? condition ?? ""} is ${row.kind}`, async () => {
    const error = await errorFor((request) =>
      condition === undefined ? status(request, code) : xml(request, streamError(condition, text), code),
    );
    assert.equal(error.status, code);
    assert.equal(error.kind, row.kind);
    assert.equal(error.condition, condition);
    assert.equal(error.text, text);
    assert.equal(error.retryable, row.retryable ?? false);
    assert.equal(error.maybeDelivered, row.maybeDelivered ?? false);
    assert.ok(!(error.retryable && error.maybeDelivered), "what may be there already must not be sent again");
  });
}

test("the reason is read from JSON as well", async () => {
  const error = await errorFor(({ response }) =>
    response
      .writeHead(403, { "content-type": "application/json" })
      .end(
        '{"type":"error","code":403,"error":{"condition":"not-authorized","text":"Credentials not accepted"}}',
      ),
  );
  assert.equal(error.condition, "not-authorized");
  assert.equal(error.text, "Credentials not accepted");
});

test("a page of Prosody for a host it does not know says so", async () => {
  const error = await errorFor(({ response }) =>
    response
      .writeHead(404, { "content-type": "text/html; charset=utf-8" })
      .end(page("404 Not Found", "Unknown host: nowhere.test")),
  );
  assert.equal(error.kind, "not-found");
  assert.equal(error.text, "404 Not Found Unknown host: nowhere.test");
});

test("a page with 500 is a crash in Lua", async () => {
  const error = await errorFor(({ response }) =>
    response
      .writeHead(500, { "content-type": "text/html; charset=utf-8" })
      .end(page("500 Internal Server Error")),
  );
  assert.equal(error.kind, "crashed");
  assert.equal(error.maybeDelivered, true);
  assert.match(error.message, /log has the traceback/);
});

test("bodies that are not what they say tell nothing and break nothing", async () => {
  const bodies = [
    ["application/json", "{"],
    ["application/json", "null"],
    ["application/json", '{"error":{"condition":1,"text":{}}}'],
    ["application/xmpp+xml", "<error"],
    ["application/xmpp+xml", "<message><body>hi</body></message>"],
    ["application/xmpp+xml", "<error xmlns='http://etherx.jabber.org/streams'/>"],
  ] as const;
  for (const [type, body] of bodies) {
    const error = await errorFor(({ response }) =>
      response.writeHead(422, { "content-type": type }).end(body),
    );
    assert.equal(error.kind, "rejected", body);
    assert.equal(error.condition, undefined, body);
    assert.equal(error.text, undefined, body);
  }
});

test("words are short and on one line, so that no server writes lines into a log", async () => {
  const error = await errorFor(({ response }) =>
    response
      .writeHead(422, { "content-type": "text/plain" })
      .end(`first\r\nsecond\u0007${"x".repeat(10_000)}`),
  );
  assert.match(error.text ?? "", /^first second x+$/);
  assert.equal(error.text?.length, 300);
  assert.doesNotMatch(error.message, /\p{Cc}/u);
});

test("a success that is none is told from a failure", async () => {
  const answers: [string, string, RegExp][] = [
    ["text/html", "<p>Welcome to nginx</p>", /instead of application\/xmpp\+xml/],
    ["application/json", "{}", /instead of application\/xmpp\+xml/],
    ["application/xmpp+xml", "<message>", /no XML stanza/],
    ["application/xmpp+xml", "<other/>", /is no stanza/],
    ["application/xmpp+xml", "", /no XML stanza/],
  ];
  for (const [type, body, pattern] of answers) {
    const error = await errorFor(({ response }) =>
      response.writeHead(200, { "content-type": type }).end(body),
    );
    assert.equal(error.kind, "unexpected", body);
    assert.equal(error.maybeDelivered, true);
    assert.match(error.message, pattern);
  }
});

test("a secret is struck out before words are cut, so that no part of it stays", async () => {
  for (let before = 270; before <= 300; before += 1) {
    const error = await errorFor(({ response }) =>
      response
        .writeHead(422, { "content-type": "text/plain" })
        .end(`${"x".repeat(before)}very-secret-secret`),
    );
    assert.doesNotMatch(error.message, /very/);
  }
});

import assert from "node:assert/strict";
import { NS_STANZAS, readXml } from "../../../src/stanza/index.ts";
import { casesOf, errorOf, JSON_TYPE, type RestCall, XML, xmlOf } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";

const { all, prove } = casesOf("sending");
export const sendingCases = all;

const AS_BOT = { host: "tokens.localhost", credentials: TOKEN } satisfies RestCall;
const FORM = "application/x-www-form-urlencoded";

prove(
  "POST /rest takes XML, JSON and forms, answers 202 with an empty body, and the stanza is delivered",
  async (on) => {
    const to = on.bob.jid;
    const bodies = [
      [XML, `<message to='${to}' type='chat'><body>${on.slug} Hi &amp; ho</body></message>`],
      [JSON_TYPE, JSON.stringify({ kind: "message", to, type: "chat", body: `${on.slug} Hi & ho` })],
      [
        FORM,
        new URLSearchParams({ kind: "message", to, type: "chat", body: `${on.slug} Hi & ho` }).toString(),
      ],
    ];
    for (const [type = "", body = ""] of bodies) {
      const { status, body: answer, headers } = await on.rest({ type, body });
      assert.deepEqual([status, answer, headers["content-length"]], [202, "", "0"], type);
      const got = await on.bob.nextFrom(
        "alice@localhost",
        (stanza) => stanza.childText("body") === `${on.slug} Hi & ho`,
      );
      assert.deepEqual(
        [got.attr("from"), got.attr("to"), got.attr("type")],
        ["alice@localhost", to, "chat"],
        type,
      );
    }
  },
);

prove("A stanza without an id gets one that the 202 does not tell; one with an id keeps it", async (on) => {
  const message = (id: string) => `<message to='${on.bob.jid}'${id}><body>${on.slug}</body></message>`;
  await on.rest({ body: message("") });
  const first = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.childText("body") === on.slug);
  assert.match(first.attr("id") ?? "", /^[\w-]{8,}$/);
  await on.rest({ body: message(" id='mine'") });
  const second = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.childText("body") === on.slug);
  assert.equal(second.attr("id"), "mine");
});

prove("Of a stanza's attributes only to, from, id, type and xml:lang are sent", async (on) => {
  await on.rest({
    body: `<message to='${on.bob.jid}' id='${on.slug}' type='chat' xml:lang='fr' other='1'><body>x</body></message>`,
  });
  const got = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.attr("id") === on.slug);
  assert.deepEqual(
    { ...got.attrs },
    { from: "alice@localhost", to: on.bob.jid, id: on.slug, type: "chat", "xml:lang": "fr" },
  );
});

prove("POST /rest/{kind}/{type}/{to} addresses JSON, forms and text", async (on) => {
  const path = `/rest/message/chat/${on.bob.jid}`;
  for (const [type, body] of [
    [JSON_TYPE, JSON.stringify({ body: on.slug })],
    [FORM, `body=${on.slug}`],
    ["text/plain", on.slug],
  ] as const) {
    assert.equal((await on.rest({ path, type, body })).status, 202, type);
    const got = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.childText("body") === on.slug);
    assert.equal(got.attr("type"), "chat");
  }
});

prove("A path with percent-encoded JID is decoded before it is used", async (on) => {
  const path = `/rest/message/chat/${encodeURIComponent(on.bob.jid)}`;
  const { status } = await on.rest({ path, type: JSON_TYPE, body: JSON.stringify({ body: on.slug }) });
  assert.equal(status, 202);
  await on.bob.nextFrom("alice@localhost", (stanza) => stanza.childText("body") === on.slug);
});

prove("POST /rest/{kind}/{type}/{to} has no effect on XML", async (on) => {
  const path = "/rest/message/headline/carol@localhost";
  await on.rest({ path, body: `<message to='${on.bob.jid}' type='chat'><body>${on.slug}</body></message>` });
  const got = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.childText("body") === on.slug);
  assert.equal(got.attr("type"), "chat");
});

prove("text/plain without a path is a chat message to oneself", async (on) => {
  const { status } = await on.rest({ type: "text/plain", body: on.slug });
  assert.equal(status, 202);
  const got = await on.alice.inbox.next(
    (stanza) => stanza.childText("body") === on.slug,
    "a message to oneself",
  );
  assert.deepEqual([got.attr("from"), got.attr("type")], ["alice@localhost", "chat"]);
});

prove(
  "The Host header chooses the host; one without mod_rest is answered by http_default_host",
  async (on) => {
    for (const [host, answering] of [
      ["localhost", "localhost"],
      ["tokens.localhost", "tokens.localhost"],
      ["example.org", "xml.localhost"],
      ["rooms.localhost", "xml.localhost"],
    ] as const) {
      const { status, headers } = await on.rest({ host, body: "<message/>", credentials: null });
      assert.equal(status, 401);
      assert.ok(String(headers["www-authenticate"]).includes(`realm="${answering}/rest"`), host);
    }
  },
);

prove("POST /rest/echo gives the stanza back as it would be sent, in the format of Accept", async (on) => {
  const body = "<message to='Bob@Localhost' id='e1' type='chat'><body>Hi</body></message>";
  const xml = xmlOf(await on.rest({ path: "/rest/echo", body }));
  assert.deepEqual(
    { ...xml.attrs },
    { from: "alice@localhost", to: "bob@localhost", id: "e1", type: "chat" },
  );
  const json = await on.rest({ path: "/rest/echo", body, headers: { accept: JSON_TYPE } });
  assert.equal(json.type, JSON_TYPE);
  const expected = {
    kind: "message",
    from: "alice@localhost",
    to: "bob@localhost",
    id: "e1",
    type: "chat",
    body: "Hi",
  };
  assert.deepEqual(JSON.parse(json.body), expected);
  const form = await on.rest({ path: "/rest/echo", body, headers: { accept: FORM } });
  assert.deepEqual(Object.fromEntries(new URLSearchParams(form.body)), expected);
});

prove("Without Accept the answer has the format of the request", async (on) => {
  const { type } = await on.rest({
    path: "/rest/echo",
    type: JSON_TYPE,
    body: '{"kind":"message","body":"Hi"}',
  });
  assert.equal(type, JSON_TYPE);
});

prove("A 200 can carry a bounce that was made locally", async (on) => {
  const { status, type, body } = await on.rest({
    body: "<message to='nobody@localhost' id='b1' type='chat'><body>Anybody?</body></message>",
  });
  assert.deepEqual([status, type], [200, XML]);
  const bounce = readXml(body);
  assert.deepEqual(
    [bounce.attr("type"), bounce.attr("id"), errorOf(bounce)],
    ["error", "b1", "cancel/service-unavailable"],
  );
  assert.deepEqual([bounce.attr("from"), bounce.attr("to")], ["nobody@localhost", "alice@localhost"]);
});

prove(
  "A 202 is no delivery: what cannot leave the server bounces to the sender's address later",
  async (on) => {
    const bot = on.bot("tokens");
    const { status } = await on.rest({
      ...AS_BOT,
      body: `<message from='${bot.jid}' to='juliet@elsewhere.example' id='m1'><body>Hi</body></message>`,
    });
    assert.equal(status, 202);
    const { body, query } = await bot.next();
    assert.equal(query.get("from"), "juliet@elsewhere.example");
    assert.deepEqual([query.get("type"), readXml(body).attr("id")], ["error", "m1"]);
    assert.equal(errorOf(readXml(body)), "cancel/not-allowed");
  },
);

prove("What another bot replies inline to a stanza that was posted is lost", async (on) => {
  const bot = on.bot("xml", {
    status: 200,
    type: XML,
    body: "<message type='chat'><body>Never</body></message>",
  });
  const sender = on.bot("tokens", undefined, "-sender");
  const body = `<message from='${sender.jid}' to='${bot.jid}' type='chat'><body>Hi</body></message>`;
  const { status } = await on.rest({ ...AS_BOT, body });
  assert.equal(status, 202);
  await bot.next();
  // The fence runs over the same two callbacks as the reply would.
  await bot.settled(on.alice);
  await sender.settled(on.alice);
  assert.deepEqual(sender.callbacks.all, []);
});

prove("A JSON to that is no JID is dropped: the stanza goes to oneself, with a 202", async (on) => {
  const { status } = await on.rest({
    type: JSON_TYPE,
    body: JSON.stringify({ kind: "message", to: "@", body: on.slug }),
  });
  assert.equal(status, 202);
  const got = await on.alice.inbox.next(
    (stanza) => stanza.childText("body") === on.slug,
    "a message to oneself",
  );
  assert.equal(got.attr("from"), "alice@localhost");
});

prove("A JSON from without a to is dropped", async (on) => {
  const body = JSON.stringify({ kind: "message", from: "bob@localhost", body: on.slug });
  const { status, body: echo } = await on.rest({ path: "/rest/echo", type: JSON_TYPE, body });
  assert.equal(status, 200);
  assert.equal((JSON.parse(echo) as { from: string }).from, "alice@localhost");
});

prove("A component's credentials may send as any of its JIDs, and as no other", async (on) => {
  const body = (from: string) =>
    `<message from='${from}' to='${on.bob.jid}' type='chat'><body>${on.slug}</body></message>`;
  for (const from of [
    `one-${on.slug}@tokens.localhost/x`,
    `two-${on.slug}@tokens.localhost`,
    "tokens.localhost",
  ]) {
    assert.equal((await on.rest({ ...AS_BOT, body: body(from) })).status, 202);
    const got = await on.bob.nextFrom(from, (stanza) => stanza.childText("body") === on.slug);
    assert.equal(got.attr("from"), from);
  }
  assert.equal((await on.rest({ ...AS_BOT, body: body("bot@xml.localhost") })).status, 403);
});

prove("An account's credentials may send as any resource of it", async (on) => {
  const body = `<message from='alice@localhost/made-up' to='${on.bob.jid}'><body>${on.slug}</body></message>`;
  assert.equal((await on.rest({ body })).status, 202);
  const got = await on.bob.nextFrom("alice@localhost/made-up");
  assert.equal(got.childText("body"), on.slug);
});

prove("A stanza of type error can be sent", async (on) => {
  const error = `<error type='cancel'><gone xmlns='${NS_STANZAS}'/></error>`;
  const { status } = await on.rest({
    body: `<message type='error' to='${on.bob.jid}' id='${on.slug}'>${error}</message>`,
  });
  assert.equal(status, 202);
  const got = await on.bob.nextFrom("alice@localhost", (stanza) => stanza.attr("id") === on.slug);
  assert.equal(errorOf(got), "cancel/gone");
});

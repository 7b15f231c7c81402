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

prove("An IQ is answered in the response, be it a result or an error", async (on) => {
  const ping = (to: string) => `<iq type='get' to='${to}' id='${on.slug}'><ping xmlns='urn:xmpp:ping'/></iq>`;
  const host = await on.rest({ body: ping("localhost") });
  assert.deepEqual([host.status, host.type, xmlOf(host).attr("type")], [200, XML, "result"]);
  const client = await on.rest({ body: ping(on.bob.jid) });
  assert.deepEqual(
    [client.status, xmlOf(client).attr("type"), xmlOf(client).attr("from")],
    [200, "result", on.bob.jid],
  );
  const unknown = `<iq type='get' to='${on.bob.jid}' id='${on.slug}'><query xmlns='urn:unknown'/></iq>`;
  const refused = await on.rest({ body: unknown });
  assert.deepEqual([refused.status, errorOf(xmlOf(refused))], [200, "cancel/service-unavailable"]);
  const nobody = await on.rest({ body: ping("dave@localhost/phone") });
  assert.deepEqual([nobody.status, errorOf(xmlOf(nobody))], [200, "cancel/service-unavailable"]);
});

prove("An IQ from one bot to another is answered by the other's inline reply", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<iq type='result'><q xmlns='urn:q'/></iq>" });
  const body = `<iq type='get' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`;
  const answer = xmlOf(await on.rest({ ...AS_BOT, body }));
  assert.deepEqual([answer.attr("type"), answer.elements[0]?.ns], ["result", "urn:q"]);
});

prove(
  "An IQ that nobody answers in time is a 500 remote-server-timeout; Prosody-Rest-Timeout sets the time in seconds",
  async (on) => {
    const answer = Promise.withResolvers<{ status: number }>();
    const bot = on.bot("xml", () => answer.promise);
    const { status, body } = await on.rest({
      ...AS_BOT,
      body: `<iq type='get' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`,
      headers: { "prosody-rest-timeout": "1", accept: JSON_TYPE },
    });
    answer.resolve({ status: 204 });
    assert.equal(status, 500);
    const error = JSON.parse(body) as { error: { condition: string; type: string; text: string } };
    assert.deepEqual(
      [error.error.type, error.error.condition, error.error.text],
      ["wait", "remote-server-timeout", "IQ stanza timed out"],
    );
  },
);

prove("A second IQ with an id that is in flight is a 500 conflict, and the first hangs", async (on) => {
  const answer = Promise.withResolvers<{ status: number; type: string; body: string }>();
  const bot = on.bot("xml", () => answer.promise);
  const from = `${on.slug}@tokens.localhost`;
  const body = `<iq type='get' from='${from}' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`;
  let finished = false;
  const first = on.rest({ ...AS_BOT, body, headers: { "prosody-rest-timeout": "1" } });
  void first.then(
    () => {
      finished = true;
    },
    () => undefined, // the server is stopped while it hangs
  );
  await bot.next();
  const second = await on.rest({ ...AS_BOT, body, headers: { accept: JSON_TYPE } });
  assert.equal(second.status, 500);
  assert.equal((JSON.parse(second.body) as { error: { condition: string } }).error.condition, "conflict");
  // Another one, sent later with the same timeout, comes to its end: the first should have by then.
  const later = await on.rest({
    ...AS_BOT,
    body: body.replace(`id='${on.slug}'`, `id='${on.slug}-later'`),
    headers: { "prosody-rest-timeout": "1" },
  });
  assert.equal(later.status, 500);
  assert.equal(finished, false);
  answer.resolve({ status: 200, type: XML, body: "<iq type='result'/>" });
});

prove(
  "The 257th IQ in flight in a module has the oldest answered with a 500 resource-constraint",
  async (on) => {
    const answer = Promise.withResolvers<{ status: number }>();
    const bot = on.bot("xml", () => answer.promise);
    const call = (number: number) =>
      on.rest({
        host: "many.localhost",
        credentials: TOKEN,
        body: `<iq type='get' to='${bot.jid}' id='${number}'><q xmlns='urn:q'/></iq>`,
        headers: { accept: JSON_TYPE },
      });
    const oldest = call(0);
    await bot.next();
    const others = Array.from({ length: 255 }, (_, index) => call(index + 1));
    for (const _ of others) await bot.next();
    const last = call(256);
    const { status, body } = await oldest;
    assert.equal(status, 500);
    assert.equal(
      (JSON.parse(body) as { error: { condition: string } }).error.condition,
      "resource-constraint",
    );
    answer.resolve({ status: 204 });
    const rest = await Promise.all([...others, last]);
    assert.ok(rest.every((result) => result.status === 200));
  },
);

for (const [what, call, status, condition] of [
  ["no credentials", { credentials: null }, 401, "not-authorized"],
  ["an unknown scheme", { headers: { authorization: "Digest x" } }, 401, "not-authorized"],
  ["a wrong password", { credentials: "alice:wrong" }, 403, "not-authorized"],
  ["an unknown token", { credentials: "unknown-token" }, 403, "not-authorized"],
  [
    "Basic credentials without a colon",
    { headers: { authorization: "Basic YWxpY2U=" } },
    403,
    "not-authorized",
  ],
  [
    "a from that is not the sender's",
    { body: "<message from='bob@localhost' to='bob@localhost'/>" },
    403,
    "not-authorized",
  ],
  ["a from that is no JID", { body: "<message from='@' to='bob@localhost'/>" }, 422, "invalid-from"],
  ["XML that is not well-formed", { body: "<message>" }, 400, "not-well-formed"],
  ["JSON that is none", { type: JSON_TYPE, body: "{" }, 400, "not-well-formed"],
  ["JSON that is no stanza", { type: JSON_TYPE, body: "[]" }, 400, "not-well-formed"],
  [
    "a path that is none of its own",
    { type: JSON_TYPE, body: "{}", path: "/rest/nothing" },
    400,
    "not-well-formed",
  ],
  ["an unknown content type", { type: "application/xml", body: "<message/>" }, 415, "bad-format"],
  ["a to that is no JID", { body: "<message to='@'/>" }, 422, "improper-addressing"],
  ["another root", { body: "<note/>" }, 422, "unsupported-stanza-type"],
  ["another namespace", { body: "<message xmlns='urn:x'/>" }, 422, "invalid-namespace"],
  ["an IQ of type result", { body: "<iq type='result' to='bob@localhost' id='1'/>" }, 422, "invalid-xml"],
  ["an IQ without a child", { body: "<iq type='get' to='bob@localhost' id='1'/>" }, 422, "bad-format"],
] as const satisfies readonly (readonly [string, RestCall, number, string])[]) {
  prove(`Refused with ${status} ${condition}: ${what}`, async (on) => {
    const headers = { accept: JSON_TYPE, ...("headers" in call ? call.headers : undefined) };
    const result = await on.rest({ body: "<message to='bob@localhost'/>", ...call, headers });
    assert.equal(result.status, status, result.body);
    const { error, code, type } = JSON.parse(result.body) as {
      error: { condition: string };
      code: number;
      type: string;
    };
    assert.deepEqual([error.condition, code, type], [condition, status, "error"]);
  });
}

prove(
  "Refused with 413 resource-constraint: a body over 192 KiB; one of exactly that is taken",
  async (on) => {
    const message = (size: number) => {
      const [head, tail] = ["<message to='bob@localhost'><body>", "</body></message>"];
      return `${head}${"x".repeat(size - head.length - tail.length)}${tail}`;
    };
    const limit = 192 * 1024;
    assert.equal((await on.rest({ path: "/rest/echo", body: message(limit) })).status, 200);
    const { status, body } = await on.rest({
      path: "/rest/echo",
      body: message(limit + 1),
      headers: { accept: JSON_TYPE },
    });
    assert.equal(status, 413);
    assert.equal(
      (JSON.parse(body) as { error: { condition: string } }).error.condition,
      "resource-constraint",
    );
  },
);

prove("The body of a refusal follows Accept: JSON, an XML stream error, else HTML", async (on) => {
  const call = (accept: string | undefined) =>
    on.rest({ body: "<note/>", headers: accept === undefined ? {} : { accept } });
  const json = await call(JSON_TYPE);
  assert.equal(json.type, JSON_TYPE);
  const { error } = JSON.parse(json.body) as { error: Record<string, unknown> };
  assert.deepEqual(error, {
    type: "modify",
    condition: "unsupported-stanza-type",
    text: "Invalid stanza, must be 'message', 'presence' or 'iq'.",
    source: "mod_rest",
  });
  const xml = await call(XML);
  assert.equal(xml.type, XML);
  const root = readXml(xml.body);
  assert.deepEqual([root.name, root.ns], ["error", "http://etherx.jabber.org/streams"]);
  assert.ok(root.child("unsupported-stanza-type", "urn:ietf:params:xml:ns:xmpp-streams"));
  for (const accept of ["*/*", "text/html", undefined]) {
    const html = await call(accept);
    assert.equal(html.type, "text/html; charset=utf-8");
    assert.match(html.body, /<title>422 Unprocessable Content<\/title>/);
  }
});

prove("A 401 says which credentials are taken, where there were none", async (on) => {
  const { headers } = await on.rest({ credentials: null, body: "<message/>" });
  const challenges = String(headers["www-authenticate"]).split(", ");
  assert.deepEqual(challenges.sort(), ['basic realm="localhost/rest"', 'bearer realm="localhost/rest"']);
  const unknown = await on.rest({ headers: { authorization: "Digest x" }, body: "<message/>" });
  assert.deepEqual([unknown.status, unknown.headers["www-authenticate"]], [401, undefined]);
});

prove("An error in mod_rest's own Lua code is a 500 with HTML, whatever Accept says", async (on) => {
  const { status, type } = await on.rest({
    type: JSON_TYPE,
    body: '{"kind":"iq","type":"set","to":"bob@localhost","command":true}',
    headers: { accept: JSON_TYPE },
  });
  assert.deepEqual([status, type], [500, "text/html; charset=utf-8"]);
});

prove("GET /rest/{query}/{jid} asks, in the format of Accept", async (on) => {
  const pong = await on.rest({ method: "GET", path: "/rest/ping/localhost", headers: { accept: JSON_TYPE } });
  assert.equal(pong.status, 200);
  const { kind, type, from } = JSON.parse(pong.body) as Record<string, unknown>;
  assert.deepEqual([kind, type, from], ["iq", "result", "localhost"]);
  const disco = await on.rest({
    method: "GET",
    path: "/rest/disco/localhost",
    headers: { accept: JSON_TYPE },
  });
  const { disco: info } = JSON.parse(disco.body) as { disco: { features: string[] } };
  assert.ok(info.features.includes("http://jabber.org/protocol/disco#info"));
  const version = await on.rest({ method: "GET", path: "/rest/version/localhost" });
  assert.equal(version.type, XML);
  assert.equal(xmlOf(version).elements[0]?.childText("name"), "Prosody");
});

prove("GET /rest/{query}/{jid}?… fills the query", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<iq type='result'/>" });
  await on.rest({
    method: "GET",
    path: `/rest/disco/${bot.jid}?node=urn%3Anode`,
    headers: { accept: JSON_TYPE },
  });
  const { body } = await bot.next();
  const query = readXml(body).elements[0];
  assert.deepEqual([query?.ns, query?.attr("node")], ["http://jabber.org/protocol/disco#info", "urn:node"]);
});

prove("Two or more answers to an archive query come wrapped in xmpp, one comes bare", async (on) => {
  const carol = await on.client("carol");
  for (const number of [1, 2]) {
    carol.send(
      `<message type='chat' to='${on.bob.jid}' id='${on.slug}-${number}'><body>${number}</body></message>`,
    );
    await on.bob.nextFrom("carol@localhost", (stanza) => stanza.attr("id") === `${on.slug}-${number}`);
  }
  const call = (max: number) => ({
    credentials: "carol:carol-password",
    body: `<iq type='set' id='m'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>${max}</max></set></query></iq>`,
  });
  const answers = async (max: number) => {
    const xml = xmlOf(await on.rest(call(max)));
    return [xml.name, ...xml.elements.map(({ name }) => name)];
  };
  assert.deepEqual(await answers(2), ["xmpp", "message", "message", "iq"]);
  assert.deepEqual(await answers(1), ["xmpp", "message", "iq"]);
  assert.deepEqual(await answers(0), ["iq", "fin"]);
  const json = await on.rest({ ...call(2), headers: { accept: JSON_TYPE } });
  const { xmpp } = JSON.parse(json.body) as { xmpp: { kind: string }[] };
  assert.deepEqual(
    xmpp.map(({ kind }) => kind),
    ["message", "message", "iq"],
  );
  await carol.stop();
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

prove("GET /rest is redirected; other methods and paths are a 404", async (on) => {
  assert.equal((await on.rest({ method: "GET", path: "/rest" })).status, 301);
  assert.equal((await on.rest({ method: "PUT", body: "<message/>" })).status, 404);
  assert.equal((await on.rest({ path: "/other", body: "<message/>" })).status, 404);
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

prove(
  "A bot that subscribes by POST hears of presence once the user approves; asked again, the server approves and shows it twice",
  async (on) => {
    const bot = on.bot("tokens");
    const erin = await on.client("erin");
    const heard = async (count: number) => {
      const seen: string[] = [];
      while (seen.length < count) {
        const { query } = await bot.next();
        seen.push(`${query.get("type")} ${query.get("from")}`);
      }
      return seen.sort();
    };
    const subscribe = `<presence type='subscribe' from='${bot.jid}' to='erin@localhost'/>`;
    assert.equal((await on.rest({ ...AS_BOT, body: subscribe })).status, 202);
    assert.deepEqual(await heard(1), ["unavailable erin@localhost"]);
    const request = await erin.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribe");
    assert.equal(request.attr("to"), "erin@localhost");
    erin.send(`<presence type='subscribed' to='${bot.jid}'/>`);
    assert.deepEqual(await heard(2), ["subscribed erin@localhost", `{type} ${erin.jid}`]);
    assert.equal((await on.rest({ ...AS_BOT, body: subscribe })).status, 202);
    assert.deepEqual(await heard(3), [
      "subscribed erin@localhost",
      `{type} ${erin.jid}`,
      `{type} ${erin.jid}`,
    ]);
    await on.rest({ ...AS_BOT, body: `<presence type='probe' from='${bot.jid}' to='erin@localhost'/>` });
    assert.deepEqual(await heard(1), [`{type} ${erin.jid}`]);
    await erin.stop();
    assert.deepEqual(await heard(1), [`unavailable ${erin.jid}`]);
    await on.rest({ ...AS_BOT, body: `<presence type='probe' from='${bot.jid}' to='erin@localhost'/>` });
    assert.deepEqual(await heard(1), ["unavailable erin@localhost"]);
  },
);

prove("A probe of somebody who has not approved is not answered", async (on) => {
  const bot = on.bot("tokens");
  const probe = `<presence type='probe' from='${bot.jid}' to='frank@localhost'/>`;
  assert.equal((await on.rest({ ...AS_BOT, body: probe })).status, 202);
  assert.deepEqual(await bot.settled(on.alice), []);
  assert.deepEqual(bot.callbacks.all, []);
});

prove(
  "A user's server probes the bots that it is subscribed to, and shows them presence, when the user comes online",
  async (on) => {
    const bot = on.bot("tokens");
    const frank = await on.client("frank");
    frank.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    frank.send(`<presence type='subscribe' to='${bot.jid}'/>`);
    await bot.next();
    await on.rest({
      ...AS_BOT,
      body: `<presence type='subscribed' from='${bot.jid}' to='frank@localhost'/>`,
    });
    await frank.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribed");
    await frank.stop();
    const again = await on.client("frank");
    const { query } = await bot.next();
    assert.deepEqual([query.get("type"), query.get("from")], ["probe", again.jid]);
    await again.stop();
  },
);

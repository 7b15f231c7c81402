import assert from "node:assert/strict";
import { NS_STANZAS } from "../../../src/stanza/index.ts";
import { casesOf, errorOf, JSON_TYPE, XML } from "../support/contract-case.ts";

const { all, prove } = casesOf("replies");
export const replyCases = all;

const CHAT = "<message type='chat' id='m1'><body>Hello</body></message>";
const NORMAL = "<message id='m1'><body>Hello</body></message>";
const PING = "<iq type='get' id='i1'><ping xmlns='urn:xmpp:ping'/></iq>";

prove("A 500 with text/plain is delivered as a chat message", async (on) => {
  const bot = on.bot("xml", { status: 500, type: "text/plain", body: "Internal Server Error" });
  const answer = await bot.asked(on.alice, CHAT);
  assert.equal(answer.attr("type"), "chat");
  assert.equal(answer.childText("body"), "Internal Server Error");
});

prove("A 4xx with a JSON object that is no stanza is delivered as an empty message", async (on) => {
  const bot = on.bot("xml", { status: 404, type: JSON_TYPE, body: '{"error":"not found"}' });
  const answer = await bot.asked(on.alice, CHAT);
  assert.deepEqual([answer.name, answer.attr("type"), answer.children], ["message", undefined, []]);
});

prove("A stanza in the body is delivered whatever the status says", async (on) => {
  const bot = on.bot("xml", {
    status: 503,
    type: XML,
    body: "<message type='chat'><body>Yes</body></message>",
  });
  assert.equal((await bot.asked(on.alice, CHAT)).childText("body"), "Yes");
});

for (const [what, reply] of Object.entries({
  "an empty body": { type: XML, body: "" },
  "no content type": { type: undefined, body: "<message><body>x</body></message>" },
  "text/html": { type: "text/html", body: "<p>x</p>" },
  "unparseable XML": { type: XML, body: "<message><body>x</message>" },
  "XML with a comment": { type: XML, body: "<message><!-- x --><body>x</body></message>" },
  "unparseable JSON": { type: JSON_TYPE, body: "{" },
  "a stanza of another kind": { type: XML, body: "<presence/>" },
})) {
  prove(`A 200 with ${what} is delivered as an empty message of the type of the request`, async (on) => {
    const bot = on.bot("xml", { status: 200, ...reply });
    const answer = await bot.asked(on.alice, CHAT);
    assert.deepEqual([answer.name, answer.attr("type"), answer.children], ["message", "chat", []]);
    assert.notEqual(answer.attr("id"), "m1");
  });
}

prove("A 200 with text/plain and an empty body is delivered as a message with an empty body", async (on) => {
  const bot = on.bot("xml", { status: 200, type: "text/plain", body: "" });
  const answer = await bot.asked(on.alice, NORMAL);
  assert.deepEqual([answer.attr("type"), answer.childText("body")], ["chat", ""]);
});

prove("A 200 with an empty body mirrors a presence", async (on) => {
  const bot = on.bot("xml", { status: 200 });
  const answer = await bot.asked(on.alice, "<presence><show>away</show></presence>");
  assert.deepEqual([answer.name, answer.attr("type"), answer.children], ["presence", undefined, []]);
});

prove("Any other 2xx than 202 and 204 is as 200", async (on) => {
  const bot = on.bot("xml", { status: 201, type: "text/html", body: "<p>Created</p>" });
  const answer = await bot.asked(on.alice, CHAT);
  assert.deepEqual([answer.name, answer.children], ["message", []]);
});

for (const status of [202, 204]) {
  prove(`A ${status} means no reply, whatever its body says`, async (on) => {
    const body = status === 204 ? undefined : "<message type='chat'><body>Never</body></message>";
    const bot = on.bot("xml", { status, type: XML, body });
    await bot.hears(on.alice, CHAT);
    await bot.hears(on.alice, "<presence/>");
    assert.deepEqual(await bot.settled(on.alice), []);
  });

  prove(`A ${status} on an IQ becomes an empty result`, async (on) => {
    const bot = on.bot("xml", { status });
    const answer = await bot.asked(on.alice, PING);
    assert.deepEqual([answer.attr("type"), answer.attr("id"), answer.children], ["result", "i1", []]);
  });
}

prove("A 200 with an empty body on an IQ becomes an empty result", async (on) => {
  const answer = await on.bot("xml", { status: 200 }).asked(on.alice, PING);
  assert.deepEqual([answer.attr("type"), answer.attr("id"), answer.children], ["result", "i1", []]);
});

prove("A reply may be XML, JSON, a form, or text, with parameters on its content type", async (on) => {
  const replies = [
    { type: `${XML}; charset=utf-8`, body: "<message type='chat'><body>Hi &amp; ho</body></message>" },
    { type: `${JSON_TYPE}; charset=utf-8`, body: '{"type":"chat","body":"Hi & ho"}' },
    { type: "application/x-www-form-urlencoded", body: "type=chat&body=Hi+%26+ho" },
    { type: "text/plain; charset=utf-8", body: "Hi & ho" },
  ];
  for (const reply of replies) {
    const bot = on.bot("xml", { status: 200, ...reply });
    const answer = await bot.asked(on.alice, CHAT);
    assert.deepEqual([answer.attr("type"), answer.childText("body")], ["chat", "Hi & ho"], reply.type);
  }
});

prove("White space and an XML declaration around a reply do not matter", async (on) => {
  for (const body of [
    "\n <message><body>x</body></message> \n",
    "<?xml version='1.0'?><message><body>x</body></message>",
  ]) {
    const bot = on.bot("xml", { status: 200, type: XML, body });
    assert.equal((await bot.asked(on.alice, CHAT)).childText("body"), "x", body);
  }
});

prove(
  "to and from of a reply are overwritten; of the rest only id, type and xml:lang survive",
  async (on) => {
    const body =
      "<message to='bob@localhost' from='x@y' id='r1' type='headline' xml:lang='fr' other='1'><body>Salut</body></message>";
    const bot = on.bot("xml", { status: 200, type: XML, body });
    const answer = await bot.asked(on.alice, CHAT);
    assert.deepEqual(
      { ...answer.attrs },
      { to: on.alice.jid, from: bot.jid, id: "r1", type: "headline", "xml:lang": "fr" },
    );
  },
);

prove("A reply without an id gets a fresh one", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<message><body>x</body></message>" });
  const answer = await bot.asked(on.alice, CHAT);
  assert.match(answer.attr("id") ?? "", /^[\w-]{8,}$/);
});

prove("The type of a message reply is not that of the request: without one it is normal", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<message><body>x</body></message>" });
  assert.equal((await bot.asked(on.alice, CHAT)).attr("type"), undefined);
});

prove(
  "An IQ reply gets the id of the request and the type result, whatever it says, unless it is an error",
  async (on) => {
    const bot = on.bot("xml", {
      status: 200,
      type: XML,
      body: "<iq type='set' id='x'><q xmlns='urn:q'/></iq>",
    });
    const result = await bot.asked(on.alice, PING);
    assert.deepEqual([result.attr("type"), result.attr("id")], ["result", "i1"]);
    assert.equal(result.elements[0]?.ns, "urn:q");
    const error = `<iq type='error' id='x'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></iq>`;
    bot.answers({ status: 200, type: XML, body: error });
    const refused = await bot.asked(on.alice, PING);
    assert.deepEqual(
      [refused.attr("type"), refused.attr("id"), errorOf(refused)],
      ["error", "i1", "cancel/gone"],
    );
  },
);

prove("An error reply to a message gets the id of the request", async (on) => {
  const body = `<message type='error' id='x'><error type='wait'><gone xmlns='${NS_STANZAS}'/></error></message>`;
  const answer = await on.bot("xml", { status: 200, type: XML, body }).asked(on.alice, CHAT);
  assert.deepEqual([answer.attr("type"), answer.attr("id"), errorOf(answer)], ["error", "m1", "wait/gone"]);
});

prove(
  "A reply with an error inside becomes one of type error only where the request had no type",
  async (on) => {
    const body = `<message id='x'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></message>`;
    const bot = on.bot("xml", { status: 200, type: XML, body });
    const normal = await bot.asked(on.alice, NORMAL);
    assert.deepEqual([normal.attr("type"), normal.attr("id")], ["error", "m1"]);
    const chat = await bot.asked(on.alice, CHAT);
    assert.deepEqual([chat.attr("type"), chat.attr("id")], [undefined, "x"]);
  },
);

prove("With xmlns on the root of a reply, Prosody's own look-ups miss its children", async (on) => {
  const body = `<message xmlns='jabber:client' id='x'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></message>`;
  const answer = await on.bot("xml", { status: 200, type: XML, body }).asked(on.alice, NORMAL);
  assert.deepEqual([answer.attr("type"), answer.attr("id")], [undefined, "x"]);
});

prove("The namespace of a reply's root is not looked at", async (on) => {
  const body = "<message xmlns='urn:other'><body>x</body></message>";
  const answer = await on.bot("xml", { status: 200, type: XML, body }).asked(on.alice, CHAT);
  assert.equal(answer.ns, "jabber:client");
  assert.equal(answer.childText("body", "urn:other"), "x");
});

prove("Replies to stanzas of type error and result are ignored", async (on) => {
  const bot = on.bot("xml", ({ query }) => ({
    status: 200,
    type: XML,
    body: `<${query.get("kind")} type='set' id='x'/>`,
  }));
  await bot.hears(
    on.alice,
    `<message type='error'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></message>`,
  );
  await bot.hears(
    on.alice,
    `<presence type='error'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></presence>`,
  );
  await bot.hears(on.alice, "<iq type='result' id='r1'/>");
  await bot.hears(
    on.alice,
    `<iq type='error' id='r1'><error type='cancel'><gone xmlns='${NS_STANZAS}'/></error></iq>`,
  );
  assert.deepEqual(await bot.settled(on.alice), []);
});

const conditions: Readonly<Record<number, string>> = {
  300: "cancel/undefined-condition",
  304: "cancel/undefined-condition",
  400: "modify/bad-request",
  401: "auth/not-authorized",
  402: "auth/payment-required",
  403: "auth/forbidden",
  404: "cancel/item-not-found",
  405: "cancel/not-allowed",
  406: "modify/not-acceptable",
  407: "auth/registration-required",
  408: "wait/remote-server-timeout",
  409: "cancel/conflict",
  410: "cancel/gone",
  411: "modify/bad-request",
  412: "cancel/conflict",
  413: "modify/resource-constraint",
  414: "modify/resource-constraint",
  415: "cancel/feature-not-implemented",
  416: "modify/bad-request",
  417: "cancel/undefined-condition",
  418: "cancel/undefined-condition",
  422: "modify/bad-request",
  423: "wait/resource-constraint",
  425: "cancel/undefined-condition",
  429: "wait/resource-constraint",
  431: "modify/resource-constraint",
  451: "auth/forbidden",
  499: "cancel/undefined-condition",
  500: "wait/internal-server-error",
  501: "cancel/feature-not-implemented",
  502: "wait/remote-server-timeout",
  503: "cancel/service-unavailable",
  504: "wait/remote-server-timeout",
  507: "wait/resource-constraint",
  511: "auth/not-authorized",
  599: "cancel/undefined-condition",
};

prove(
  "Without a stanza in the body, the status decides on the error, and its words are the text",
  async (on) => {
    const seen = await Promise.all(
      Object.keys(conditions).map(async (status) => {
        const bot = on.bot(
          "xml",
          { status: Number(status), type: "text/html", body: "<p>no</p>" },
          `-${status}`,
        );
        const answer = await bot.asked(on.alice, CHAT);
        const text = answer.child("error")?.childText("text", NS_STANZAS) ?? "";
        assert.ok(text.startsWith(`${status} `), text);
        return [status, errorOf(answer)];
      }),
    );
    assert.deepEqual(Object.fromEntries(seen), Object.fromEntries(Object.entries(conditions)));
  },
);

prove(
  "An error response with an empty body becomes the error of its status, for all three kinds",
  async (on) => {
    const bot = on.bot("xml", { status: 503 });
    for (const stanza of [CHAT, PING, "<presence id='p1'/>"]) {
      const answer = await bot.asked(on.alice, stanza);
      assert.deepEqual([answer.attr("type"), errorOf(answer)], ["error", "cancel/service-unavailable"]);
      assert.equal(answer.child("error")?.childText("text", NS_STANZAS), "503 Service Unavailable");
      assert.ok(stanza.includes(`id='${answer.attr("id")}'`));
    }
  },
);

prove("Redirects are not followed", async (on) => {
  const bot = on.bot("xml", {
    status: 307,
    headers: { location: `http://127.0.0.1:${on.webhook.port}/user` },
  });
  assert.equal(errorOf(await bot.asked(on.alice, CHAT)), "cancel/undefined-condition");
  assert.equal(bot.callbacks.all.length, 1);
});

prove("A requested receipt is not sent by mod_rest", async (on) => {
  const bot = on.bot("xml", {
    status: 200,
    type: XML,
    body: "<message type='chat'><body>x</body></message>",
  });
  const request =
    "<message type='chat' id='m1'><body>Hello</body><request xmlns='urn:xmpp:receipts'/></message>";
  const answer = await bot.asked(on.alice, request);
  assert.deepEqual(
    answer.elements.map(({ name }) => name),
    ["body"],
  );
  bot.answers({ status: 204 });
  await bot.hears(on.alice, request);
  assert.deepEqual(await bot.settled(on.alice), []);
});

prove("A connection that is reset tells the sender wait/recipient-unavailable", async (on) => {
  const bot = on.bot("xml", () => "reset");
  for (const stanza of [CHAT, PING]) {
    const answer = await bot.asked(on.alice, stanza);
    assert.deepEqual([answer.attr("type"), errorOf(answer)], ["error", "wait/recipient-unavailable"]);
    assert.equal(answer.child("error")?.elements.length, 1, "no text, so no URL in it");
  }
});

prove("A web server that is down tells the sender wait/recipient-unavailable", async (on) => {
  const bot = on.bot("dead");
  for (const stanza of [CHAT, PING, "<presence/>"]) {
    const answer = await bot.asked(on.alice, stanza);
    assert.deepEqual([answer.attr("type"), errorOf(answer)], ["error", "wait/recipient-unavailable"]);
    assert.equal(answer.child("error")?.elements.length, 1, "no text, so no URL in it");
  }
});

prove("A web server that is down tells even the sender of an IQ result so", async (on) => {
  const answer = await on.bot("dead").asked(on.alice, "<iq type='result' id='r1'/>");
  assert.deepEqual([answer.attr("type"), errorOf(answer)], ["error", "wait/recipient-unavailable"]);
});

prove("A JSON reply with an error and the type error vanishes", async (on) => {
  const body = JSON.stringify({
    kind: "message",
    type: "error",
    error: { type: "cancel", condition: "gone" },
  });
  const bot = on.bot("xml", { status: 200, type: JSON_TYPE, body });
  await bot.hears(on.alice, CHAT);
  assert.deepEqual(await bot.settled(on.alice), []);
});

prove("A JSON reply with an error and no type error is delivered as an error", async (on) => {
  const body = JSON.stringify({
    kind: "message",
    error: { type: "cancel", condition: "gone", text: "Moved" },
  });
  const answer = await on.bot("xml", { status: 200, type: JSON_TYPE, body }).asked(on.alice, CHAT);
  assert.deepEqual([answer.attr("type"), errorOf(answer)], ["error", "cancel/gone"]);
});

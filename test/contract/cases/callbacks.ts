import assert from "node:assert/strict";
import { readXml } from "../../../src/stanza/index.ts";
import { casesOf, errorOf, JSON_TYPE, XML } from "../support/contract-case.ts";
import { CALLBACK_USER } from "../support/layout.ts";
import type { Received } from "../support/webhook.ts";

const { all, prove } = casesOf("callbacks");
export const callbackCases = all;

const HELLO = "<message type='chat' id='m1'><body>Hello</body></message>";

prove(
  "At load, each callback URL gets one OPTIONS of kind meta and type info, to and from the host",
  async (on) => {
    await on.bot("xml").hears(on.alice, HELLO);
    const probes = on.webhook.probes.filter(({ target }) => target.startsWith("/xml?"));
    assert.deepEqual(
      probes.map(({ method, target, body }) => [method, target, body]),
      [["OPTIONS", "/xml?kind=meta&type=info&to=xml.localhost&from=xml.localhost", ""]],
    );
  },
);

prove(
  "The Accept header of the answer to the probe picks the format by position; q-values mean nothing",
  async (on) => {
    const { headers, body } = await on.bot("accept").hears(on.alice, HELLO);
    assert.equal(headers["content-type"], JSON_TYPE);
    assert.equal((JSON.parse(body) as { body: string }).body, "Hello");
  },
);

prove("An answer to the probe with another status than 200 changes nothing", async (on) => {
  const { headers } = await on.bot("refused").hears(on.alice, HELLO);
  assert.equal(headers["content-type"], XML);
});

prove("Each stanza comes as one POST on a connection of its own, which is closed after it", async (on) => {
  const bot = on.bot("xml");
  const received = [
    await bot.hears(on.alice, HELLO),
    await bot.hears(on.alice, HELLO),
    await bot.hears(on.alice, HELLO),
  ];
  assert.deepEqual(
    received.map(({ method, nth, headers }) => [method, nth, headers.connection]),
    Array.from({ length: 3 }, () => ["POST", 1, "close"]),
  );
  assert.equal(new Set(received.map(({ connection }) => connection)).size, 3);
});

prove("A callback that got no answer is not repeated", async (on) => {
  const bot = on.bot("xml", () => "reset");
  await bot.asked(on.alice, HELLO);
  await bot.settled(on.alice);
  assert.equal(bot.callbacks.all.length, 1);
});

prove(
  "A callback of a stock mount carries neither signature nor sequence number nor credential",
  async (on) => {
    const { headers } = await on.bot("xml").hears(on.alice, HELLO);
    assert.deepEqual(Object.keys(headers).sort(), [
      "accept",
      "connection",
      "content-language",
      "content-length",
      "content-type",
      "host",
      "user-agent",
    ]);
  },
);

prove("The userinfo of the callback URL becomes Basic credentials", async (on) => {
  const { headers } = await on.bot("user").hears(on.alice, HELLO);
  assert.equal(headers.authorization, `Basic ${Buffer.from(CALLBACK_USER).toString("base64")}`);
});

prove("Placeholders in the callback URL are percent-encoded, in lower-case hexadecimal", async (on) => {
  const bot = on.bot("xml", undefined, "+ü=1");
  on.alice.send(`<message type='chat' to='${bot.jid}/a b'><body>Hello</body></message>`);
  const { target } = await bot.next();
  const to = `${on.slug}%2b%c3%bc%3d1%40xml.localhost%2fa%20b`;
  const from = on.alice.jid.replace("@", "%40").replace("/", "%2f");
  assert.equal(target, `/xml?kind=message&type=chat&to=${to}&from=${from}`);
});

prove("An absent type stays the literal text {type} in the callback URL", async (on) => {
  const { target } = await on.bot("xml").hears(on.alice, "<message><body>Hello</body></message>");
  assert.match(target, /^\/xml\?kind=message&type=\{type\}&to=/);
});

prove("Placeholders may stand in the path of the callback URL", async (on) => {
  const called = new Promise<Received>((resolve) =>
    on.webhook.script("path", "*", (received) => {
      resolve(received);
      return { status: 204 };
    }),
  );
  on.alice.send(`<message to='${on.slug}@path.localhost'><body>Hello</body></message>`);
  assert.equal((await called).target, `/path/message/{type}/${on.slug}%40path.localhost`);
});

prove(
  "A callback names its format, the language of the stanza, the formats it reads, and Prosody",
  async (on) => {
    const { headers } = await on
      .bot("xml")
      .hears(on.alice, "<message type='chat' xml:lang='de-AT'><body>Servus</body></message>");
    assert.equal(headers["content-type"], XML);
    assert.equal(headers["content-language"], "de-AT");
    assert.equal(
      headers.accept,
      "application/xmpp+xml, application/json, application/x-www-form-urlencoded, text/plain",
    );
    assert.equal(headers["user-agent"], "Prosody XMPP Server");
  },
);

prove("rest_callback_content_type application/json sends JSON", async (on) => {
  const bot = on.bot("json");
  const { headers, body } = await bot.hears(on.alice, HELLO);
  assert.equal(headers["content-type"], JSON_TYPE);
  assert.deepEqual(JSON.parse(body), {
    kind: "message",
    type: "chat",
    id: "m1",
    to: bot.jid,
    from: on.alice.jid,
    lang: "en",
    body: "Hello",
  });
});

prove(
  "rest_callback_content_type application/x-www-form-urlencoded sends the flat part of the JSON",
  async (on) => {
    const bot = on.bot("form");
    const { headers, body } = await bot.hears(
      on.alice,
      "<message type='chat' id='m1'><body>Hello &amp; good-bye</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
    );
    assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
      kind: "message",
      type: "chat",
      id: "m1",
      to: bot.jid,
      from: on.alice.jid,
      lang: "en",
      body: "Hello & good-bye",
      state: "active",
    });
  },
);

prove("XML comes with single-quoted attributes and without a namespace on the root", async (on) => {
  const bot = on.bot("xml");
  const { body } = await bot.hears(on.alice, HELLO);
  const root = /^<message([^>]*)>/.exec(body)?.[1] ?? "";
  assert.deepEqual(root.match(/[\w:]+='[^']*'/g)?.sort(), [
    `from='${on.alice.jid}'`,
    "id='m1'",
    `to='${bot.jid}'`,
    "type='chat'",
    "xml:lang='en'",
  ]);
  assert.equal(root.replaceAll(/ [\w:]+='[^']*'/g, ""), "");
});

prove("A stanza without xml:lang gets that of the sender's stream", async (on) => {
  const { body } = await on.bot("xml").hears(on.alice, "<presence id='p1'/>");
  assert.equal(readXml(body).attr("xml:lang"), "en");
});

prove("The five special characters come escaped, in text and in attributes", async (on) => {
  const { body } = await on
    .bot("xml")
    .hears(on.alice, `<message type='chat' id="&lt;&amp;'&quot;&gt;"><body>&lt;&amp;'"&gt;</body></message>`);
  assert.ok(body.includes("id='&lt;&amp;&apos;&quot;&gt;'"), body);
  assert.ok(body.includes("<body>&lt;&amp;&apos;&quot;&gt;</body>"), body);
});

prove("JIDs come normalised", async (on) => {
  const bot = on.bot("xml");
  on.alice.send(`<message type='chat' to='${bot.jid.toUpperCase()}/Phone'><body>Hello</body></message>`);
  const { body, query } = await bot.next();
  assert.equal(readXml(body).attr("to"), `${bot.jid}/Phone`);
  assert.equal(query.get("to"), `${bot.jid}/Phone`);
});

prove("Prefixes of elements are resolved, those of attributes become ns1, ns2 …", async (on) => {
  const { body } = await on
    .bot("xml")
    .hears(on.alice, "<message type='chat'><z:thing xmlns:z='urn:z' z:attr='v'><z:in/></z:thing></message>");
  const thing = /<thing[^>]*>(.*)<\/thing>/.exec(body);
  assert.ok(thing?.[0].includes("xmlns:ns1='urn:z' ns1:attr='v'"), body);
  assert.ok(thing?.[0].includes("xmlns='urn:z'"), body);
  assert.equal(thing?.[1], "<in/>");
});

prove("Mixed content and several bodies arrive as they were sent", async (on) => {
  const inside =
    "<body>one</body><body xml:lang='de'>eins</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>a <em>b</em> c</p></body></html>";
  const { body } = await on.bot("xml").hears(on.alice, `<message type='chat'>${inside}</message>`);
  assert.ok(body.includes(`>${inside}</message>`), body);
});

prove("A stanza whose JSON encoding fails comes as a GET without a body", async (on) => {
  const bot = on.bot("json");
  const { method, body, headers } = await bot.hears(
    on.alice,
    "<message type='chat'><payload xmlns='urn:xmpp:json-msg:0' datatype='urn:x'><json xmlns='urn:xmpp:json:0'>{broken</json></payload></message>",
  );
  assert.equal(method, "GET");
  assert.equal(body, "");
  assert.equal(headers["content-length"], undefined);
  assert.equal(headers["content-type"], JSON_TYPE);
});

prove("A callback in JSON can be no JSON: an infinite number comes as inf", async (on) => {
  const { method, body } = await on
    .bot("json")
    .hears(on.alice, "<presence><priority>1e999</priority></presence>");
  assert.equal(method, "POST");
  assert.match(body, /"priority":inf[,}]/);
});

prove(
  "A stanza over which the JSON encoding crashes is called back about in no way, and its sender hears nothing",
  async (on) => {
    const bot = on.bot("json");
    const form = "<x xmlns='jabber:x:data'><field var='a'><value>1</value></field></x>";
    on.alice.send(
      `<iq type='get' id='i1' to='${bot.jid}'><query xmlns='http://jabber.org/protocol/disco#info'>${form}</query></iq>`,
    );
    assert.deepEqual(await bot.settled(on.alice), []);
    assert.deepEqual(bot.callbacks.all, []);
  },
);

prove(
  "A sender can add lines to the HTTP head through xml:lang, but not change the request line",
  async (on) => {
    const bot = on.bot("xml");
    const { headers, target } = await bot.hears(
      on.alice,
      "<message type='chat' xml:lang='en&#13;&#10;X-Forged: yes'><body>Hello</body></message>",
    );
    assert.equal(headers["x-forged"], "yes");
    assert.equal(headers["content-language"], "en");
    assert.ok(target.includes(`to=${bot.jid.replace("@", "%40")}&from=alice%40localhost`), target);
  },
);

prove("A burst of messages arrives complete, each once, in no certain order", async (on) => {
  const bot = on.bot("xml");
  const sent = Array.from({ length: 100 }, (_, number) => number);
  for (const number of sent) on.alice.send(messageTo(bot.jid, number));
  const received: Received[] = [];
  while (received.length < sent.length) received.push(await bot.next());
  const arrived = received.map(({ body }) => Number(readXml(body).attr("id")));
  assert.deepEqual(
    arrived.toSorted((a, b) => a - b),
    sent,
  );
  assert.notDeepEqual(arrived, sent);
});

prove("rest_callback_stanzas leaves out kinds, whose senders get service-unavailable", async (on) => {
  const bot = on.bot("messages");
  const answer = await bot.asked(on.alice, "<iq type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>");
  assert.equal(errorOf(answer), "cancel/service-unavailable");
  await bot.hears(on.alice, HELLO);
});

prove(
  "rest_callback_events leaves out kinds of addresses, whose senders get service-unavailable",
  async (on) => {
    const bot = on.bot("bare");
    for (const to of [`${bot.jid}/phone`, "bare.localhost"]) {
      on.alice.send(`<message type='chat' to='${to}' id='${on.slug}'><body>Hello</body></message>`);
      const answer = await on.alice.nextFrom(to, (stanza) => stanza.attr("id") === on.slug);
      assert.equal(errorOf(answer), "cancel/service-unavailable");
    }
    await bot.hears(on.alice, HELLO);
  },
);

prove("A component hands over stanzas to its bare, full and own addresses", async (on) => {
  const bot = on.bot("xml");
  await bot.hears(on.alice, HELLO);
  on.alice.send(`<message type='chat' to='${bot.jid}/any'><body>Hello</body></message>`);
  assert.equal((await bot.next()).query.get("to"), `${bot.jid}/any`);
  const host = new Promise<Received>((resolve) =>
    on.webhook.script("xml", "xml.localhost", (received) => {
      resolve(received);
      return { status: 204 };
    }),
  );
  on.alice.send("<message type='chat' to='xml.localhost'><body>Hello</body></message>");
  assert.equal((await host).query.get("to"), "xml.localhost");
});

prove("Service discovery of a component's own address is left to the web server", async (on) => {
  on.webhook.script("user", "user.localhost", () => ({
    status: 200,
    type: XML,
    body: `<iq type='result'><query xmlns='urn:${on.slug}'/></iq>`,
  }));
  on.alice.send(
    `<iq type='get' id='${on.slug}' to='user.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  const answer = await on.alice.nextFrom("user.localhost");
  assert.equal(answer.elements[0]?.ns, `urn:${on.slug}`);
});

prove("On a VirtualHost only stanzas to the host itself are called back about", async (on) => {
  const host = new Promise<Received>((resolve) =>
    on.webhook.script("host", "localhost", (received) => {
      resolve(received);
      return {
        status: 200,
        type: XML,
        body: `<message type='chat' id='${on.slug}'><body>Welcome</body></message>`,
      };
    }),
  );
  on.alice.send("<message type='chat' to='localhost'><body>Hello</body></message>");
  assert.equal((await host).query.get("kind"), "message");
  const answer = await on.alice.nextFrom("localhost", (stanza) => stanza.attr("id") === on.slug);
  assert.equal(answer.childText("body"), "Welcome");
});

prove("Stanzas of type error and result are called back about as well", async (on) => {
  const bot = on.bot("xml");
  const error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  const { query } = await bot.hears(on.alice, `<message type='error' id='e1'>${error}</message>`);
  assert.equal(query.get("type"), "error");
  const result = await bot.hears(on.alice, "<iq type='result' id='r1'/>");
  assert.equal(result.query.get("type"), "result");
});

prove(
  "Prosody logs the callback URL, secret included, at error level when it cannot connect; the double does not",
  async (on) => {
    await on.bot("dead").asked(on.alice, HELLO);
    const log = on.server.log();
    assert.match(log, /Could not connect to (the )?callback URL/);
    assert.equal(log.includes(CALLBACK_USER), on.server.isReal);
  },
);

function messageTo(to: string, number: number): string {
  return `<message type='chat' to='${to}' id='${number}'><body>${number}</body></message>`;
}

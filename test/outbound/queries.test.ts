import assert from "node:assert/strict";
import { test } from "node:test";
import type { RestClient } from "../../src/outbound/index.ts";
import { StanzaError } from "../../src/stanza/index.ts";
import { failure, result, ScriptedServer } from "./scripted-server.ts";

interface Case {
  readonly name: string;
  readonly ask: (client: RestClient) => Promise<unknown>;
  /** The request, its id left out. */
  readonly sent: string;
  readonly answer: string;
  readonly read: unknown;
}

const opts = { from: "bot@bots.test", timeout: 5000 };
const head = (type: string, to = "example.com"): string =>
  `<iq type="${type}" to="${to}" from="bot@bots.test">`;

const cases: readonly Case[] = [
  {
    name: "version",
    ask: ({ query }) => query.version("example.com", opts),
    sent: `${head("get")}<query xmlns="jabber:iq:version"/></iq>`,
    answer: "<query xmlns='jabber:iq:version'><name>Prosody</name><version>13.0.1</version></query>",
    read: { name: "Prosody", version: "13.0.1", os: undefined },
  },
  {
    name: "disco",
    ask: ({ query }) => query.disco("example.com", { ...opts, node: "n" }),
    sent: `${head("get")}<query xmlns="http://jabber.org/protocol/disco#info" node="n"/></iq>`,
    answer:
      "<query xmlns='http://jabber.org/protocol/disco#info' node='n'><identity category='server' type='im' name='Prosody' xml:lang='en'/><identity category='x' type='y'/><feature var='a'/><feature var='b'/><feature var='a'/><feature/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:form</value></field><field var='many' type='list-multi' label='L'><required/><value>1</value><value>2</value><option label='One'><value>1</value></option><option/></field></x></query>",
    read: {
      identities: [
        { category: "server", type: "im", name: "Prosody", lang: "en" },
        { category: "x", type: "y", name: undefined, lang: undefined },
      ],
      features: new Set(["a", "b"]),
      forms: [
        {
          type: "result",
          formType: "urn:form",
          title: undefined,
          instructions: undefined,
          fields: [
            {
              var: "FORM_TYPE",
              type: "hidden",
              label: undefined,
              description: undefined,
              required: false,
              values: ["urn:form"],
              options: [],
              validation: undefined,
              media: undefined,
            },
            {
              var: "many",
              type: "list-multi",
              label: "L",
              description: undefined,
              required: true,
              values: ["1", "2"],
              options: [
                { label: "One", value: "1" },
                { label: undefined, value: "" },
              ],
              validation: undefined,
              media: undefined,
            },
          ],
          reported: [],
          items: [],
        },
      ],
    },
  },
  {
    name: "items",
    ask: ({ query }) => query.items("example.com", opts),
    sent: `${head("get")}<query xmlns="http://jabber.org/protocol/disco#items"/></iq>`,
    answer:
      "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='a@b' name='A'/><item jid='c' node='n'/></query>",
    read: [
      { jid: "a@b", name: "A", node: undefined },
      { jid: "c", name: undefined, node: "n" },
    ],
  },
  {
    name: "lastActivity",
    ask: ({ query }) => query.lastActivity("example.com", opts),
    sent: `${head("get")}<query xmlns="jabber:iq:last"/></iq>`,
    answer: "<query xmlns='jabber:iq:last' seconds='903'>Gone home</query>",
    read: { seconds: 903, status: "Gone home" },
  },
  {
    name: "lastActivity without a number",
    ask: ({ query }) => query.lastActivity("example.com", opts),
    sent: `${head("get")}<query xmlns="jabber:iq:last"/></iq>`,
    answer: "<query xmlns='jabber:iq:last' seconds='-1e99'/>",
    read: { seconds: undefined, status: undefined },
  },
  {
    name: "time",
    ask: ({ query }) => query.time("example.com", opts),
    sent: `${head("get")}<time xmlns="urn:xmpp:time"/></iq>`,
    answer: "<time xmlns='urn:xmpp:time'><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>",
    read: { utc: new Date("2006-12-19T17:58:35Z"), zone: "-06:00" },
  },
  {
    name: "time that is none",
    ask: ({ query }) => query.time("example.com", opts),
    sent: `${head("get")}<time xmlns="urn:xmpp:time"/></iq>`,
    answer: "<time xmlns='urn:xmpp:time'><utc>2006-99-19T17:58:35Z</utc></time>",
    read: { utc: undefined, zone: undefined },
  },
  {
    name: "externalServices",
    ask: ({ query }) => query.externalServices("example.com", { ...opts, type: "turn" }),
    sent: `${head("get")}<services xmlns="urn:xmpp:extdisco:2" type="turn"/></iq>`,
    answer:
      "<services xmlns='urn:xmpp:extdisco:2' type='turn'><service type='turn' host='t.example' port='3478' transport='udp' username='u' password='p' restricted='1' expires='2030-01-01T00:00:00Z' name='T'/><service type='stun' host='s.example'/></services>",
    read: [
      {
        type: "turn",
        host: "t.example",
        port: 3478,
        transport: "udp",
        name: "T",
        username: "u",
        password: "p",
        expires: new Date("2030-01-01T00:00:00Z"),
        restricted: true,
      },
      {
        type: "stun",
        host: "s.example",
        port: undefined,
        transport: undefined,
        name: undefined,
        username: undefined,
        password: undefined,
        expires: undefined,
        restricted: false,
      },
    ],
  },
  {
    name: "statistics",
    ask: ({ query }) => query.statistics("example.com", { ...opts, names: ["users/online"] }),
    sent: `${head("get")}<query xmlns="http://jabber.org/protocol/stats"><stat name="users/online"/></query></iq>`,
    answer:
      "<query xmlns='http://jabber.org/protocol/stats'><stat name='users/online' units='users' value='42'/></query>",
    read: [{ name: "users/online", unit: "users", value: "42" }],
  },
  {
    name: "uploadSlot",
    ask: ({ query }) =>
      query.uploadSlot("up.example", { filename: "a & b.txt", size: 12, contentType: "text/plain" }, opts),
    sent: `${head("get", "up.example")}<request xmlns="urn:xmpp:http:upload:0" filename="a &amp; b.txt" size="12" content-type="text/plain"/></iq>`,
    answer:
      "<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.example/p'><header name='Authorization'>Basic&#10;x</header><header name='X-Evil'>y</header><header name='cookie'>c</header></put><get url='https://up.example/g'/></slot>",
    read: {
      put: {
        url: "https://up.example/p",
        headers: Object.assign(Object.create(null), { Authorization: "Basicx", cookie: "c" }),
      },
      get: { url: "https://up.example/g" },
    },
  },
  {
    name: "offerUrl",
    ask: ({ query }) =>
      query.offerUrl("example.com", "https://a.example/?b&c", { ...opts, description: "D" }),
    sent: `${head("set")}<query xmlns="jabber:iq:oob"><url>https://a.example/?b&amp;c</url><desc>D</desc></query></iq>`,
    answer: "",
    read: undefined,
  },
  {
    name: "json",
    ask: ({ query }) => query.json("example.com", { datatype: "urn:q", data: { a: ["<&>"] } }, opts),
    sent: `${head("get")}<payload xmlns="urn:xmpp:json-msg:0" datatype="urn:q"><json xmlns="urn:xmpp:json:0">{"a":["&lt;&amp;&gt;"]}</json></payload></iq>`,
    answer:
      "<payload xmlns='urn:xmpp:json-msg:0' datatype='urn:r'><json xmlns='urn:xmpp:json:0'>{\"ok\":true}</json></payload>",
    read: { datatype: "urn:r", data: { ok: true } },
  },
];

for (const { name, ask, sent, answer, read } of cases) {
  test(`${name} asks as its standard says and reads what comes back`, async () => {
    await using server = await ScriptedServer.start((request) => result(request, answer));
    await using client = server.client();
    assert.deepEqual(await ask(client), read);
    assert.equal(server.bodies[0]?.replace(/ id="[^"]+"/, ""), sent);
    assert.equal(server.received[0]?.headers["prosody-rest-timeout"], "5");
  });
}

test("ping tells how long the answer took", async () => {
  await using server = await ScriptedServer.start((request) => result(request));
  await using client = server.client();
  const milliseconds = await client.query.ping("example.com");
  assert.ok(milliseconds > 0 && milliseconds < 30_000);
  assert.match(
    server.bodies[0] ?? "",
    /<iq type="get" id="[^"]+" to="example.com"><ping xmlns="urn:xmpp:ping"\/><\/iq>/,
  );
});

test("a command is taken step by step", async () => {
  await using server = await ScriptedServer.start((request) =>
    result(
      request,
      "<command xmlns='http://jabber.org/protocol/commands' node='n' sessionid='s1' status='executing'><actions execute='next'><next/><complete/></actions><note>plain</note><note type='warn'>careful</note><x xmlns='jabber:x:data' type='form'><title>T</title><instructions>I</instructions><field var='city'/></x></command>",
    ),
  );
  await using client = server.client();
  const step = await client.query.command("example.com", "n");
  assert.equal(step.sessionId, "s1");
  assert.equal(step.status, "executing");
  assert.deepEqual(step.actions, ["next", "complete"]);
  assert.equal(step.execute, "next");
  assert.deepEqual(step.notes, [
    { type: "info", text: "plain" },
    { type: "warn", text: "careful" },
  ]);
  assert.equal(step.form?.title, "T");
  assert.equal(step.form?.fields[0]?.var, "city");
  await client.query.command("example.com", "n", {
    action: "next",
    sessionId: step.sessionId,
    values: { city: "Verona", tags: ["a", "b"], gone: undefined },
  });
  assert.match(server.bodies[0] ?? "", /<command xmlns="[^"]+" node="n" action="execute"\/>/);
  assert.match(
    server.bodies[1] ?? "",
    /<command xmlns="[^"]+" node="n" action="next" sessionid="s1"><x xmlns="jabber:x:data" type="submit"><field var="city"><value>Verona<\/value><\/field><field var="tags"><value>a<\/value><value>b<\/value><\/field><\/x><\/command>/,
  );
});

test("a result without what was asked for is an error, not a crash", async () => {
  await using server = await ScriptedServer.start((request) => result(request, "<other xmlns='urn:other'/>"));
  await using client = server.client();
  const { query } = client;
  const asked = [
    query.version("example.com"),
    query.disco("example.com"),
    query.items("example.com"),
    query.lastActivity("example.com"),
    query.time("example.com"),
    query.externalServices("example.com"),
    query.statistics("example.com"),
    query.uploadSlot("example.com", { filename: "a", size: 1 }),
    query.json("example.com", { datatype: "urn:q", data: 1 }),
    query.command("example.com", "n"),
    query.archive(),
  ];
  for (const error of await Promise.all(asked.map(failure))) {
    assert.ok(error instanceof StanzaError);
    assert.equal(error.condition, "undefined-condition");
  }
  for (const broken of [
    "<slot xmlns='urn:xmpp:http:upload:0'/>",
    "<slot xmlns='urn:xmpp:http:upload:0'><put url='x'/></slot>",
    "<slot xmlns='urn:xmpp:http:upload:0'><get url='x'/><put/></slot>",
  ]) {
    server.script = (request) => result(request, broken);
    assert.ok(
      (await failure(query.uploadSlot("example.com", { filename: "a", size: 1 }))) instanceof StanzaError,
    );
  }
  for (const broken of ["", "<json xmlns='urn:xmpp:json:0'>{</json>"]) {
    server.script = (request) => result(request, `<payload xmlns='urn:xmpp:json-msg:0'>${broken}</payload>`);
    assert.ok((await failure(query.json("example.com", { datatype: "d", data: 1 }))) instanceof StanzaError);
  }
});

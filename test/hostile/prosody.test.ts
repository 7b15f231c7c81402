import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { pino } from "pino";
import { freePort } from "../../prosody/free-port.ts";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { checkConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { connect, errorOf, onBothServers, type Person, until } from "../prosody/support.ts";

const TOKEN = "a-token-of-the-hostile-suite";
const AUTH = "prosody:the-callback-secret";
const KEY = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const LARGEST = 60_000;
const STOCK = "stock.test";
const JSON_MODE = "json.test";
const OURS = "ours.test";
const DOMAINS = [STOCK, JSON_MODE, OURS];

/** What an xml:lang may add to the head of a callback; each once kicked a bot out of its rooms. */
const LANGS: Record<string, string> = {
  "a second length": "en&#13;&#10;Content-Length: 5",
  "another encoding": "en&#13;&#10;Transfer-Encoding: chunked",
  "the end of the head": "en&#13;&#10;&#13;&#10;",
  "a length that is never reached": "en&#13;&#10;Content-Length: 99999&#13;&#10;&#13;&#10;",
  "a bare line feed": "en&#10;X: y",
  "a bare carriage return": "en&#13;X: y",
  "an expectation": "en&#13;&#10;Expect: 100-continue",
  "an expectation of nobody": "en&#13;&#10;Expect: nonsense",
  "a host": "en&#13;&#10;Host: bad host^",
  "no name": "en&#13;&#10;: x",
  "a credential": "en&#13;&#10;Authorization: Basic eDp5",
  "a lasting connection and a request": `en&#13;&#10;Connection: keep-alive&#13;&#10;Content-Length: 0&#13;&#10;&#13;&#10;POST /callback?from=eve%40people.test%2Fx&amp;to=parrot%40${STOCK}&amp;kind=message&amp;type=chat HTTP/1.1&#13;&#10;X: `,
  "20,000 letters": "e".repeat(20_000),
};

onBothServers("hostile stanzas through a real Prosody", (suite) => {
  let prosody: Prosody;
  let server: RunningServer;
  let alice: Person;
  const heard: string[] = [];
  const lines: string[] = [];

  const parrot = defineBot({
    name: "parrot",
    summary: "says back what it hears",
    routes(bot) {
      bot.use((ctx, next) => {
        heard.push(`${ctx.stanza.kind} ${ctx.from}`);
        return next();
      });
      bot.hears("crash", () => {
        throw new Error("as asked");
      });
      bot.on("message:direct").on("message:body", (ctx) => ctx.body);
      bot.on("message:groupchat").hears(/^polly, (.*)/s, (ctx) => ctx.match[1]);
    },
  }) as Bot;

  const room = (domain: string) => `${domain.replace(".test", "")}@rooms.test`;

  before(async () => {
    const [port, httpPort] = [await freePort(), await freePort()];
    const rest = { url: `http://127.0.0.1:${httpPort}/rest`, token: TOKEN };
    const address = `127.0.0.1:${port}`;
    server = await startServer(
      checkConfig({
        port,
        maxBytes: LARGEST,
        timeouts: { head: 500, request: 1_000 },
        mounts: [
          { domain: STOCK, rest, callback: { auth: [AUTH] } },
          { domain: JSON_MODE, rest, callback: { auth: [AUTH], format: "json" } },
          { domain: OURS, rest, callback: { auth: [AUTH], keys: [KEY] } },
        ],
      }),
      [parrot],
      pino({ level: "debug", base: null }, { write: (line) => void lines.push(line) }),
    );
    const component = { kind: "component", tokens: [TOKEN], callback: { address, auth: AUTH } } as const;
    prosody = await startProsody({
      suite,
      httpPort,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        { ...component, host: STOCK, restanza: ["token"] },
        {
          ...component,
          host: JSON_MODE,
          restanza: ["token"],
          callback: { ...component.callback, contentType: "application/json" },
        },
        { ...component, host: OURS, callback: { ...component.callback, keys: [KEY] } },
        { kind: "muc", host: "rooms.test", options: { muc_room_locking: false } },
      ],
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
    for (const domain of DOMAINS) {
      await alice.write(
        `<presence to='${room(domain)}/Alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
      await alice.waitFor(({ attrs }) => attrs["from"] === `${room(domain)}/Alice`, "Alice in the room");
      const bot = server.dispatcher.mount(domain)?.get("parrot");
      const { Jid } = await import("../../src/stanza/index.ts");
      await bot?.rooms.join(Jid.parse(room(domain)), "Polly");
      await alice.waitFor(({ attrs }) => attrs["from"] === `${room(domain)}/Polly`, "Polly in the room");
    }
  });

  after(async () => {
    await alice.stop();
    await server.stop();
    await prosody.stop();
  });

  /** Prosody's parser leaves a long tag aside until as much again has come. */
  const pad = (tag: string) => (tag.length > 1_000 ? " ".repeat(2 * tag.length) : "");

  let count = 0;
  /** The answer to a message, which may be an error. */
  const ask = async (to: string, inside: string, attributes = "") => {
    const id = `ask-${++count}`;
    const start = alice.stanzas.length;
    await alice.write(
      `<message to='${to}' type='chat' id='${id}'${attributes}>${inside}</message>${pad(attributes)}`,
    );
    await until(
      () => alice.stanzas.slice(start).some(({ name, attrs }) => name === "message" && attrs["from"] === to),
      `an answer to ${id}`,
    );
    const [first, ...more] = alice.stanzas.slice(start).filter(({ attrs }) => attrs["from"] === to);
    assert.deepEqual(more, []);
    if (first === undefined) throw new Error("unreachable");
    return first;
  };

  /** The bot answers in private and in its room, where nobody has seen it leave. */
  const isUnharmed = async (domain: string, about: string): Promise<void> => {
    const word = `still there ${++count}`;
    const answer = await ask(`parrot@${domain}`, `<body>${word}</body>`);
    assert.equal(answer.getChildText("body"), word, about);
    await alice.write(`<message to='${room(domain)}' type='groupchat'><body>polly, ${word}</body></message>`);
    await alice.waitFor(
      (stanza) => stanza.attrs["from"] === `${room(domain)}/Polly` && stanza.getChildText("body") === word,
      `Polly in the room of ${domain} after ${about}`,
    );
    const left = alice.stanzas.filter(
      ({ name, attrs }) =>
        name === "presence" && attrs["from"] === `${room(domain)}/Polly` && attrs["type"] !== undefined,
    );
    assert.deepEqual(left.map(String), [], about);
  };

  for (const [what, lang] of Object.entries(LANGS)) {
    it(`an xml:lang with ${what} throws no bot out of its room, and forges nothing`, async () => {
      for (const domain of DOMAINS) {
        // The order of the headers, and with it what becomes of them, changes from one callback to the next.
        for (let time = 0; time < 4; time += 1) {
          await alice.write(
            `<presence to='${room(domain)}/Alice' xml:lang='${lang}'><status>${what} ${time}</status></presence>${pad(lang)}`,
          );
        }
        await alice.write(
          `<message to='${room(domain)}' type='groupchat' xml:lang='${lang}'><body>x</body></message>${pad(lang)}`,
        );
        const answer = await ask(`parrot@${domain}`, "<body>hello</body>", ` xml:lang='${lang}'`);
        const isWell =
          answer.attrs["type"] === "error"
            ? ["bad-request", "not-authorized", "feature-not-implemented", "resource-constraint"].includes(
                errorOf(answer).condition,
              )
            : answer.getChildText("body") === "hello";
        assert.ok(isWell, String(answer));
        if (domain === OURS)
          assert.equal(answer.getChildText("body"), "hello", "our module drops what is hostile");
        await isUnharmed(domain, what);
      }
      assert.ok(!heard.some((line) => line.includes("eve@")), heard.join("\n"));
    });
  }

  it("a message that is too large is told as such, and never as a bot that is away", async () => {
    for (const domain of DOMAINS) {
      for (const size of [LARGEST + 1_000, 120_000, 200_000, 240_000]) {
        for (let time = 0; time < 3; time += 1) {
          const { condition } = errorOf(await ask(`parrot@${domain}`, `<body>${"x".repeat(size)}</body>`));
          assert.equal(condition, "resource-constraint", `${size} bytes to ${domain}`);
        }
      }
      await isUnharmed(domain, "large messages");
    }
  });

  it("odd characters come back as they were", async () => {
    const texts = [
      "\u202eright to left\u202c",
      "e\u0301\u0327\u0300",
      "\u{1F468}\u200d\u{1F469}\u200d\u{1F467}",
      "\u{10FFFD}",
      "\ufeff",
      "\u2028\u2029",
      "&lt;![CDATA[]]&gt;",
      "\u00a0 \t\n x",
      "a\u0085b",
    ];
    for (const domain of DOMAINS) {
      for (const text of texts) {
        const answer = await ask(`parrot@${domain}`, `<body>${text}</body>`);
        const expected = text.replace("&lt;", "<").replace("&gt;", ">");
        assert.equal(answer.getChildText("body"), expected, `${JSON.stringify(text)} to ${domain}`);
      }
    }
  });

  it("a resource with every character that a URL fears is read as it is", async () => {
    const resource = "%41&+=#?/{type}'é {to}%";
    const { client } = await import("@xmpp/client");
    const xmpp = client({
      service: `xmpp://127.0.0.1:${prosody.xmppPort}`,
      domain: "people.test",
      resource,
      username: "alice",
      credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
        authenticate({ username: "alice", password: "wonderland" }, "PLAIN"),
    } as never);
    xmpp.reconnect.stop();
    xmpp.on("error", () => {});
    const answers: string[] = [];
    xmpp.on("stanza", (stanza) => answers.push(stanza.getChildText("body") ?? ""));
    const full = String(await xmpp.start());
    assert.equal(full, `alice@people.test/${resource}`);
    for (const domain of DOMAINS) {
      await xmpp.write(
        `<message to='parrot@${domain}/%2F&amp;x=1' type='chat' id='1'><body>${domain}</body></message>`,
      );
      await until(() => answers.includes(domain), `the answer of ${domain}`);
    }
    await xmpp.stop();
  });

  it("what is nested deeply is refused beyond our limit, and harms nobody", async () => {
    for (const depth of [50, 150, 400]) {
      const nested = `<a xmlns='urn:deep'>${"<a>".repeat(depth)}${"</a>".repeat(depth)}</a>`;
      const answer = await ask(`parrot@${STOCK}`, `<body>deep</body>${nested}`);
      if (depth === 50) assert.equal(answer.getChildText("body"), "deep");
      else assert.equal(errorOf(answer).condition, "bad-request");
    }
    await isUnharmed(STOCK, "nesting");
  });

  it("types that nobody knows are as none", async () => {
    const to = `parrot@${STOCK}`;
    for (const type of ["nobody", "__proto__", " ", "{type}"]) {
      const start = alice.stanzas.length;
      await alice.write(`<message to='${to}' type='${type}' id='t'><body>${type}</body></message>`);
      const answer = () => alice.stanzas.slice(start).find(({ attrs }) => attrs["from"] === to);
      await until(() => answer() !== undefined, "an answer");
      // What looks like an attribute that is not there cannot be told from one.
      if (type === "{type}") assert.equal(errorOf(answer() as never).condition, "bad-request");
      else assert.equal(answer()?.getChildText("body"), type);
    }
    await isUnharmed(STOCK, "types");
  });

  it("a bot that fails again and again over private messages stays in its room, in JSON too", async () => {
    for (const domain of DOMAINS) {
      const from = `${room(domain)}/Polly`;
      const before = heard.filter((line) => line.startsWith("message")).length;
      for (let time = 0; time < 3; time += 1) {
        await alice.write(
          `<message to='${from}' type='chat' id='crash-${time}'><body>crash</body></message>`,
        );
        await until(
          () => heard.filter((line) => line.startsWith("message")).length >= before + time + 1,
          "the private message",
        );
      }
      await isUnharmed(domain, "private messages");
      const said = alice.stanzas.filter(
        (stanza) => stanza.attrs["from"] === from && (stanza.getChildText("body") ?? "").startsWith("Sorry"),
      );
      assert.equal(said.length, 1, "it says once that something went wrong");
    }
  });

  it("no secret is in the log, and no failure of our own", () => {
    const log = lines.join("");
    assert.doesNotMatch(log, /the-callback-secret|a-token-of-the-hostile-suite/);
    assert.doesNotMatch(log, /"reason":"failed"/);
  });
});

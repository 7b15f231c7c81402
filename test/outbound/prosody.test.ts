import assert from "node:assert/strict";
import { after, before, it, mock } from "node:test";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import {
  accountPassword,
  BounceError,
  bearer,
  CredentialError,
  type Credentials,
  componentSecret,
  oauth2,
  RestClient,
  type RestClientOptions,
  type RestError,
  RestHttpError,
} from "../../src/outbound/index.ts";
import { el, Message, message, presence, StanzaError } from "../../src/stanza/index.ts";
import {
  type Answer,
  connect,
  onBothServers,
  type Person,
  type Received,
  startWebhook,
  until,
  type Webhook,
} from "../prosody/support.ts";
import { failure } from "./scripted-server.ts";

const SECRET = "component-secret-0123456789";
const TOKEN = "static-token-0123456789";
const BOT = "bot@people.test";
const PASSWORD = "password-of-the-bot";

onBothServers("the client and a real Prosody", (suite) => {
  let webhook: Webhook;
  let prosody: Prosody;
  let alice: Person;
  let account: RestClient;
  let component: RestClient;
  let answer: (received: Received) => Answer | Promise<Answer> = () => ({ status: 204 });

  function client(host: string, credentials: Credentials, more: Partial<RestClientOptions> = {}): RestClient {
    return new RestClient({ url: prosody.restUrl(host), host, credentials, ...more });
  }

  /** Sends to alice and resolves with whom she saw it come from. */
  async function sendAs(from: string | undefined, sender: RestClient): Promise<string | undefined> {
    const { id } = await sender.send(message({ from, to: alice.jid, type: "chat", body: "hello" }));
    const seen = () => alice.stanzas.find((stanza) => stanza.attrs["id"] === id);
    await until(() => seen() !== undefined, "alice has the message");
    return seen()?.attrs["from"];
  }

  before(async () => {
    webhook = await startWebhook((received) => answer(received));
    const oauth = {
      allowed_oauth2_grant_types: ["password", "refresh_token"],
      oauth2_registration_key: "registration-key-of-this-test",
    };
    const callback = { address: webhook.address };
    prosody = await startProsody({
      suite,
      hosts: [
        {
          kind: "virtualhost",
          host: "people.test",
          callback,
          restanza: [],
          modules: ["http_oauth2", "lastactivity", "uptime", "adhoc", "mam", "external_services"],
          options: { ...oauth, external_services: [{ type: "stun", host: "127.0.0.1", port: 3478 }] },
        },
        {
          kind: "component",
          host: "bots.test",
          secret: SECRET,
          tokens: [TOKEN],
          callback,
          restanza: ["token"],
          modules: ["http_oauth2"],
          options: oauth,
        },
        { kind: "component", host: "stock.test", secret: SECRET, callback, restanza: [] },
        {
          kind: "component",
          host: "upload.test",
          callback,
          restanza: [],
          modules: ["http_file_share"],
          options: { http_file_share_access: ["people.test"] },
        },
        { kind: "muc", host: "rooms.test" },
      ],
      users: [
        { jid: "alice@people.test", password: "wonderland" },
        { jid: BOT, password: PASSWORD },
      ],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
    account = client("people.test", accountPassword(BOT, PASSWORD));
    component = client("bots.test", bearer(TOKEN), { domain: "bots.test" });
  });

  after(async () => {
    await account?.close();
    await component?.close();
    await alice?.stop();
    await prosody?.stop();
    await webhook?.close();
  });

  it("an account sends by Basic as itself", async () => {
    assert.equal(await sendAs(undefined, account), BOT);
    assert.equal(await sendAs(`${BOT}/desk`, account), `${BOT}/desk`);
  });

  it("an account sends by OAuth2, whose token is refreshed in time", async () => {
    const grants: string[] = [];
    const inner = oauth2({ jid: BOT, password: PASSWORD });
    const watched: Credentials = {
      open: (access) =>
        inner.open({
          ...access,
          request: (call) => {
            const grant = new URLSearchParams(call.body).get("grant_type");
            if (grant !== null) grants.push(grant);
            return access.request(call);
          },
        }),
    };
    await using sender = client("people.test", watched);
    await Promise.all(Array.from({ length: 20 }, () => sendAs(undefined, sender)));
    assert.deepEqual(grants, ["password"]);
    mock.timers.enable({ apis: ["Date"], now: Date.now() + 3_600_000 });
    try {
      await sender.send(message({ to: alice.jid, body: "later" }));
    } finally {
      mock.timers.reset();
    }
    // 13.0.1 lets nobody refresh without a client, and registers none.
    assert.deepEqual(grants, ["password", suite === "trixie" ? "password" : "refresh_token"]);
  });

  it("a component with mod_restanza_token sends as two of its bots by a token, and by its secret", async () => {
    assert.equal(await sendAs("one@bots.test", component), "one@bots.test");
    assert.equal(await sendAs("two@bots.test/x", component), "two@bots.test/x");
    assert.equal(await sendAs(undefined, component), "bots.test");
    await using basic = client("bots.test", componentSecret("bots.test", SECRET));
    assert.equal(await sendAs("one@bots.test", basic), "one@bots.test");
  });

  it("a component with mod_restanza_token sends by OAuth2", async () => {
    await using sender = client("bots.test", oauth2({ jid: "one@bots.test", password: SECRET }));
    assert.equal(await sendAs("one@bots.test", sender), "one@bots.test");
    assert.equal(await sendAs("two@bots.test", sender), "two@bots.test");
  });

  it("OAuth2 on a stock component is told to be of no use", async () => {
    await using sender = client("stock.test", oauth2({ jid: "one@stock.test", password: SECRET }));
    const error = await failure(sender.send(message({ to: alice.jid })));
    assert.ok(error instanceof CredentialError);
    assert.match(error.message, /HTTP 500|HTTP 404/);
  });

  it("a stock component sends by its secret on 13.0.7; 13.0.1 crashes, and that is told", async () => {
    await using sender = client("stock.test", componentSecret("stock.test", SECRET));
    if (suite === "sid") {
      assert.equal(await sendAs("one@stock.test", sender), "one@stock.test");
      return;
    }
    const error = await failure(sender.send(message({ to: alice.jid })));
    assert.ok(error instanceof RestHttpError);
    assert.equal(error.kind, "crashed");
  });

  it("a token that Prosody refuses is replaced once by that which the function gives then", async () => {
    const tokens = ["stale-token-0123456789", TOKEN, TOKEN];
    await using sender = client(
      "bots.test",
      bearer(() => tokens.shift() ?? "none"),
    );
    assert.equal(await sendAs(undefined, sender), "bots.test");
    assert.deepEqual(tokens, []);
  });

  it("every refusal has its kind", async () => {
    const hello = message({ to: alice.jid, body: "hi" });
    const large = message({ to: alice.jid, body: "x".repeat(200_000) });
    await using stranger = client("people.test", accountPassword(BOT, "wrong"));
    await using forger = client("bots.test", bearer("nonsense"));
    await using lost = client("bots.test", bearer(TOKEN), {
      url: new URL("/elsewhere", prosody.restUrl("bots.test")),
    });
    await using generous = client("people.test", accountPassword(BOT, PASSWORD), { maxStanzaBytes: 300_000 });
    const cases: [string, () => Promise<unknown>, string, number][] = [
      ["password", () => stranger.send(hello), "unauthorized", 403],
      ["token", () => forger.send(hello), "unauthorized", 403],
      [
        "from",
        () => account.send(message({ from: "else@people.test", to: alice.jid })),
        "forbidden-from",
        403,
      ],
      ["from elsewhere", () => account.send(message({ from: "a@b.example" })), "forbidden-from", 403],
      ["no mod_rest", () => lost.send(hello), "not-found", 404],
      ["size", () => generous.send(large), "too-large", 413],
      ["address", () => account.send(new Message(el("message", { to: "a&b@example.com" }))), "rejected", 422],
      ["shortcut", () => account.get("nonsense", "people.test"), "rejected", 422],
    ];
    for (const [name, attempt, kind, status] of cases) {
      const error = await attempt().catch((reason: unknown) => reason);
      assert.ok(error instanceof RestHttpError, `${name}: ${error}`);
      assert.equal(error.kind, kind, name);
      assert.equal(error.status, status, name);
      assert.equal(error.retryable, kind === "not-found", name);
    }
  });

  it("the limit for stanzas is where this side believes it is", async () => {
    const frame = Buffer.byteLength(`<message id="m" to="${alice.jid}"><body></body></message>`);
    await account.send(message({ id: "m", to: alice.jid, body: "x".repeat(192 * 1024 - frame) }));
    await using generous = client("people.test", accountPassword(BOT, PASSWORD), { maxStanzaBytes: 2 ** 20 });
    const error = await failure(
      generous.send(message({ id: "m", to: alice.jid, body: "x".repeat(192 * 1024 - frame + 1) })),
    );
    assert.equal((error as RestError).kind, "too-large");
  });

  it("a message to nobody bounces, a presence goes through", async () => {
    const error = await failure(
      account.send(message({ to: "nobody@people.test", type: "chat", body: "hi" })),
    );
    assert.ok(error instanceof BounceError);
    assert.equal(error.condition, "service-unavailable");
    assert.equal(String(error.stanza.from), "nobody@people.test");
    const { reply } = await account.send(presence({ to: alice.jid }));
    assert.equal(reply, undefined);
  });

  it("an IQ is answered with a result, an error, or in time with remote-server-timeout", async () => {
    const reply = (type: string, payload: string): Answer => ({
      status: 200,
      type: "application/xmpp+xml",
      body: `<iq type='${type}'>${payload}</iq>`,
    });
    const stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
    answer = ({ body }) => {
      if (body.includes("urn:test:silent")) return new Promise(() => {});
      if (body.includes("urn:test:talk")) return reply("result", "<pong xmlns='urn:test'>é &lt;</pong>");
      return reply(
        "error",
        `<error type='modify'><not-acceptable xmlns='${stanzas}'/><text xmlns='${stanzas}'>No</text><why xmlns='urn:test'/></error>`,
      );
    };
    const ask = (ns: string, timeout?: number) =>
      account.iq({ type: "get", to: "echo@bots.test", payload: el("x", { xmlns: ns }) }, { timeout });
    assert.equal((await ask("urn:test:talk")).payload?.text, "é <");
    const refused = await failure(ask("urn:test:other"));
    assert.ok(refused instanceof StanzaError);
    assert.equal(refused.condition, "not-acceptable");
    assert.equal(refused.text, "No");
    assert.equal(refused.application?.name, "why");
    const late = await failure(ask("urn:test:silent", 500));
    assert.ok(late instanceof StanzaError);
    assert.equal(late.condition, "remote-server-timeout");
  });

  it("300 IQs at once are all answered, though Prosody tracks 256", async () => {
    const held: (() => void)[] = [];
    answer = () =>
      new Promise((resolve) => {
        held.push(() => resolve({ status: 200, type: "application/xmpp+xml", body: "<iq type='result'/>" }));
      });
    const asked = Array.from({ length: 300 }, () =>
      account.iq({ type: "get", to: "echo@bots.test", payload: el("x", { xmlns: "urn:test" }) }),
    );
    await until(() => held.length === 256, "256 are in flight");
    answer = () => ({ status: 200, type: "application/xmpp+xml", body: "<iq type='result'/>" });
    for (const release of held) release();
    assert.equal((await Promise.all(asked)).length, 300);
  });

  it("the typed queries are answered", async () => {
    const { query } = account;
    assert.ok((await query.ping("people.test")) > 0);
    const version = await query.version("people.test");
    assert.equal(version.name, "Prosody");
    assert.equal(version.version, prosody.version);
    const info = await query.disco("people.test");
    assert.ok(info.identities.some(({ category, type }) => category === "server" && type === "im"));
    assert.ok(info.features.has("urn:xmpp:ping"));
    const commands = await query.items("people.test", { node: "http://jabber.org/protocol/commands" });
    assert.deepEqual(
      commands.map(({ node }) => node),
      ["uptime"],
    );
    const uptime = await query.command("people.test", "uptime");
    assert.equal(uptime.status, "completed");
    assert.match(uptime.notes[0]?.text ?? "", /has been running/);
    assert.ok(((await query.lastActivity("people.test")).seconds ?? -1) >= 0);
    const { utc } = await query.time("people.test");
    assert.ok(utc !== undefined && Math.abs(utc.getTime() - Date.now()) < 60_000);
    const [service] = await query.externalServices("people.test", { type: "stun" });
    assert.equal(service?.port, 3478);
    const upload = await query.disco("upload.test");
    assert.equal(upload.forms[0]?.formType, "urn:xmpp:http:upload:0");
    const slot = await query.uploadSlot("upload.test", {
      filename: "a & b.txt",
      size: 5,
      contentType: "text/plain",
    });
    assert.match(slot.get.url, /a%20&?.*b\.txt$/);
    assert.match(slot.put.headers["Authorization"] ?? "", /^Bearer /);
    assert.ok((await failure(query.statistics("rooms.test"))) instanceof StanzaError);
  });

  it("an archive is read by pages, and whole", async () => {
    const sender = client("people.test", accountPassword("alice@people.test", "wonderland"));
    const before = new Date(Date.now() - 1000);
    for (let n = 1; n <= 7; n += 1) {
      await sender.send(message({ to: BOT, type: "chat", body: `archived ${n}` }));
    }
    const filter = { with: BOT, start: before } as const;
    const page = await sender.query.archive(undefined, { ...filter, max: 3 });
    assert.equal(page.messages.length, 3);
    assert.equal(page.complete, false);
    const bodies: (string | undefined)[] = [];
    for await (const { message: archived, at } of sender.query.archiveAll(undefined, { ...filter, max: 3 })) {
      assert.ok(at instanceof Date);
      bodies.push(archived.body);
    }
    assert.deepEqual(
      bodies.filter((body) => body?.startsWith("archived")),
      [1, 2, 3, 4, 5, 6, 7].map((n) => `archived ${n}`),
    );
    const last = await sender.query.archive("alice@people.test", { ...filter, before: "", max: 2 });
    assert.deepEqual(
      last.messages.map(({ message: archived }) => archived.body),
      ["archived 6", "archived 7"],
    );
    assert.ok(
      (await failure(sender.query.archive(BOT))) instanceof StanzaError,
      "that of somebody else is not",
    );
    await sender.close();
  });

  it("the shortcuts are answered as well", async () => {
    const names = async (query: string, jid: string, params = {}): Promise<string | undefined> =>
      (await account.get(query, jid, params)).iq.payload?.name;
    assert.equal(await names("ping", "people.test"), undefined);
    assert.equal(await names("version", "people.test"), "query");
    assert.equal(await names("disco", "people.test"), "query");
    assert.equal(await names("items", "people.test"), "query");
    assert.equal(await names("lastactivity", "people.test"), "query");
    assert.equal(await names("extdisco", "people.test", { type: "stun" }), "services");
    const file = { filename: "ä b.txt", size: 5, "content-type": "text/plain" };
    assert.equal(await names("upload_request", "upload.test", file), "slot");
    assert.equal(await names("command", "people.test", { node: "uptime" }), "command");
    const archive = await account.get("archive", BOT, { max: 2 });
    assert.equal(archive.messages.length, 2);
    const error = await failure(account.get("stats", "rooms.test"));
    assert.ok(error instanceof StanzaError);
  });

  it("what XML can hold comes back from echo as it was", async () => {
    const nasty = ["<&>\"'", "line\nbreak\ttab", " spaces ", "😀 é ‏עברית", "]]>", ""];
    for (const text of nasty) {
      const sent = message(
        { id: "e", from: BOT, to: "a@b.example", lang: "en", body: { en: text, de: `${text}!` } },
        // Prosody does not escape line breaks in attributes, so that a reader takes them for spaces.
        el(
          "x",
          { xmlns: "urn:a", plain: text.replace(/\s/g, " "), "{urn:b}ns": "v" },
          "a ",
          el("y", {}, text),
          " b",
        ),
      );
      const back = await account.echo(sent);
      assert.ok(back.element.equals(sent.element), text);
    }
  });
});

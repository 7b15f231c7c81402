import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, it } from "node:test";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { type Breaker, headerOf, outageLines, ping, startBreaker, timesOf } from "./hold-support.ts";
import {
  type Answer,
  connect,
  echo,
  errorOf,
  onBothServers,
  type Person,
  type Received,
  startWebhook,
  until,
  type Webhook,
} from "./support.ts";

const keys = [`whsec_${Buffer.alloc(32, 4).toString("base64")}`];
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

onBothServers("mod_restanza_callback, while the web server is away", (suite) => {
  let webhook: Webhook;
  let other: Webhook;
  let prosody: Prosody;
  let alice: Person;
  let breaker: Breaker | undefined;
  let answer: (received: Received) => Answer | Promise<Answer> = echo;

  const start = (port = 0): Promise<Webhook> => startWebhook((received) => answer(received), port);

  before(async () => {
    webhook = await start();
    other = await startWebhook(echo);
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        { kind: "component", host: "bots.test", callback: { address: webhook.address, keys } },
        { kind: "component", host: "other.test", callback: { address: other.address } },
      ],
      options: { modules_enabled: ["saslauth", "admin_shell", "offline"] },
      users: [
        { jid: "alice@people.test", password: "wonderland" },
        { jid: "bob@people.test", password: "builder" },
      ],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice.stop();
    await prosody.stop();
    await webhook.close();
    await other.close();
  });

  beforeEach(() => {
    answer = echo;
    alice.stanzas.length = 0;
    webhook.received.length = 0;
  });

  afterEach(async () => {
    await breaker?.close();
    breaker = undefined;
    if (!webhook.server.listening) webhook = await start(webhook.port);
  });

  const answered = (from: string, texts: readonly string[]): Promise<void> =>
    until(
      () => alice.texts(from).length >= texts.length,
      `${texts.length} answers from ${from}`,
      15_000,
    ).then(() => assert.deepEqual(alice.texts(from), texts));
  const errorFor = (person: Person, id: string) =>
    person.waitFor((s) => s.attrs["type"] === "error" && s.attrs["id"] === id, `an error for ${id}`);
  const arrived = (text: string): Promise<void> =>
    until(() => webhook.received.some((r) => r.text === text), `the callback of ${text}`);

  it("answers every message of a steady stream, in order, when it was away for three seconds", async () => {
    let sent = 0;
    const stream = setInterval(() => void alice.say("stream@bots.test", String(sent++)), 10);
    await arrived("20");
    await webhook.close();
    const firstKept = sent;
    await prosody.waitForLog(/web server is away/);
    await alice.write(ping("stream@bots.test", "while-away"));
    assert.deepEqual(errorOf(await errorFor(alice, "while-away")), {
      type: "wait",
      condition: "recipient-unavailable",
      text: "The bot cannot be reached at the moment",
    });
    await new Promise((resolve) => setTimeout(resolve, 3000)); // how long it is away is what this is about
    const lastKept = sent;
    const before = webhook.received.splice(0);
    webhook = await start(webhook.port);
    await prosody.waitForLog(/web server is back/);
    clearInterval(stream);
    await answered("stream@bots.test", numbers(sent));
    const received = [...before, ...webhook.received];
    const times = timesOf(received);
    assert.deepEqual(
      numbers(lastKept)
        .slice(firstKept)
        .filter((text) => times.get(text) !== 1),
      [],
      "what came while it was away arrives exactly once",
    );
    for (const [text, count] of times) {
      const tries = received.filter((r) => r.text === text);
      assert.equal(new Set(tries.map((r) => r.headers["webhook-id"])).size, 1);
      assert.ok(count === 1 || tries.at(-1)?.headers["webhook-attempt"] !== undefined, text);
    }
    assert.ok(lastKept - firstKept > 100);
    const lines = outageLines(prosody.log(), "bots.test");
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(lines[0] ?? "", /away \(outages: 1, .*\)\. Messages .* 300 seconds.*rest_callback_url/);
    const kept = Number(/Stanzas kept: (\d+)/.exec(lines[1] ?? "")?.[1]);
    // On a busy machine some that were sent before it closed had not come by then.
    assert.ok(kept >= lastKept - firstKept && kept <= sent - before.length + 2, lines[1]);
  });

  it("tries one stanza at a time, with the same id, a fresh signature and the number of the attempt", async () => {
    await webhook.close();
    const broken = await startBreaker(webhook.port, "reading");
    breaker = broken;
    await alice.say("bot0@bots.test", "0");
    await until(() => broken.connections() > 0, "a connection");
    for (let i = 1; i < 300; i++) await alice.say(`bot${i % 30}@bots.test`, String(i));
    await alice.write(ping("bot0@bots.test", "fence"));
    await errorFor(alice, "fence");
    await until(() => broken.connections() >= 4, "four tries");
    assert.ok(broken.connections() <= 5, `${broken.connections()} connections for 300 stanzas`);
    const bodies = broken.requests.map((request) => request.slice(request.indexOf("\r\n\r\n")));
    assert.ok(new Set(bodies).size >= bodies.length - 1, "each time that of another conversation");
    await broken.close();
    breaker = undefined;
    webhook = await start(webhook.port);
    await until(() => alice.texts().length >= 300, "300 answers");
    for (let bot = 0; bot < 30; bot++) {
      const expected = numbers(300).filter((text) => Number(text) % 30 === bot);
      assert.deepEqual(alice.texts(`bot${bot}@bots.test`), expected);
    }
    const first = broken.requests[0] ?? "";
    const last = webhook.received.find((r) => r.text === "0");
    assert.equal(last?.headers["webhook-id"], headerOf(first, "webhook-id"));
    // A kept connection may have died with the web server that was here before, which makes the first the second.
    const tries = broken.requests.filter((request) => request.includes("<body>0</body>"));
    const attempts = tries.map((request) => Number(headerOf(request, "webhook-attempt") ?? 1));
    assert.ok(attempts[0] === 1 || attempts[0] === 2);
    assert.deepEqual(
      [...attempts, Number(last?.headers["webhook-attempt"])],
      [...attempts, Number.NaN].map((_, i) => (attempts[0] ?? 0) + i),
    );
    assert.ok(Number(last?.headers["webhook-timestamp"]) > Number(headerOf(first, "webhook-timestamp")));
    assert.equal(webhook.received.find((r) => r.text === "299")?.headers["webhook-attempt"], undefined);
  });

  it("makes no more connections for IQs and breaks before the request", async () => {
    await webhook.close();
    const broken = await startBreaker(webhook.port, "connecting");
    breaker = broken;
    for (let i = 0; i < 200; i++) {
      await alice.write(ping("iq@bots.test", `iq-${i}`));
      assert.equal(errorOf(await errorFor(alice, `iq-${i}`)).condition, "recipient-unavailable");
    }
    await alice.say("iq@bots.test", "kept");
    await until(() => broken.connections() > 0, "a connection");
    const connections = broken.connections();
    assert.ok(connections < 50, `${connections} connections for 200 IQs one after the other`);
    await broken.close();
    breaker = undefined;
    webhook = await start(webhook.port);
    await answered("iq@bots.test", ["kept"]);
    await alice.write(ping("iq@bots.test", "iq-after"));
    await until(() => webhook.received.some((r) => r.body.includes("iq-after")), "the IQ");
  });

  it("waits too while only a proxy answers", async () => {
    const standIns: Answer[] = [
      { status: 503 },
      { status: 502, type: "text/html", body: "<html><h1>502 Bad Gateway</h1></html>" },
      { status: 504, type: "text/plain; charset=utf-8", body: "Gateway Timeout" },
    ];
    for (const standIn of standIns) {
      const name = `proxy${standIn?.status}@bots.test`;
      alice.stanzas.length = 0;
      answer = () => standIn;
      await alice.write(ping(name, `ping-${standIn?.status}`));
      const refused = errorOf(await errorFor(alice, `ping-${standIn?.status}`));
      assert.equal(refused.condition, "recipient-unavailable");
      await alice.say(name, "first");
      await alice.say(name, "second");
      await arrived("first");
      answer = echo;
      await answered(name, ["first", "second"]);
      assert.deepEqual(alice.texts(), ["first", "second"], "the page of the proxy reached nobody");
      webhook.received.length = 0;
    }
  });

  it("passes on what the server itself answers, errors too", async () => {
    const stanza =
      "<message type='error'><error type='wait'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
    const json = '{"kind":"message","type":"chat","body":"from JSON"}';
    for (const [own, condition] of [
      [{ status: 503, type: "application/xmpp+xml", body: stanza }, "policy-violation"],
      [{ status: 500 }, "internal-server-error"],
      [{ status: 404 }, "item-not-found"],
      [{ status: 429 }, "resource-constraint"],
    ] as const) {
      answer = () => own;
      const id = `own ${condition}`;
      await alice.say("own@bots.test", id);
      assert.equal(errorOf(await errorFor(alice, id)).condition, condition);
      assert.equal(webhook.received.filter((r) => r.text === id).length, 1);
    }
    answer = () => ({ status: 503, type: "application/json", body: json });
    await alice.say("own@bots.test", "JSON");
    await answered("own@bots.test", ["from JSON"]);
  });

  it("does not try again what broke off in the middle of its answer", async () => {
    await webhook.close();
    const broken = await startBreaker(webhook.port, "answering");
    breaker = broken;
    await alice.say("broken@bots.test", "broken");
    assert.equal(errorOf(await errorFor(alice, "broken")).condition, "recipient-unavailable");
    assert.equal(broken.connections(), 1);
  });

  it("keeps one component's stanzas while another's are answered", async () => {
    await webhook.close();
    await alice.say("echo@bots.test", "kept");
    await alice.write(ping("echo@bots.test", "fence-two"));
    await errorFor(alice, "fence-two");
    for (const text of numbers(20)) await alice.say("echo@other.test", text);
    await answered("echo@other.test", numbers(20));
    assert.deepEqual(alice.texts("echo@bots.test"), []);
    webhook = await start(webhook.port);
    await answered("echo@bots.test", ["kept"]);
    assert.deepEqual(outageLines(prosody.log(), "other.test"), []);
  });

  it("keeps presence, subscription requests and what comes from rooms, in its place", async () => {
    await webhook.close();
    const to = "presence@bots.test";
    await alice.say(to, "before");
    await alice.write(`<presence to='${to}' type='subscribe' id='subscribe'/>`);
    await alice.write(`<presence to='${to}'><show>away</show></presence>`);
    await alice.write(`<message to='${to}' type='groupchat' id='room'><body>room</body></message>`);
    await alice.write(`<message to='${to}' type='error' id='bounce'><error type='cancel'/></message>`);
    await alice.say(to, "after");
    answer = () => ({ status: 204 });
    webhook = await start(webhook.port);
    await arrived("after");
    assert.deepEqual(
      webhook.received.map(({ url, text }) => `${url.searchParams.get("type")} ${text ?? ""}`),
      ["chat before", "subscribe ", "{type} ", "groupchat room", "error ", "chat after"],
    );
  });

  it("answers a person who has meanwhile left and come back", async () => {
    await webhook.close();
    const bob = await connect(prosody, "bob@people.test", "builder");
    await bob.say("echo@bots.test", "gone");
    await bob.write(ping("echo@bots.test", "fence-gone"));
    await errorFor(bob, "fence-gone");
    await bob.stop();
    webhook = await start(webhook.port);
    await arrived("gone");
    const again = await connect(prosody, "bob@people.test", "builder");
    assert.notEqual(again.jid, bob.jid);
    await until(() => again.texts().includes("gone"), "the answer");
    await again.stop();
  });

  it("goes on keeping them when it is reloaded", async () => {
    await webhook.close();
    const broken = await startBreaker(webhook.port, "reading");
    breaker = broken;
    await alice.say("reload@bots.test", "0");
    await alice.write(ping("reload@bots.test", "fence-first"));
    await errorFor(alice, "fence-first");
    for (const text of numbers(50).slice(1)) await alice.say("reload@bots.test", text);
    for (const text of numbers(40)) await alice.say(`reload${text}@bots.test`, "another");
    await alice.write(ping("reload@bots.test", "fence-reload"));
    await errorFor(alice, "fence-reload");
    for (let i = 0; i < 2; i++) {
      assert.match(await prosody.ctl("shell", "module", "reload", "restanza_callback", "bots.test"), /OK/);
    }
    await alice.say("reload@bots.test", "50");
    await alice.write(ping("reload@bots.test", "fence-reloaded"));
    await errorFor(alice, "fence-reloaded");
    assert.ok(broken.connections() < 10, `${broken.connections()} connections: each conversation tried anew`);
    await broken.close();
    breaker = undefined;
    webhook = await start(webhook.port);
    await answered("reload@bots.test", numbers(51));
    await until(() => alice.texts().length >= 91, "the answers in the other conversations");
    assert.deepEqual(
      webhook.received.flatMap((r) => (r.text === "another" ? [] : [r.text])),
      numbers(51),
    );
  });

  it("tells the senders when it is unloaded, and when Prosody stops", async () => {
    await webhook.close();
    await alice.say("unload@bots.test", "unloaded");
    await alice.write(ping("unload@bots.test", "fence-unload"));
    await errorFor(alice, "fence-unload");
    await prosody.ctl("shell", "module", "unload", "restanza_callback", "bots.test");
    assert.equal(errorOf(await errorFor(alice, "unloaded")).text, "The bot's connection was shut down");
    await prosody.ctl("shell", "module", "load", "restanza_callback", "bots.test");
    await alice.say("unload@bots.test", "stopped");
    await alice.write(ping("unload@bots.test", "fence-stop"));
    await errorFor(alice, "fence-stop");
    await prosody.stop();
    assert.equal(errorOf(await errorFor(alice, "stopped")).text, "The server is being shut down");
  });
});

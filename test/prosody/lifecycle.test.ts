import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, afterEach, before, beforeEach, it } from "node:test";
import { type Prosody, startProsody } from "../../prosody/server.ts";
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

const keys = [`whsec_${Buffer.alloc(32, 3).toString("base64")}`];

onBothServers("mod_restanza_callback, when things come and go", (suite) => {
  let webhook: Webhook;
  let prosody: Prosody;
  let alice: Person;
  let answer: (received: Received) => Answer | Promise<Answer> = echo;

  const start = (port = 0): Promise<Webhook> => startWebhook((received) => answer(received), port);

  before(async () => {
    webhook = await start();
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        {
          kind: "component",
          host: "bots.test",
          callback: { address: webhook.address, keys, auth: "prosody:callback-secret" },
          options: { restanza_callback_timeout: 2, restanza_callback_hold: 0 },
        },
      ],
      options: { modules_enabled: ["saslauth", "admin_shell"] },
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice.stop();
    await prosody.stop();
    await webhook.close();
  });

  beforeEach(() => {
    answer = echo;
    alice.stanzas.length = 0;
    webhook.received.length = 0;
  });

  afterEach(async () => {
    if (!webhook.server.listening) webhook = await start(webhook.port);
  });

  const answered = (text: string): Promise<void> =>
    until(() => alice.texts().includes(text), `the answer to ${text}`);
  const refused = async (id: string): Promise<ReturnType<typeof errorOf>> =>
    errorOf(
      await alice.waitFor((s) => s.attrs["type"] === "error" && s.attrs["id"] === id, `an error for ${id}`),
    );

  async function restart(): Promise<void> {
    await webhook.close();
    webhook = await start(webhook.port);
  }

  it("loses nothing when the web server restarts between two messages", async () => {
    for (let i = 0; i < 20; i++) {
      await alice.say("echo@bots.test", `restart ${i}`);
      await answered(`restart ${i}`);
      await restart();
    }
    assert.deepEqual(
      alice.texts(),
      Array.from({ length: 20 }, (_, i) => `restart ${i}`),
    );
  });

  it("repeats a message once when a kept connection is closed under it, with the same id", async () => {
    await alice.say("echo@bots.test", "warm");
    await answered("warm");
    let times = 0;
    answer = (received) => (times++ === 0 ? undefined : echo(received));
    await alice.say("echo@bots.test", "under it");
    await answered("under it");
    const ids = webhook.received.filter((r) => r.text === "under it").map((r) => r.headers["webhook-id"]);
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
  });

  it("does not repeat what a server had on a fresh connection, or for a while", async () => {
    await alice.say("echo@bots.test", "warm");
    await answered("warm");
    answer = () => Promise.resolve(undefined);
    await alice.say("echo@bots.test", "always closed");
    assert.equal((await refused("always closed")).condition, "recipient-unavailable");
    assert.equal(webhook.received.filter((r) => r.text === "always closed").length, 2);

    await restart();
    await alice.say("echo@bots.test", "closed when fresh");
    assert.equal((await refused("closed when fresh")).condition, "recipient-unavailable");
    assert.equal(webhook.received.filter((r) => r.text === "closed when fresh").length, 1);

    answer = echo;
    await alice.say("echo@bots.test", "warm again");
    await answered("warm again");
    answer = () => new Promise<Answer>((resolve) => setTimeout(() => resolve(undefined), 1200));
    await alice.say("echo@bots.test", "at work");
    assert.equal((await refused("at work")).condition, "recipient-unavailable");
    assert.equal(webhook.received.filter((r) => r.text === "at work").length, 1);
  });

  it("says so when the web server is down, and goes on when it is back", async () => {
    await webhook.close();
    for (let i = 0; i < 3; i++) await alice.say("echo@bots.test", `down ${i}`);
    assert.deepEqual(await refused("down 2"), {
      type: "wait",
      condition: "recipient-unavailable",
      text: "The bot cannot be reached at the moment",
    });
    await prosody.waitForLog(/Callbacks failed: \d+, connection refused/);
    webhook = await start(webhook.port);
    await alice.say("echo@bots.test", "back");
    await answered("back");
  });

  it("says so when there is no answer in time, and goes on with the next", async () => {
    answer = (received) => (received.text === "hangs" ? new Promise<Answer>(() => {}) : echo(received));
    await alice.say("echo@bots.test", "hangs");
    await alice.say("echo@bots.test", "next");
    assert.deepEqual(await refused("hangs"), {
      type: "wait",
      condition: "remote-server-timeout",
      text: "The bot did not answer in time",
    });
    await answered("next");
  });

  it("passes on every answer as mod_rest does", async () => {
    for (const [status, condition] of [
      [403, "forbidden"],
      [404, "item-not-found"],
      [429, "resource-constraint"],
      [503, "service-unavailable"],
    ] as const) {
      answer = () => Promise.resolve({ status });
      await alice.say("echo@bots.test", `status ${status}`);
      assert.equal((await refused(`status ${status}`)).condition, condition);
    }
    answer = () => Promise.resolve({ status: 204 });
    await alice.say("echo@bots.test", "nothing");
    await until(() => webhook.received.some((r) => r.text === "nothing"), "the callback");
    answer = echo;
    await alice.say("echo@bots.test", "something");
    await answered("something");
    assert.deepEqual(alice.texts(), ["something"]);
  });

  it("understands every kind of body and connection", async () => {
    const xml = "<message type='chat'><body>raw</body></message>";
    const head = "HTTP/1.1 200 OK\r\nContent-Type: application/xmpp+xml\r\n";
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const answers = [
      `${head}Content-Length: ${xml.length}\r\n\r\n${xml}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(xml.slice(0, 9))}${chunk(xml.slice(9))}0\r\n\r\n`,
      `${head}Connection: close\r\nContent-Length: ${xml.length}\r\n\r\n${xml}`,
      `${head}Connection: close\r\n\r\n${xml}`,
      `HTTP/1.1 103 Early Hints\r\n\r\n${head}Content-Length: ${xml.length}\r\n\r\n${xml}`,
      `HTTP/1.0 200 OK\r\nContent-Type: application/xmpp+xml\r\nContent-Length: ${xml.length}\r\n\r\n${xml}`,
    ];
    await webhook.close();
    let next = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("data", () => {
        const text = answers[next++] ?? "";
        socket.write(text);
        if (/Connection: close|HTTP\/1\.0/.test(text)) socket.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(webhook.port, "127.0.0.1", resolve));
    for (let i = 0; i < answers.length; i++) {
      await alice.say("echo@bots.test", `raw ${i}`);
      await until(() => alice.texts().length === i + 1, `an answer to ${answers[i]}`);
    }
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(
      alice.texts(),
      answers.map(() => "raw"),
    );
  });

  it("hands the queue on when the module is reloaded: nothing lost, nothing out of order", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    answer = async (received) => {
      if (received.text === "0") await gate;
      return echo(received);
    };
    for (let i = 0; i < 50; i++) await alice.say("reload@bots.test", String(i));
    await webhook.arrived(1);
    const output = await prosody.ctl("shell", "module", "reload", "restanza_callback", "bots.test");
    assert.match(output, /OK/);
    assert.deepEqual(
      webhook.received.map((r) => r.text),
      ["0"],
      "the new one waits for the answer to the old one's",
    );
    open();
    await answered("49");
    assert.deepEqual(
      alice.texts(),
      Array.from({ length: 50 }, (_, i) => String(i)),
    );
  });

  it("answers what waits when the module is unloaded, and leaves a stock mount", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    answer = async (received) => {
      await gate;
      return echo(received);
    };
    for (const text of ["under way", "waiting"]) await alice.say("unload@bots.test", text);
    await webhook.arrived(1);
    await prosody.ctl("shell", "module", "unload", "restanza_callback", "bots.test");
    assert.equal((await refused("waiting")).type, "wait");
    open();
    await answered("under way");
    await alice.say("unload@bots.test", "stock");
    await answered("stock");
    assert.equal(webhook.received.at(-1)?.headers["webhook-id"], undefined);
    assert.equal(webhook.received.at(-1)?.headers.connection, "close");
    await prosody.ctl("shell", "module", "load", "restanza_callback", "bots.test");
    await alice.say("unload@bots.test", "ours again");
    await answered("ours again");
    assert.notEqual(webhook.received.at(-1)?.headers["webhook-id"], undefined);
  });

  it("keeps the callback credential out of the log", () => {
    assert.ok(!prosody.log().includes("callback-secret"));
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { type Bot, type Contacts, defineBot } from "../../src/bot/index.ts";
import { ConfigError, checkConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { SharedMemory } from "../../src/store/index.ts";
import { ModRestDouble, type ModRestUser } from "../../src/testkit/index.ts";

const DOMAIN = "bots.localhost";
const ECHO = `echo@${DOMAIN}`;
const AUTH = "prosody:the-callback-secret";
const TOKEN = "a-token-of-the-nodes";
const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const echo = defineBot({
  name: "echo",
  summary: "says back",
  routes: (bot) => void bot.on("message:body", (ctx) => ctx.body),
}) as Bot;

const mountOf = (url: string): object => ({
  domain: DOMAIN,
  rest: { url, token: TOKEN },
  callback: { auth: [AUTH], keys: [KEY] },
});

/** A presence of the bot, as somebody sees it next. */
async function sees(user: ModRestUser): Promise<string> {
  const stanza = await user.next(({ kind, from }) => kind === "presence" && String(from) === ECHO, {
    signal: AbortSignal.timeout(30_000),
  });
  return (stanza.kind === "presence" && stanza.show) || stanza.type;
}

describe("the contacts of a bot on several nodes", () => {
  it("hear once that it begins, from the first, and once that it ends, from the last", async () => {
    await using ends = new AsyncDisposableStack();
    const memory = new SharedMemory({ leaseDuration: 2_000 });
    const port = await freePort();
    const prosody = await ModRestDouble.start({
      virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
      components: [
        {
          domain: DOMAIN,
          tokens: [TOKEN],
          callback: {
            url: `http://${AUTH}@127.0.0.1:${port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
            carried: { keys: [KEY] },
          },
        },
      ],
    });
    ends.defer(() => prosody.stop());
    const start = async (at: number): Promise<RunningServer> => {
      const store = ends.use(memory.open());
      const config = checkConfig({ port: at, mounts: [mountOf(prosody.restUrl)] } as never);
      const server = await startServer(config, [echo], pino({ level: "silent" }), store);
      ends.defer(() => server.stop());
      return server;
    };
    const contacts = (server: RunningServer): Contacts =>
      server.dispatcher.mount(DOMAIN)?.get("echo")?.contacts ?? assert.fail();
    const one = await start(port);
    const alice = await prosody.user("alice@localhost/phone");
    alice.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    alice.send("<presence/>");
    alice.send(`<presence type='subscribe' to='${ECHO}'/>`);
    assert.deepEqual([await sees(alice), await sees(alice)], ["subscribed", "available"]);

    // They are a contact as soon as what they were told is out.
    while ((await contacts(one).get("alice@localhost")) === undefined) await pause(5);
    const two = await start(0);
    await contacts(two).announce();
    await contacts(two).status("away");
    assert.equal(await sees(alice), "away");
    await two.stop();
    await contacts(one).status("xa");
    assert.equal(await sees(alice), "xa");
    await one.stop();
    assert.equal(await sees(alice), "unavailable");

    const next = await start(port);
    assert.equal(await sees(alice), "xa");
    await next.stop();
    assert.equal(await sees(alice), "unavailable");
  });
});

describe("who may be a contact, by the configuration", () => {
  const check = (contacts: unknown): string => {
    try {
      checkConfig({ mounts: [mountOf("http://127.0.0.1:1/rest")], contacts } as never);
      return "fine";
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.message;
    }
  };

  it("is one of the policies, for a bot by its name", () => {
    assert.equal(check({ echo: "refuse", poll: { allow: ["example.com"], otherwise: "ask" } }), "fine");
    assert.match(check({ echo: "nobody" }), /contacts\.echo is no policy: give "accept", "ask", "refuse"/);
    assert.match(check({ echo: { allow: ["juliet@example.com/balcony"] } }), /contacts\.echo/);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return await new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { it, describe as suite } from "node:test";
import { pino } from "pino";
import { type Bot, defineBot, StanzaError } from "restanza";
import { ModRestDouble, type ModRestUser, testbed } from "restanza/testkit";
import { checkConfig, startServer } from "../../../src/server/index.ts";
import { describe } from "../../../src/testkit/testbed/describe.ts";
import { counter, echo } from "./support.ts";

/** What one person sends, and how many stanzas that say something come back for it. */
type Script = readonly (readonly [send: string, comes: number])[];

interface Conversation {
  readonly name: string;
  readonly bot: Bot;
  readonly script: Script;
}

const chatty = defineBot({
  name: "chatty",
  summary: "has much to say",
  routes(bot) {
    bot.hears("much", async (ctx) => {
      for (const word of ["one", "two", "three"]) await ctx.reply(word);
    });
    bot.hears("refuse", () => {
      throw new StanzaError("forbidden", { text: "not you" });
    });
    bot.hears("crash", () => {
      throw new Error("meant to be");
    });
    bot.hears("elsewhere", async (ctx) => {
      await ctx.send("alice@localhost", "from elsewhere");
      return "and here";
    });
  },
});

const chat = (to: string, body: string): string =>
  `<message to='${to}@bots.localhost' type='chat' id='${body.length}-${body}'><body>${body}</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`;

const CONVERSATIONS: readonly Conversation[] = [
  {
    name: "words",
    bot: echo,
    script: [
      [chat("echo", "hi"), 1],
      [chat("echo", "&amp;&lt;"), 1],
    ],
  },
  {
    name: "a durable bot",
    bot: counter,
    script: [
      [chat("counter", "a"), 1],
      [chat("counter", "b"), 1],
    ],
  },
  {
    name: "several replies",
    bot: chatty,
    script: [
      [chat("chatty", "much"), 3],
      [chat("chatty", "elsewhere"), 2],
    ],
  },
  {
    name: "failures",
    bot: chatty,
    script: [
      [chat("chatty", "refuse"), 1],
      [chat("chatty", "crash"), 1],
      [chat("chatty", "crash"), 1],
    ],
  },
  {
    name: "services",
    bot: echo,
    script: [
      ["<iq to='echo@bots.localhost' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", 1],
      ["<iq to='echo@bots.localhost' type='get' id='u'><q xmlns='urn:example:unknown'/></iq>", 1],
      [
        "<iq to='bots.localhost' type='get' id='i'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
        1,
      ],
      ["<presence to='echo@bots.localhost' type='subscribe'/>", 4],
      [chat("nobody", "hi"), 1],
    ],
  },
  {
    name: "a receipt",
    bot: echo,
    script: [
      [
        "<message to='echo@bots.localhost' id='r' type='chat'><request xmlns='urn:xmpp:receipts'/></message>",
        1,
      ],
    ],
  },
];

/** What arrives for one script, each step when the one before is through. */
async function lines(user: ModRestUser, script: Script, arrived: (count: number) => Promise<void>) {
  const heard: string[] = [];
  user.listen(({ element }) => {
    const said = describe(element);
    if (said !== undefined) heard.push(`${element.attr("from")} (${element.attr("type")}): ${said}`);
  });
  let expected = 0;
  for (const [stanza, comes] of script) {
    user.send(stanza);
    expected += comes;
    while (heard.length < expected) await arrived(heard.length);
  }
  // That the bots end, told when this is over, is no part of it.
  return [...heard];
}

async function overHttp({ bot, script }: Conversation): Promise<string[]> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const rest = { url: `http://127.0.0.1:${port}/rest`, token };
  const config = checkConfig(
    { port: 0, mounts: [{ domain: "bots.localhost", rest, callback: { auth: [auth], keys: [key] } }] },
    {},
  );
  const server = await startServer(config, [bot], pino({ level: "silent" }));
  const query = "from={from}&to={to}&kind={kind}&type={type}";
  await using prosody = await ModRestDouble.start({
    port,
    virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
    components: [
      {
        domain: "bots.localhost",
        tokens: [token],
        callback: {
          url: `http://${auth}@127.0.0.1:${server.address.port}/callback?${query}`,
          carried: { keys: [key] },
        },
      },
    ],
  });
  try {
    const user = await prosody.user("alice@localhost/phone");
    user.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    await user.next(({ kind }) => kind === "iq");
    return await lines(user, script, async () => {
      await user.next(undefined, { signal: AbortSignal.timeout(5_000) });
    });
  } finally {
    await server.stop();
  }
}

async function inTheTestbed({ bot, script }: Conversation): Promise<string[]> {
  await using bed = await testbed(bot, { failures: "tell" });
  const heard: string[] = [];
  bed.alice.listen(({ element }) => {
    const said = describe(element);
    if (said !== undefined) heard.push(`${element.attr("from")} (${element.attr("type")}): ${said}`);
  });
  for (const [stanza] of script) {
    bed.alice.send(stanza);
    await bed.idle();
  }
  // That the bots end, told when this is over, is no part of it.
  return [...heard];
}

suite("the testbed tells the same as the double over HTTP", () => {
  for (const conversation of CONVERSATIONS)
    it(conversation.name, async () => {
      const here = await inTheTestbed(conversation);
      assert.deepEqual(here, await overHttp(conversation));
      assert.equal(
        here.length,
        conversation.script.reduce((sum, [, comes]) => sum + comes, 0),
      );
    });
});

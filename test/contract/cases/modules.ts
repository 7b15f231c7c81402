import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { NS_STANZAS, readXml } from "../../../src/stanza/index.ts";
import { casesOf, errorOf, XML } from "../support/contract-case.ts";
import { KEY, OLD_KEY } from "../support/layout.ts";
import type { Answer, Received } from "../support/webhook.ts";

const { all, prove } = casesOf("modules");
export const moduleCases = all;

const CHAT = "<message type='chat' id='m1'><body>Grüße</body></message>";

prove("mod_restanza_callback signs each callback as Standard Webhooks say, with every key", async (on) => {
  const { headers, body } = await on.bot("carried").hears(on.alice, CHAT);
  const id = String(headers["webhook-id"]);
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
  assert.match(id, /^msg_[\w-]{8,}$/);
  assert.ok(Math.abs(Date.now() - at.getTime()) < 60_000);
  const keys = [KEY, Buffer.from(OLD_KEY).toString("base64")];
  assert.deepEqual(
    String(headers["webhook-signature"]).split(" ").sort(),
    keys.map((key) => new Webhook(key).sign(id, at, body)).sort(),
  );
});

prove(
  "mod_restanza_callback leaves Content-Language out, and drops an xml:lang that would forge headers",
  async (on) => {
    const bot = on.bot("carried");
    const { headers } = await bot.hears(on.alice, CHAT);
    assert.equal(headers["content-language"], undefined);
    const hostile = await bot.hears(
      on.alice,
      "<message type='chat' xml:lang='en&#13;&#10;X-Forged: yes'><body>Hello</body></message>",
    );
    assert.equal(hostile.headers["x-forged"], undefined);
    assert.equal(readXml(hostile.body).attr("xml:lang"), undefined);
  },
);

prove("mod_restanza_callback uses a connection for several callbacks", async (on) => {
  const bot = on.bot("carried", { status: 204 });
  const received: Received[] = [];
  for (let round = 0; round < 10; round += 1) received.push(await bot.hears(on.alice, CHAT));
  assert.ok(received.some(({ nth }) => nth > 1));
  assert.ok(received.every(({ headers }) => headers.connection === "keep-alive"));
});

prove("mod_restanza_callback keeps a conversation in order, one callback in flight", async (on) => {
  let inFlight = 0;
  let most = 0;
  const bot = on.bot("carried", async ({ body }) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return { status: 200, type: XML, body: `<message type='chat' id='${readXml(body).attr("id")}'/>` };
  });
  const sent = Array.from({ length: 100 }, (_, number) => `${number}`);
  for (const id of sent)
    on.alice.send(`<message type='chat' to='${bot.jid}' id='${id}'><body>x</body></message>`);
  const answers: (string | undefined)[] = [];
  while (answers.length < sent.length) answers.push((await on.alice.nextFrom(bot.jid)).attr("id"));
  assert.deepEqual(answers, sent);
  assert.equal(most, 1);
});

prove(
  "mod_restanza_callback does not let one conversation, nor messages, hold up others and IQs",
  async (on) => {
    const held = Promise.withResolvers<{ status: number }>();
    const bot = on.bot("carried", ({ query }) =>
      query.get("kind") === "message" && query.get("from")?.startsWith("alice@") === true
        ? held.promise
        : { status: 200, type: XML, body: `<${query.get("kind")} type='result'/>` },
    );
    await bot.hears(on.alice, CHAT);
    const pong = await bot.asked(on.alice, "<iq type='get' id='i1'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert.equal(pong.attr("type"), "result");
    assert.equal((await bot.asked(on.bob, CHAT)).name, "message");
    held.resolve({ status: 204 });
  },
);

prove(
  "mod_restanza_callback tells the sender when the web server breaks off, without an address in the text",
  async (on) => {
    const bot = on.bot("carried", () => "reset");
    const answer = await bot.asked(on.alice, CHAT);
    assert.equal(errorOf(answer), "wait/recipient-unavailable");
    const text = answer.child("error")?.elements.find(({ name }) => name === "text")?.text;
    assert.equal(text, "The bot cannot be reached at the moment");
  },
);

prove(
  "mod_restanza_callback answers groupchat and room presence with nothing when the web server breaks off",
  async (on) => {
    const bot = on.bot("carried", () => "reset");
    await bot.hears(on.alice, "<message type='groupchat' id='g1'><body>x</body></message>");
    await bot.hears(on.alice, "<presence/>");
    assert.deepEqual(await bot.settled(on.alice), []);
    const subscription = await bot.asked(on.alice, "<presence type='subscribe'/>");
    assert.equal(errorOf(subscription), "wait/recipient-unavailable");
  },
);

const ping = (id: string) => `<iq type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;

/** Answers a callback with what it brought. */
function echo({ body }: Received): Answer {
  const text = readXml(body).childText("body");
  return { status: 200, type: XML, body: `<message type='chat'><body>${text}</body></message>` };
}

prove(
  "mod_restanza_callback keeps messages while the web server is away, and tries again with the same id, in order",
  async (on) => {
    const bot = on.bot("held", () => "reset");
    const say = (text: string) =>
      on.alice.send(`<message type='chat' to='${bot.jid}' id='${text}'><body>${text}</body></message>`);
    say("0");
    const first = await bot.next();
    assert.equal(first.headers["webhook-attempt"], undefined);
    const refused = await bot.asked(on.alice, ping("while-away"));
    assert.equal(errorOf(refused), "wait/recipient-unavailable");
    for (const text of ["1", "2", "3"]) say(text);
    bot.answers(echo);
    const answers: (string | undefined)[] = [];
    while (answers.length < 4) answers.push((await on.alice.nextFrom(bot.jid)).childText("body"));
    assert.deepEqual(answers, ["0", "1", "2", "3"]);
    const received: Received[] = [];
    while (received.length === 0 || !received.at(-1)?.body.includes(">3<")) received.push(await bot.next());
    const again = received.filter(({ body }) => body.includes(">0<"));
    assert.deepEqual(
      again.map(({ headers }) => [headers["webhook-id"], headers["webhook-attempt"]]),
      again.map((_, index) => [first.headers["webhook-id"], String(index + 2)]),
    );
    assert.ok(again.length > 0);
    const last = received.at(-1)?.headers ?? {};
    assert.notEqual(last["webhook-id"], first.headers["webhook-id"]);
    assert.equal(last["webhook-attempt"], undefined);
  },
);

prove(
  "mod_restanza_callback waits while only a proxy answers, and passes on what the server says",
  async (on) => {
    const bot = on.bot("proxied", { status: 503, type: "text/html", body: "<h1>Unavailable</h1>" });
    await bot.hears(on.alice, CHAT);
    bot.answers(echo);
    const answer = await on.alice.nextFrom(bot.jid);
    assert.equal(answer.childText("body"), "Grüße");
    const error = `<message type='error'><error type='wait'><policy-violation xmlns='${NS_STANZAS}'/></error></message>`;
    bot.answers({ status: 503, type: XML, body: error });
    assert.equal(errorOf(await bot.asked(on.alice, CHAT)), "wait/policy-violation");
    bot.answers({ status: 500 });
    assert.equal(errorOf(await bot.asked(on.alice, CHAT)), "wait/internal-server-error");
  },
);

prove(
  "mod_restanza_callback tells senders in order when their messages were kept for too long",
  async (on) => {
    const bot = on.bot("overdue", () => "reset");
    for (const id of ["a", "b", "c"])
      on.alice.send(`<message type='chat' to='${bot.jid}' id='${id}'><body>x</body></message>`);
    const ids: (string | undefined)[] = [];
    while (ids.length < 3) {
      const answer = await on.alice.nextFrom(bot.jid);
      assert.equal(errorOf(answer), "wait/recipient-unavailable");
      ids.push(answer.attr("id"));
    }
    assert.deepEqual(ids, ["a", "b", "c"]);
  },
);

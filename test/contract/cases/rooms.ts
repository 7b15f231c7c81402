import assert from "node:assert/strict";
import { NS_STANZAS, readXml } from "../../../src/stanza/index.ts";
import type { Bot, CaseContext } from "../support/contract-case.ts";
import { casesOf, errorOf, XML } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";
import type { TestClient } from "../support/server-under-test.ts";
import type { Received } from "../support/webhook.ts";

const { all, prove } = casesOf("rooms");
export const roomCases = all;

const JOIN = "<x xmlns='http://jabber.org/protocol/muc'/>";
const NS_USER = "http://jabber.org/protocol/muc#user";

prove("A bot that joins by POST is called back about the occupants, itself and the subject", async (on) => {
  const { room, bot } = await roomWithBot(on);
  const seen = bot.callbacks.all
    .map(({ body }) => readXml(body))
    .map((stanza) => `${stanza.name} ${stanza.attr("from")} ${codesOf(stanza).join()}`);
  assert.deepEqual(
    new Set(seen),
    new Set([`presence ${room}/alice `, `presence ${room}/bot 110`, `message ${room} `]),
  );
});

prove("Groupchat that is answered with 204 leaves the bot in the room", async (on) => {
  const { room, bot } = await roomWithBot(on);
  on.alice.send(`<message type='groupchat' to='${room}' id='g1'><body>Hello all</body></message>`);
  const { body, query } = await next(bot, "groupchat");
  assert.equal(query.get("from"), `${room}/alice`);
  assert.equal(readXml(body).childText("body"), "Hello all");
  await isStillThere(on, room);
});

prove("A reply of type groupchat goes to the room, and from there to all, the bot included", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers(({ query }) =>
    query.get("from") === `${room}/alice` && query.get("type") === "groupchat"
      ? { status: 200, type: XML, body: "<message type='groupchat'><body>Hello alice</body></message>" }
      : { status: 204 },
  );
  on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
  const heard = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "message");
  assert.deepEqual([heard.attr("type"), heard.childText("body")], ["groupchat", "Hello alice"]);
  const own = await bot.callbacks.next(({ query }) => query.get("from") === `${room}/bot`, "its own words");
  assert.equal(readXml(own.body).childText("body"), "Hello alice");
});

prove("A reply of type chat to groupchat goes to the speaker alone, as a private message", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers({ status: 200, type: XML, body: "<message type='chat'><body>Psst</body></message>" });
  on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
  const heard = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "message");
  assert.deepEqual([heard.attr("type"), heard.childText("body")], ["chat", "Psst"]);
});

prove("A reply without a type to groupchat goes to the speaker alone as well", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers({ status: 200, type: XML, body: "<message><body>Psst</body></message>" });
  on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
  const heard = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "message");
  assert.deepEqual([heard.attr("type"), heard.childText("body")], [undefined, "Psst"]);
});

prove("An empty 200 to groupchat comes back to the bot as an error, and stays without effect", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers(({ query }) => ({ status: query.get("type") === "groupchat" ? 200 : 204 }));
  on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
  const bounce = await next(bot, "error");
  assert.equal(errorOf(readXml(bounce.body)), "modify/bad-request");
  bot.answers({ status: 204 });
  await isStillThere(on, room);
});

prove(
  "An empty 200 to the bot's own room presence mirrors it, which loops for as long as it is answered so",
  async (on) => {
    let rounds = 0;
    const { room, bot } = await roomWithBot(on, ({ query }) => {
      if (query.get("from") !== `${room0(on)}/bot` || query.get("kind") !== "presence")
        return { status: 204 };
      rounds += 1;
      return { status: rounds <= 20 ? 200 : 204 };
    });
    const isOwn = ({ query }: Received) =>
      query.get("from") === `${room}/bot` && query.get("kind") === "presence";
    while (bot.callbacks.all.filter(isOwn).length < 21) await bot.callbacks.next(isOwn, "another round");
    assert.equal(rounds, 21);
  },
);

prove("Any presence error kicks the bot, be it from a status", async (on) => {
  for (const [index, status] of [400, 403, 501].entries()) {
    const { room } = await roomWithBot(
      on,
      ({ query }) => (query.get("from")?.endsWith("/newcomer") === true ? { status } : { status: 204 }),
      `-${index}`,
    );
    on.bob.send(`<presence to='${room}/newcomer'>${JOIN}</presence>`);
    await isKicked(on, room);
    on.bob.send(`<presence type='unavailable' to='${room}/newcomer'/>`);
  }
});

const kicking = [
  "gone",
  "internal-server-error",
  "item-not-found",
  "jid-malformed",
  "recipient-unavailable",
  "redirect",
  "remote-server-not-found",
  "remote-server-timeout",
  "service-unavailable",
];
const sparing = [
  "bad-request",
  "conflict",
  "feature-not-implemented",
  "forbidden",
  "not-acceptable",
  "not-allowed",
  "not-authorized",
  "payment-required",
  "policy-violation",
  "registration-required",
  "resource-constraint",
  "subscription-required",
  "undefined-condition",
  "unexpected-request",
];

prove(`An error reply to groupchat kicks the bot for ${kicking.join(", ")}`, async (on) => {
  await Promise.all(
    kicking.map(async (condition) => {
      const { room, bot } = await roomWithBot(on, undefined, `-${condition}`);
      bot.answers({ status: 200, type: XML, body: errorReply(condition) });
      on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
      const status = await isKicked(on, room);
      assert.equal(status, `Kicked: ${condition.replaceAll("-", " ")}`);
    }),
  );
});

prove(
  "An error reply to groupchat with any other condition goes to the speaker, as a private message",
  async (on) => {
    await Promise.all(
      sparing.map(async (condition) => {
        const { room, bot } = await roomWithBot(on, undefined, `-${condition}`);
        bot.answers({ status: 200, type: XML, body: errorReply(condition) });
        on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
        const error = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "message");
        assert.equal(errorOf(error), `cancel/${condition}`);
        bot.answers({ status: 204 });
        await isStillThere(on, room);
      }),
    );
  },
);

prove("A web server that breaks off has the bot kicked from the room", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers(() => "reset");
  on.alice.send(`<message type='groupchat' to='${room}'><body>Hello all</body></message>`);
  await isKicked(on, room);
});

prove("A nickname that is taken comes back as a presence error conflict", async (on) => {
  const room = room0(on);
  await join(on.alice, room, "alice");
  const bot = on.bot("tokens");
  await post(on, `<presence from='${bot.jid}' to='${room}/alice'>${JOIN}</presence>`, 200);
  await post(on, `<presence from='${bot.jid}' to='${room}/bot'>${JOIN}</presence>`, 202);
  await bot.callbacks.next(({ query }) => query.get("from") === `${room}/bot`, "its own presence");
});

prove("A bot changes its nickname with a presence, and leaves with an unavailable one", async (on) => {
  const { room, bot } = await roomWithBot(on);
  await post(on, `<presence from='${bot.jid}' to='${room}/robot'/>`, 202);
  const old = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.attr("type") === "unavailable");
  assert.deepEqual(codesOf(old), ["303"]);
  assert.equal(itemOf(old)?.attr("nick"), "robot");
  const renamed = await on.alice.nextFrom(`${room}/robot`);
  assert.equal(renamed.attr("type"), undefined);
  await post(on, `<presence type='unavailable' from='${bot.jid}' to='${room}/robot'/>`, 202);
  const gone = await on.alice.nextFrom(`${room}/robot`);
  assert.deepEqual([gone.attr("type"), itemOf(gone)?.attr("role")], ["unavailable", "none"]);
});

prove("Who is not in a room cannot speak in it, and hears so as an error", async (on) => {
  const room = room0(on);
  await join(on.alice, room, "alice");
  const bot = on.bot("tokens");
  const { body } = await post(
    on,
    `<message type='groupchat' from='${bot.jid}' to='${room}'><body>x</body></message>`,
    200,
  );
  assert.equal(errorOf(readXml(body)), "cancel/not-acceptable");
  const presence = await post(on, `<presence from='${bot.jid}' to='${room}/bot'/>`, 200);
  assert.equal(errorOf(readXml(presence.body)), "cancel/item-not-found");
});

prove("A private message to a bot in a room comes from the occupant, marked as one", async (on) => {
  const { room, bot } = await roomWithBot(on);
  bot.answers({ status: 200, type: XML, body: "<message type='chat'><body>Yes?</body></message>" });
  on.alice.send(`<message type='chat' to='${room}/bot'><body>You there?</body></message>`);
  const { body, query } = await next(bot, "chat");
  assert.equal(query.get("from"), `${room}/alice`);
  assert.ok(readXml(body).child("x", NS_USER));
  const answer = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "message");
  assert.equal(answer.childText("body"), "Yes?");
});

function room0(on: CaseContext, suffix = ""): string {
  return `${on.slug}${suffix}@rooms.localhost`;
}

/** A room with alice, who made it, and a bot of the component with tokens, which can send for itself. */
async function roomWithBot(
  on: CaseContext,
  responder?: Parameters<Bot["answers"]>[0],
  suffix = "",
): Promise<{ room: string; bot: Bot }> {
  const room = room0(on, suffix);
  const bot = on.bot("tokens", responder, suffix);
  await join(on.alice, room, "alice");
  await post(on, `<presence from='${bot.jid}' to='${room}/bot'>${JOIN}</presence>`, 202);
  await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.name === "presence");
  const wanted = new Set([`${room}/alice`, `${room}/bot`, room]);
  while (wanted.size > 0) {
    const { query } = await bot.callbacks.next(
      ({ query }) => wanted.has(query.get("from") ?? ""),
      "the room",
    );
    wanted.delete(query.get("from") ?? "");
  }
  return { room, bot };
}

async function join(client: TestClient, room: string, nick: string): Promise<void> {
  client.send(`<presence to='${room}/${nick}'>${JOIN}</presence>`);
  await client.nextFrom(room, (stanza) => stanza.name === "message" && stanza.child("subject") !== undefined);
}

async function post(on: CaseContext, body: string, status: number): Promise<{ body: string }> {
  const result = await on.rest({ host: "tokens.localhost", credentials: TOKEN, body });
  assert.equal(result.status, status, result.body);
  return result;
}

function next(bot: Bot, type: string): Promise<Received> {
  return bot.callbacks.next(({ query }) => query.get("type") === type, `a callback of type ${type}`);
}

/** Waits until the bot has left the room, and returns what the room gives as the reason. */
async function isKicked(on: CaseContext, room: string): Promise<string | undefined> {
  const gone = await on.alice.nextFrom(`${room}/bot`, (stanza) => stanza.attr("type") === "unavailable");
  assert.ok(codesOf(gone).includes("333"));
  return gone.childText("status");
}

/** A message of the room's creator is still carried to the bot, and nobody has seen it leave. */
async function isStillThere(on: CaseContext, room: string): Promise<void> {
  on.alice.send(`<message type='chat' to='${room}/bot' id='still-there'><body>still there?</body></message>`);
  on.alice.send(`<message type='groupchat' to='${room}' id='still-there'><body>anybody?</body></message>`);
  await on.alice.nextFrom(`${room}/alice`, (stanza) => stanza.attr("id") === "still-there");
  assert.deepEqual(
    on.alice.drainFrom(`${room}/bot`).map((stanza) => [stanza.name, stanza.attr("type")]),
    [],
  );
}

function errorReply(condition: string): string {
  return `<message type='error'><error type='cancel'><${condition} xmlns='${NS_STANZAS}'/></error></message>`;
}

function itemOf(stanza: ReturnType<typeof readXml>): ReturnType<typeof readXml> | undefined {
  return stanza.child("x", NS_USER)?.child("item", NS_USER);
}

function codesOf(stanza: ReturnType<typeof readXml>): string[] {
  const statuses = stanza.child("x", NS_USER)?.childrenNamed("status", NS_USER) ?? [];
  return statuses.map((status) => status.attr("code") ?? "");
}

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type CaseContext, casesOf, JSON_TYPE, type RestCall, XML, xmlOf } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";

const { all, prove } = casesOf("subscriptions");
export const subscriptionCases = all;

const AS_BOT = { host: "tokens.localhost", credentials: TOKEN } satisfies RestCall;

prove("An inline subscribed goes straight to the client and leaves the subscription pending", async (on) => {
  const bot = on.bot("xml", ({ query }) =>
    query.get("type") === "subscribe"
      ? { status: 200, type: XML, body: "<presence type='subscribed'/>" }
      : { status: 204 },
  );
  on.alice.send(`<presence type='subscribe' to='${bot.jid}'/>`);
  await bot.next();
  const answer = await on.alice.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribed");
  assert.equal(answer.attr("to"), on.alice.bare);
  assert.deepEqual(await contactOf(on, bot.jid), { subscription: "none", ask: "subscribe" });
});

prove("A subscribed that is sent by POST completes the subscription", async (on) => {
  const bot = on.bot("tokens");
  // A client hears of changes to its roster once it has asked for that.
  assert.equal(await contactOf(on, bot.jid), undefined);
  on.alice.send(`<presence type='subscribe' to='${bot.jid}'/>`);
  const { query } = await bot.next();
  assert.equal(query.get("from"), on.alice.bare);
  const sent = await on.rest({
    host: "tokens.localhost",
    credentials: TOKEN,
    body: `<presence type='subscribed' from='${bot.jid}' to='${on.alice.bare}'/>`,
  });
  assert.equal(sent.status, 202);
  await on.alice.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribed");
  assert.deepEqual(await contactOf(on, bot.jid), { subscription: "to", ask: undefined });
});

prove(
  "An unsubscribed that is sent by POST ends the subscription, and refuses one that was asked for",
  async (on) => {
    const bot = on.bot("tokens");
    const send = async (type: string): Promise<void> => {
      const body = `<presence type='${type}' from='${bot.jid}' to='${on.alice.bare}'/>`;
      assert.equal((await on.rest({ ...AS_BOT, body })).status, 202);
      await on.alice.nextFrom(bot.jid, (stanza) => stanza.attr("type") === type);
    };
    assert.equal(await contactOf(on, bot.jid), undefined);
    for (const answer of ["unsubscribed", "subscribed"]) {
      on.alice.send(`<presence type='subscribe' to='${bot.jid}'/>`);
      await bot.next();
      await send(answer);
    }
    assert.deepEqual(await contactOf(on, bot.jid), { subscription: "to", ask: undefined });
    await send("unsubscribed");
    assert.equal((await contactOf(on, bot.jid))?.subscription ?? "none", "none");
  },
);

prove(
  "A bot that subscribes by POST hears of presence once the user approves; asked again, the server approves and shows it twice",
  async (on) => {
    const bot = on.bot("tokens");
    const erin = await on.client("erin");
    const heard = async (count: number) => {
      const seen: string[] = [];
      while (seen.length < count) {
        const { query } = await bot.next();
        seen.push(`${query.get("type")} ${query.get("from")}`);
      }
      return seen.sort();
    };
    const subscribe = `<presence type='subscribe' from='${bot.jid}' to='erin@localhost'/>`;
    assert.equal((await on.rest({ ...AS_BOT, body: subscribe })).status, 202);
    assert.deepEqual(await heard(1), ["unavailable erin@localhost"]);
    const request = await erin.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribe");
    assert.equal(request.attr("to"), "erin@localhost");
    erin.send(`<presence type='subscribed' to='${bot.jid}'/>`);
    assert.deepEqual(await heard(2), ["subscribed erin@localhost", `{type} ${erin.jid}`]);
    assert.equal((await on.rest({ ...AS_BOT, body: subscribe })).status, 202);
    assert.deepEqual(await heard(3), [
      "subscribed erin@localhost",
      `{type} ${erin.jid}`,
      `{type} ${erin.jid}`,
    ]);
    await on.rest({ ...AS_BOT, body: `<presence type='probe' from='${bot.jid}' to='erin@localhost'/>` });
    assert.deepEqual(await heard(1), [`{type} ${erin.jid}`]);
    await erin.stop();
    assert.deepEqual(await heard(1), [`unavailable ${erin.jid}`]);
    await on.rest({ ...AS_BOT, body: `<presence type='probe' from='${bot.jid}' to='erin@localhost'/>` });
    assert.deepEqual(await heard(1), ["unavailable erin@localhost"]);
  },
);

prove("A probe of somebody who has not approved is not answered", async (on) => {
  const bot = on.bot("tokens");
  const probe = `<presence type='probe' from='${bot.jid}' to='frank@localhost'/>`;
  assert.equal((await on.rest({ ...AS_BOT, body: probe })).status, 202);
  assert.deepEqual(await bot.settled(on.alice), []);
  assert.deepEqual(bot.callbacks.all, []);
});

prove(
  "A user's server probes the bots that it is subscribed to, and shows them presence, when the user comes online",
  async (on) => {
    const bot = on.bot("tokens");
    const frank = await on.client("frank");
    frank.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    frank.send(`<presence type='subscribe' to='${bot.jid}'/>`);
    await bot.next();
    await on.rest({
      ...AS_BOT,
      body: `<presence type='subscribed' from='${bot.jid}' to='frank@localhost'/>`,
    });
    await frank.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribed");
    await frank.stop();
    const again = await on.client("frank");
    const { query } = await bot.next();
    assert.deepEqual([query.get("type"), query.get("from")], ["probe", again.jid]);
    await again.stop();
  },
);

prove(
  "A server that wants to know a bot's capabilities asks in the 200 to its presence, where nothing can answer it: POST takes no result and no error",
  async (on) => {
    const bot = on.bot("tokens");
    const dave = await on.client("dave");
    const post = (body: string, call: RestCall = {}) => on.rest({ ...AS_BOT, body, ...call });
    const addresses = `from='${bot.jid}' to='dave@localhost'`;
    await post(`<presence ${addresses} type='subscribe'/>`);
    await dave.nextFrom(bot.jid, (stanza) => stanza.attr("type") === "subscribe");
    dave.send(`<presence type='subscribed' to='${bot.jid}'/>`);
    while ((await bot.next()).query.get("type") !== "subscribed");
    // The hash of nobody else, as a server asks once for each.
    const caps = `<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:node' ver='${on.slug}'/>`;
    for (const _ of ["at first", "as it has heard nothing"]) {
      const shown = await post(`<presence ${addresses}>${caps}</presence>`);
      const question = xmlOf(shown);
      const [name, ...attrs] = [
        question.name,
        ...["type", "id", "from", "to"].map((at) => question.attr(at)),
      ];
      assert.deepEqual(
        [shown.status, name, ...attrs],
        [200, "iq", "get", "disco", "dave@localhost", bot.jid],
      );
      assert.equal(question.elements[0]?.attr("node"), `urn:node#${on.slug}`);
    }
    const answer = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    for (const type of ["result", "error"]) {
      const answered = await post(`<iq ${addresses} type='${type}' id='disco'>${answer}</iq>`);
      assert.equal(answered.status, 422);
      const json = JSON.stringify({ kind: "iq", type, from: bot.jid, to: "dave@localhost", id: "disco" });
      assert.equal((await post(json, { type: JSON_TYPE })).status, 422);
    }
    await dave.stop();
  },
);

async function contactOf(
  on: CaseContext,
  jid: string,
): Promise<{ subscription: string | undefined; ask: string | undefined } | undefined> {
  const id = randomUUID();
  on.alice.send(`<iq type='get' id='${id}'><query xmlns='jabber:iq:roster'/></iq>`);
  const roster = await on.alice.inbox.next((stanza) => stanza.attr("id") === id, "the roster");
  const item = roster.elements[0]?.elements.find((each) => each.attr("jid") === jid);
  return item && { subscription: item.attr("subscription"), ask: item.attr("ask") };
}

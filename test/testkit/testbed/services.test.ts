import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "../../../src/bot/index.ts";
import { el, type Iq, message, StanzaError } from "../../../src/stanza/index.ts";
import { testbed } from "../../../src/testkit/index.ts";
import {
  buildArchiveEnd,
  buildArchiveResult,
  buildCommandAnswer,
  buildPubSubEvent,
  buildPubSubRefusal,
  buildSubscriptionIds,
  NS_COMMANDS,
  NS_MAM,
  NS_PUBSUB,
  readPubSubRefusal,
  readSubscriptionIds,
} from "../../../src/xep/index.ts";

const PUBSUB = "pubsub.localhost";
const ARCHIVE = "archive.localhost";

const reader = defineBot({
  name: "reader",
  summary: "reads",
  routes(bot) {
    bot.hears("read", async (ctx) => {
      const words: string[] = [];
      for await (const { message } of ctx.calls.archiveAll(ARCHIVE)) words.push(message.body ?? "");
      return words.join(" ");
    });
    bot.hears("follow", async (ctx) => {
      try {
        return (await ctx.calls.pubsub(PUBSUB).node("news").subscribe()).state;
      } catch (error) {
        return error instanceof StanzaError ? readPubSubRefusal(error)?.reason : "?";
      }
    });
    bot.on("message:pubsub", async (ctx) => {
      const { type, node } = ctx.event;
      const words = [`${ctx.from}:`, type, node, ...readSubscriptionIds(ctx.stanza)];
      await ctx.send("alice@localhost", words.join(" "));
    });
  },
});

/** An archive of two pages with a message each. */
function archive(request: Iq) {
  const query = request.payload;
  const number = query?.child("set", "http://jabber.org/protocol/rsm") === undefined ? 1 : 2;
  const original = message({ body: `page ${number}` });
  const result = buildArchiveResult(
    { id: `${number}`, at: undefined, message: original },
    query?.attr("queryid"),
  );
  const page = { first: `${number}`, last: `${number}`, index: undefined, count: undefined };
  return { messages: [message({}, result)], payload: buildArchiveEnd({ complete: number === 2, page }) };
}

describe("a service of the testbed", () => {
  it("answers with messages before the result, and knows who asked what", async () => {
    await using bed = await testbed(reader);
    const service = bed.service(ARCHIVE);
    service.answers(NS_MAM, archive);
    const { body } = await bed.alice.says("read");
    assert.equal(body, "page 1 page 2");
    assert.deepEqual(
      service.asked.map(({ from, type }) => [String(from), type]),
      [
        ["reader@bots.localhost", "set"],
        ["reader@bots.localhost", "set"],
      ],
    );
    assert.equal(bed.service(ARCHIVE), service);
  });

  it("refuses, as the test says, and what it has not been told", async () => {
    await using bed = await testbed(reader);
    const service = bed.service(PUBSUB);
    service.answers(NS_PUBSUB, () => {
      throw buildPubSubRefusal({ reason: "closed-node", feature: undefined });
    });
    assert.equal((await bed.alice.says("follow")).body, "closed-node");
    await using other = await testbed(reader, { failures: "tell" });
    other.service(ARCHIVE);
    await other.alice.says("read");
    assert.match(other.transcript(), /does not answer urn:xmpp:mam:2; tell the test how: service\.answers/);
  });

  it("tells a bot what has happened, which is part of the transcript", async () => {
    await using bed = await testbed(reader);
    const service = bed.service(PUBSUB);
    service.answers(NS_PUBSUB, () => el("pubsub", { xmlns: NS_PUBSUB }));
    assert.equal((await bed.alice.says("follow")).body, "subscribed");
    const event = buildPubSubEvent({ type: "purge", node: "news" });
    await service.tells("reader@bots.localhost", event);
    assert.match(bed.transcript(), /pubsub\.localhost: purge news$/);
    await bed.alice.hears(/purge news$/);
    await service.tells("reader@bots.localhost", message({}, event, buildSubscriptionIds(["a", "b"])));
    assert.equal((await bed.alice.hears(/purge/)).body, `${PUBSUB}: purge news a b`);
  });

  it("can be the server of the people, which goes on answering what the test does not", async () => {
    const warden = defineBot({
      name: "warden",
      summary: "knows the server",
      routes(bot) {
        bot.hears("uptime", async (ctx) => (await ctx.calls.run("localhost", "uptime")).text);
        bot.hears("software", async (ctx) => (await ctx.calls.version("localhost")).name);
      },
    });
    await using bed = await testbed(warden);
    const server = bed.service("localhost");
    server.answers(NS_COMMANDS, () =>
      buildCommandAnswer({ node: "uptime", status: "completed", notes: [{ type: "info", text: "2 days" }] }),
    );
    assert.equal((await bed.alice.says("uptime")).body, "2 days");
    assert.equal((await bed.alice.says("software")).body, "Prosody");
    assert.deepEqual(
      server.asked.map(({ payload }) => payload?.ns),
      [NS_COMMANDS],
    );
    assert.throws(() => bed.service("bots.localhost"), /two hosts named bots\.localhost/);
  });

  it("is not needed for a room that archives: what was said there can be read", async () => {
    const historian = defineBot({
      name: "historian",
      summary: "remembers",
      routes(bot) {
        bot.hears(/^before (\d+)$/, async (ctx) => {
          const said: string[] = [];
          const archive = ctx.calls.archiveAll(ctx.from.bare, { first: "newest", max: 2 });
          for await (const { message, at } of archive) {
            if (message.body?.startsWith("word")) said.push(`${message.body} ${at?.toISOString()}`);
            if (said.length === Number(ctx.match[1])) break;
          }
          return said.join(", ");
        });
      },
    });
    await using bed = await testbed(historian, { now: "2026-01-05T09:00:00Z" });
    const room = await bed.room("hall", { archives: true });
    await bed.alice.joins(room);
    for (const word of ["word 1", "word 2", "word 3"]) {
      await bed.alice.in(room).says(word);
      await bed.clock.advance("1m");
    }
    const { body } = await bed.alice.in(room).says("before 2");
    assert.equal(body, "word 3 2026-01-05T09:02:00.000Z, word 2 2026-01-05T09:01:00.000Z");
  });

  it("is asked by a bot that starts, and by a schedule", async () => {
    const watch = defineBot({
      name: "watch",
      summary: "looks whether a service is there",
      start: async (bot) => void (await bot.calls.ping("localhost")),
      routes(bot) {
        bot.every("1h", { name: "hourly" }, async (tick) => {
          await tick.calls.ping(ARCHIVE);
          await tick.send("alice@localhost", "It is there.");
        });
      },
    });
    await using bed = await testbed(watch);
    const { alice } = bed;
    const service = bed.service(ARCHIVE);
    service.answers("urn:xmpp:ping", () => undefined);
    await bed.clock.advance("1h");
    await alice.hears("It is there.");
    assert.deepEqual(
      service.asked.map(({ payload }) => payload?.name),
      ["ping"],
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot, el, StanzaError } from "restanza";
import { testbed } from "restanza/testkit";
import { buildBlockedError, isBlockedError } from "restanza/xep";

const parrot = defineBot({
  name: "parrot",
  summary: "says back what you say",
  routes(bot) {
    bot.hears("twice", async (ctx) => {
      await ctx.reply("one");
      return "two";
    });
    bot.on("message:correction", (ctx) => `corrected ${ctx.correction.replaces}`);
    bot.on("message:reaction", (ctx) => `felt ${ctx.reaction.emojis.join("")} about ${ctx.reaction.to}`);
    bot.on("message:retraction", (ctx) => `forgot ${ctx.retraction.id}`);
    bot.on("message:reply", (ctx) => `answered ${ctx.replyTo.id}`);
    bot.hears("slip", async (ctx) => {
      const { id } = await ctx.send(ctx.from, "a slip");
      await ctx.correct(id, "no slip");
    });
    bot.hears("refuse", () => {
      throw new StanzaError("forbidden", { text: "not you" });
    });
    bot.hears("tell romeo", () => {
      throw buildBlockedError();
    });
    bot.hears("crash", () => {
      throw new TypeError("what a mess");
    });
    bot.hears("silence", () => undefined);
    bot.on("iq:get:urn:example:q", () => el("q", { xmlns: "urn:example:q" }, "42"));
    bot.hears("ask me", async (ctx) => {
      const answer = await ctx.iq(
        ctx.stanza.from ?? ctx.from,
        "get",
        el("age", { xmlns: "urn:example:age" }),
      );
      return `you are ${answer.payload?.text}`;
    });
    bot.on("message:direct").on("message:body", (ctx) => ctx.body);
    bot.on("message:groupchat").hears(/^parrot: (.+)$/, (ctx) => ctx.match[1]);
  },
});

describe("a conversation in the testbed", () => {
  it("returns what comes back", async () => {
    await using bed = await testbed(parrot);
    const { alice, bob } = bed;
    assert.equal((await alice.says("hello")).body, "hello");
    (await alice.says("twice")).expect("one", /tw/);
    (await bob.says("silence")).expect();
    assert.equal(
      bed.transcript(),
      [
        "alice → parrot: hello",
        "parrot → alice: hello",
        "alice → parrot: twice",
        "parrot → alice: one",
        "parrot → alice: two",
        "bob → parrot: silence",
      ].join("\n"),
    );
  });

  it("knows corrections, reactions, replies and retractions", async () => {
    await using bed = await testbed(parrot);
    const { alice } = bed;
    const said = await alice.says("tee");
    (await alice.edits(said, "tea")).expect(`corrected ${said.sent.id}`);
    (await alice.reacts(said, "👍")).expect(`felt 👍 about ${said.last.id}`);
    (await alice.replies(said, "indeed")).expect(`answered ${said.last.id}`);
    (await alice.retracts(said)).expect(`forgot ${said.sent.id}`);
  });

  it("names what the bot has corrected as it was said first, as clients do (XEP-0444 §4)", async () => {
    await using bed = await testbed(parrot);
    const [first, corrected] = [...(await bed.alice.says("slip"))];
    assert.ok(first && corrected);
    (await bed.alice.reacts(corrected, "👍")).expect(`felt 👍 about ${first.id}`);
  });

  it("shows the errors of bots", async () => {
    await using bed = await testbed(parrot);
    const refused = await bed.alice.says("refuse");
    assert.equal(refused.error?.condition, "forbidden");
    assert.throws(() => refused.body, /the error forbidden \(not you\)[\s\S]*alice → parrot: refuse/);
    const [blocked] = (await bed.alice.says("tell romeo")).all;
    assert.ok(blocked !== undefined && isBlockedError(blocked.stanza));
    await assert.rejects(bed.alice.says("crash"), (error: Error) => {
      assert.match(error.message, /parrot failed over a stanza: TypeError: what a mess/);
      assert.match(error.message, /alice → parrot: crash/);
      assert.ok(error.cause instanceof TypeError);
      assert.match(error.stack ?? "", /conversations\.test\.ts/);
      assert.doesNotMatch(error.stack?.split(error.message)[1] ?? "", /src\/testkit\/testbed/);
      return true;
    });
  });

  it("asks, and answers what it is asked", async () => {
    await using bed = await testbed(parrot, { failures: "tell" });
    const { alice } = bed;
    assert.equal((await alice.asks(el("q", { xmlns: "urn:example:q" }))).payload?.text, "42");
    await assert.rejects(alice.asks(el("p", { xmlns: "urn:example:p" })), {
      condition: "service-unavailable",
    });
    alice.answers("urn:example:age", () => el("age", { xmlns: "urn:example:age" }, "7"));
    (await alice.says("ask me")).expect("you are 7");
  });
});

describe("a contact in the testbed", () => {
  it("lets people see whether it is there", async () => {
    await using bed = await testbed(parrot);
    const answers = await bed.alice.subscribes();
    assert.deepEqual(
      answers.all.map(({ type }) => type),
      ["subscribed", "available"],
    );
  });

  it("takes forms", async () => {
    const clerk = defineBot({
      name: "clerk",
      summary: "takes forms",
      routes(bot) {
        bot.on("message", (ctx) => {
          const field = ctx.stanza.child("x", "jabber:x:data")?.child("field");
          return `${field?.attr("var")} is ${field?.childText("value")}`;
        });
      },
    });
    await using bed = await testbed(clerk);
    (await bed.alice.submits({ size: "small" })).expect("size is small");
    assert.match(bed.transcript(), /alice → clerk: \[form submit size=small\]/);
  });
});

describe("a room in the testbed", () => {
  it("has the bot in it, and people as they speak", async () => {
    await using bed = await testbed(parrot);
    const { alice, bob } = bed;
    const lobby = await bed.room("lobby");
    assert.deepEqual(lobby.nicks, ["parrot"]);
    await bob.joins(lobby, "bobby");
    (await alice.in(lobby).says("parrot: hi all")).expect("hi all");
    assert.equal((await bob.hears("hi all")).from?.resource, "parrot");
    assert.deepEqual(lobby.nicks, ["parrot", "bobby", "alice"]);
    await lobby.kicks("parrot", { reason: "noise" });
    await assert.rejects(alice.in(lobby).says("parrot: hi"), /no bot is in lobby/);
  });
});

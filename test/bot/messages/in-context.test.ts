import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  correction,
  defineBot,
  displayed,
  mentioning,
  quoting,
  reaction,
  retraction,
  type StartedBot,
  tracked,
} from "restanza";
import { type Received, testbed } from "restanza/testkit";
import { z } from "zod";
import { el, type Jid, Message } from "../../../src/stanza/index.ts";
import {
  readFallback,
  readMarker,
  readMentions,
  readReactions,
  readReplyTo,
  readUnquoted,
} from "../../../src/xep/index.ts";
import { contextOf } from "../contexts.ts";

let started: StartedBot<unknown> | undefined;

const clerk = defineBot({
  name: "clerk",
  summary: "does with messages what can be done",
  routes(bot) {
    bot.hears("react", async (ctx) => `${await ctx.react("👍", "🐢")}`);
    bot.on("message:correction").hears("tea", async (ctx) => {
      await ctx.react("👌");
      await ctx.quote("better");
    });
    bot.hears("unreact", async (ctx) => void (await ctx.react()));
    bot.hears(/^quote/, async (ctx) => await ctx.quote("an answer"));
    bot.hears("read", async (ctx) => `${await ctx.markDisplayed()}`);
    bot.hears("correct", async (ctx) => {
      const { id } = await ctx.send(place(ctx), "wrong");
      await ctx.correct(id, "right");
    });
    bot.command({
      name: "shout",
      summary: "shouts",
      args: z.object({ word: z.string() }),
      positional: ["word"],
      run: (_, { word }) => word.toUpperCase(),
    });
    bot.on("message:reaction", (ctx) => ctx.bot.rooms.ownId(ctx.from, ctx.reaction.to) ?? ctx.reaction.to);
    bot.hears("say", async (ctx) => {
      const { id } = await ctx.send(place(ctx), "a slip");
      ctx.storage.set("slip", id);
    });
    bot.hears("retract", async (ctx) => {
      await ctx.retract((await ctx.storage.get<string>("slip")) ?? "");
    });
    bot.hears(/^recant( by the room's id)?$/, async (ctx) => {
      const own = (await ctx.storage.get<string>("slip")) ?? "";
      const given = (await ctx.bot.rooms.roomId(ctx.from, own)) ?? "";
      await ctx.bot.rooms.room(ctx.from).retract(ctx.match[1] ? given : own);
    });
  },
  start(bot) {
    started = bot;
  },
});

function place(ctx: { readonly from: Jid; readonly stanza: { readonly type: string } }): Jid {
  return ctx.stanza.type === "groupchat" ? ctx.from.bare : ctx.from;
}

const markable = () => el("markable", { xmlns: "urn:xmpp:chat-markers:0" });

function messageOf({ stanza }: Received): Message {
  assert.ok(stanza instanceof Message);
  return stanza;
}

describe("what a handler does with a message", () => {
  it("is to react to it, and to take that back (XEP-0444)", async () => {
    await using bed = await testbed(clerk);
    const replies = await bed.alice.says("react");
    const [felt, said] = [...replies];
    assert.deepEqual(felt?.reactions, ["👍", "🐢"]);
    assert.equal(said?.body, "true");
    assert.deepEqual((await bed.alice.says("unreact")).last.reactions, []);
  });

  it("is to react to what it was at first, and to answer that, where it was corrected", async () => {
    await using bed = await testbed(clerk);
    const { sent } = await bed.alice.says("tee");
    const [felt, answer] = [...(await bed.alice.edits(sent.id ?? "", "tea"))];
    assert.ok(felt && answer);
    assert.equal(readReactions(messageOf(felt))?.to, sent.id);
    assert.equal(readReplyTo(messageOf(answer))?.id, sent.id);
  });

  it("is understood by whichever id a client names what the bot has corrected (XEP-0444 §4)", async () => {
    await using bed = await testbed(clerk);
    const { alice } = bed;
    alice.has("urn:xmpp:message-correct:0");
    const [wrong, right] = [...(await alice.says("correct"))];
    const shouted = await alice.says("!shout loud");
    const { last } = await alice.edits(shouted, "!shout louder");
    for (const [corrected, first] of [
      [right, wrong],
      [last, shouted.last],
    ]) {
      assert.ok(corrected?.id && first?.id && corrected.id !== first.id);
      assert.equal(corrected.corrects, first.id);
      for (const id of [corrected.id, first.id]) (await alice.reacts(id, "👍")).expect(first.id);
    }
  });

  it("is to answer just that one, with a quotation for who does not know that (XEP-0461)", async () => {
    await using bed = await testbed(clerk);
    const { last } = await bed.alice.says("quote 😀\nme");
    const answer = messageOf(last);
    assert.equal(answer.body, "> quote 😀\n> me\nan answer");
    assert.equal(readUnquoted(answer), "an answer");
    assert.equal(String(readReplyTo(answer)?.jid), `${bed.alice.jid}/phone`);
    assert.deepEqual(readFallback(answer, "urn:xmpp:reply:0"), [{ start: 0, end: 15 }]);
  });

  it("is to say that it was read, where its sender wants to know (XEP-0333)", async () => {
    await using bed = await testbed(clerk);
    const [marker, said] = [...(await bed.alice.says("read", markable()))];
    assert.equal(marker && readMarker(messageOf(marker))?.state, "displayed");
    assert.equal(said?.body, "true");
    assert.equal((await bed.alice.says("read")).body, "false");
  });

  it("is to correct and to take back what was said (XEP-0308, XEP-0424)", async () => {
    await using bed = await testbed(clerk);
    const [wrong, right] = [...(await bed.alice.says("correct"))];
    assert.equal(right?.corrects, wrong?.id);
    assert.equal(right?.body, "right");
    const slip = (await bed.alice.says("say")).last;
    const back = (await bed.alice.says("retract")).last;
    assert.equal(back.retracts, slip.id);
    assert.equal(readFallback(messageOf(back), "urn:xmpp:message-retract:1"), "all");
  });

  it("is the same in a room, by the ids that the room gives", async () => {
    await using bed = await testbed(clerk);
    const { alice } = bed;
    const room = await bed.room("lobby", { archives: true });
    await alice.joins(room);
    const slip = (await alice.in(room).says("say")).last;
    const given = slip.stanza.child("stanza-id", "urn:xmpp:sid:0")?.attr("id");
    const back = (await alice.in(room).says("retract")).last;
    assert.equal(back.type, "groupchat");
    assert.ok(given !== undefined && given !== slip.id);
    assert.equal(back.retracts, given);
    const [felt] = [...(await alice.in(room).says("react"))].filter(
      ({ reactions }) => reactions !== undefined,
    );
    assert.deepEqual([felt?.type, felt?.reactions], ["groupchat", ["👍", "🐢"]]);
  });

  it("is to have the room take back what was said there, by the bot's id or by the room's", async () => {
    await using bed = await testbed(clerk);
    const { alice } = bed;
    const room = await bed.room("lobby", { archives: true });
    await alice.joins(room);
    for (const words of ["recant", "recant by the room's id"]) {
      const slip = (await alice.in(room).says("say")).last;
      const given = slip.stanza.child("stanza-id", "urn:xmpp:sid:0")?.attr("id");
      await bed.restart();
      const back = (await alice.in(room).says(words)).last;
      assert.ok(given !== undefined && given !== slip.id);
      assert.deepEqual([back.type, back.retracts], ["groupchat", given]);
      assert.equal(readFallback(messageOf(back), "urn:xmpp:message-retract:1"), "all");
    }
  });

  it("is not done with anything else", async () => {
    const ctx = contextOf("<presence from='a@example.com/b' to='echo@bots.example'/>");
    for (const act of [
      () => ctx.react("a"),
      () => ctx.quote("a"),
      () => ctx.markDisplayed(),
      () => ctx.retract("1"),
    ])
      await assert.rejects(async () => await act(), /is for messages, and this is a presence/);
  });

  it("is a mere quotation where the message has no id", () => {
    const nameless = new Message(
      el("message", { from: "room@muc.example/a", type: "groupchat", id: "1" }, el("body", {}, "a")),
    );
    const answer = quoting(nameless, "b");
    assert.deepEqual([answer.body, answer.element.elements.length], ["> a\nb", 1]);
    assert.equal(quoting(new Message(el("message", { id: "1" })), "b").body, "b");
  });

  it("is left undone in a room that gives no ids", async () => {
    const ctx = contextOf(
      "<message from='room@muc.example/a' to='echo@bots.example' type='groupchat' id='1'><body>a</body><markable xmlns='urn:xmpp:chat-markers:0'/></message>",
    );
    assert.equal(await ctx.react("a"), false);
    assert.equal(await ctx.markDisplayed(), false);
  });
});

describe("what a bot sends of its own accord", () => {
  it("may be any of these, to a person or a room", async () => {
    await using bed = await testbed(clerk);
    const { alice } = bed;
    const room = await bed.room("lobby", { archives: true });
    await alice.joins(room);
    assert.ok(started);
    const to = alice.jid.bare;
    const original = new Message(
      el("message", { from: "alice@example.com/x", id: "m1" }, el("body", {}, "hello")),
    );
    const { id } = await started.send(to, tracked("look"));
    for (const content of [
      correction(id, "see"),
      retraction(id),
      reaction("m1", "👍"),
      displayed("m1"),
      quoting(original, "hi"),
      mentioning("😀 Anna, Bob", {
        Bob: "bob@example.com",
        Anna: "anna@example.com/x",
        Zoe: "zoe@example.com",
      }),
    ])
      await started.send(to, content);
    const got: Received[] = [];
    for (let each = 0; each < 7; each += 1) got.push(await alice.hears());
    assert.deepEqual(
      got.map(({ type, element }) => [type, element.elements.map(({ name }) => name).join(" ")]),
      [
        ["chat", "body request markable"],
        ["chat", "body replace"],
        ["chat", "body retract fallback store"],
        ["chat", "reactions store"],
        ["chat", "displayed store"],
        ["chat", "body fallback reply"],
        ["chat", "body reference reference"],
      ],
    );
    const spoken = readMentions(messageOf(got[6] as Received)).map(({ jid, begin, end }) => [
      String(jid),
      begin,
      end,
    ]);
    assert.deepEqual(spoken, [
      ["bob@example.com", 8, 11],
      ["anna@example.com/x", 2, 6],
    ]);
    await started.send(room.jid, correction("1", "to all"));
    assert.equal((await alice.hears("to all")).type, "groupchat");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";
import { echo, gated } from "./support.ts";

const keeper = defineBot({
  name: "keeper",
  summary: "keeps things for a while",
  routes(bot) {
    bot.hears("when", (ctx) => new Date(ctx.now).toISOString());
    bot.hears("keep", (ctx) => {
      ctx.storage.set("kept", "a thing", { ttl: 60_000 });
      return "kept";
    });
    bot.hears("what", async (ctx) => (await ctx.storage.get<string>("kept")) ?? "nothing");
  },
});

describe("the clock of the testbed", () => {
  it("stands still but for the test", async () => {
    await using bed = await testbed(keeper);
    const { alice, clock } = bed;
    (await alice.says("when")).expect("2026-01-05T09:00:00.000Z");
    (await alice.says("when")).expect("2026-01-05T09:00:00.000Z");
    await clock.advance("1h30m");
    (await alice.says("when")).expect("2026-01-05T10:30:00.000Z");
    await clock.advance(1);
    (await alice.says("when")).expect("2026-01-05T10:30:00.001Z");
    assert.match(bed.transcript(), /— 1h30m later —/);
  });

  it("begins when it is told to", async () => {
    await using bed = await testbed(keeper, { now: "2026-03-29T00:59:59Z" });
    (await bed.alice.says("when")).expect("2026-03-29T00:59:59.000Z");
    await assert.rejects(testbed(keeper, { now: "noon" }), /"noon" is no time/);
  });

  it("is what the store goes by", async () => {
    await using bed = await testbed(keeper, { storage: { kept: "a gift" } });
    const { alice, clock } = bed;
    (await alice.says("what")).expect("a gift");
    await alice.says("keep");
    await clock.advance("59s");
    (await alice.says("what")).expect("a thing");
    await clock.advance("1s");
    (await alice.says("what")).expect("nothing");
  });

  it("is what deadlines and timeouts go by", async () => {
    const { bot } = gated();
    await using bed = await testbed(bot, { failures: "tell" });
    const { alice, clock } = bed;
    const said = alice.says("tea");
    await clock.advance("499ms");
    assert.doesNotMatch(bed.transcript(), /typing/);
    await clock.advance("1ms");
    assert.match(bed.transcript(), /slow → alice: \[typing\]/);
    await clock.advance("1m");
    assert.match((await said).body, /too long/);
  });

  it("knows no time that is none", async () => {
    await using bed = await testbed(echo);
    await assert.rejects(bed.clock.advance("a while"), /"a while" is no duration/);
    await assert.rejects(bed.clock.advance(-1), /-1 is no duration/);
  });
});

describe("patience", () => {
  it("ends with a handler that does not, which is told of", async () => {
    const { bot } = gated();
    await using bed = await testbed(bot, { patience: 20 });
    await assert.rejects(bed.alice.says("tea"), /still at work after 20 ms[\s\S]*alice → slow: tea/);
  });

  it("is for what comes from the real world", async () => {
    const { bot, open } = gated();
    await using bed = await testbed(bot);
    const said = bed.alice.says("tea");
    setImmediate(() => setTimeout(open, 5));
    (await said).expect("done tea");
  });
});

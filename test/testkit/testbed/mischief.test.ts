import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";
import { counter, echo, gated } from "./support.ts";

const pizza = (topping: string) =>
  defineBot({
    name: "pizza",
    summary: "takes orders",
    ack: "durable",
    routes(bot) {
      const order = bot.dialog("order", async (d) => {
        const city = await d.ask("Which city?");
        const size = await d.ask("Which size?");
        return `One ${size} ${topping} to ${city}.`;
      });
      bot.hears("order", (ctx) => order.start(ctx));
    },
  });

describe("a restart", () => {
  it("comes between two questions, with another edition of the bot", async () => {
    await using bed = await testbed(pizza("margherita"));
    const { alice } = bed;
    (await alice.says("order")).expect("Which city?");
    await bed.restart();
    (await alice.says("Rome")).expect("Which size?");
    await bed.restart({ bot: pizza("funghi") });
    (await alice.says("small")).expect("One small funghi to Rome.");
    assert.match(bed.transcript(), /Which city\?\n— restart —\nalice → pizza: Rome/);
  });

  it("comes while a handler is at work, which the next process begins anew", async () => {
    for (const ack of ["inline", "durable"] as const) {
      const { bot, begun, open } = gated(ack);
      await using bed = await testbed(bot);
      const said = bed.alice.says("tea");
      await bed.clock.advance(0);
      assert.deepEqual(begun, ["tea"]);
      const restarted = bed.restart();
      await bed.clock.advance(0);
      assert.deepEqual(begun, ["tea", "tea"], ack);
      open();
      await restarted;
      await said;
      assert.equal(bed.transcript().match(/slow → alice: done tea/g)?.length, 1, ack);
    }
  });

  it("finds the bot back in its rooms", async () => {
    await using bed = await testbed(echo);
    const lobby = await bed.room("lobby");
    await bed.restart();
    assert.deepEqual(lobby.nicks, ["echo"]);
    (await bed.alice.in("lobby").says("hi")).expect("hi");
  });

  it("takes no bot that was not there", async () => {
    await using bed = await testbed(echo);
    await assert.rejects(bed.restart({ bot: counter }), /no bot called counter; there are echo/);
  });
});

describe("the network of the testbed", () => {
  it("delivers a callback twice, which is handled once", async () => {
    await using bed = await testbed(counter);
    bed.network.duplicate();
    (await bed.alice.says("tea")).expect("tea is number 1");
    (await bed.alice.says("cake")).expect("cake is number 2");
  });

  it("loses a callback, which the sender is told", async () => {
    await using bed = await testbed(counter);
    bed.network.drop();
    assert.equal((await bed.alice.says("tea")).error?.condition, "recipient-unavailable");
    (await bed.alice.says("cake")).expect("cake is number 1");
  });

  it("delays a callback", async () => {
    await using bed = await testbed(counter);
    const { alice, clock, network } = bed;
    network.delay("10s");
    (await alice.says("tea")).expect();
    (await alice.says("cake")).expect("cake is number 1");
    await clock.advance("10s");
    await alice.hears("tea is number 2");
  });

  it("has one callback overtake another", async () => {
    await using bed = await testbed(counter);
    bed.network.reorder();
    (await bed.alice.says("tea")).expect();
    (await bed.alice.says("cake")).expect("cake is number 1", "tea is number 2");
  });

  it("loses what the bot posts, which is sent again", async () => {
    await using bed = await testbed(counter);
    bed.network.drop("posts");
    (await bed.alice.says("tea")).expect();
    await bed.clock.advance("1m");
    await bed.alice.hears("tea is number 1");
    await bed.alice.hearsNothing();
  });

  it("loses the answer to what the bot posts, which arrives twice under one id", async () => {
    await using bed = await testbed(counter);
    bed.network.duplicate("posts");
    const first = (await bed.alice.says("tea")).last;
    await bed.clock.advance("1m");
    assert.equal((await bed.alice.hears("tea is number 1")).id, first.id);
  });

  it("delays what the bot posts", async () => {
    await using bed = await testbed(counter);
    bed.network.delay("5s", { of: "posts" });
    const said = bed.alice.says("tea");
    await bed.clock.advance("4s");
    assert.doesNotMatch(bed.transcript(), /number 1/);
    await bed.clock.advance("1s");
    (await said).expect("tea is number 1");
  });
});

describe("Prosody", () => {
  it("goes away, and what bots say waits for it", async () => {
    const { bot, open } = gated("durable");
    await using bed = await testbed(bot);
    const { alice, clock } = bed;
    const said = alice.says("tea");
    await clock.advance(0);
    bed.prosodyAway();
    open();
    (await said).expect();
    await assert.rejects(alice.says("more"), /alice can say nothing while Prosody is away/);
    bed.prosodyBack();
    await clock.advance("1m");
    await alice.hears("done tea");
  });
});

describe("a process that was killed", () => {
  it("does nothing more, whatever it was at", async () => {
    const gate = Promise.withResolvers<void>();
    const late = defineBot({
      name: "late",
      summary: "says something late",
      routes: () => undefined,
      start(bot) {
        void gate.promise.then(() => bot.send("alice@localhost", "here I am"));
      },
    });
    await using bed = await testbed(late);
    await bed.restart();
    const { alice } = bed;
    gate.resolve();
    await bed.clock.advance("1m");
    await alice.hears("here I am");
    await alice.hearsNothing();
  });
});

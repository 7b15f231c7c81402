import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "restanza";
import { type Testbed, testbed } from "restanza/testkit";
import { leads, message, Stage } from "./support.ts";

const EXPIRED = "You did not answer my question in time, so I have stopped waiting for it.";

const bot = defineBot({
  name: "order",
  summary: "takes orders",
  routes(on) {
    const order = on.dialog("order", async (d) => {
      const city = await d.ask("Which city?", { timeout: 60_000 });
      const size = await d.ask("Which size?", { timeout: 600_000 });
      const sure = await d.ask("Sure?", { timeout: 30_000 });
      return `${city}, ${size}, ${sure}.`;
    });
    on.hears("order", (ctx) => order.start(ctx));
    on.on("message:body", (ctx) => `echo ${ctx.body}`);
  },
});

const pizza = leads(async (d) => {
  const city = await d.ask("Which city?");
  return `${await d.ask("Which size?")} to ${city}`;
});

/** Whether the process ends and another begins. */
const maybe = async (bed: Testbed, restarts: boolean) => (restarts ? await bed.restart() : undefined);

describe("the timeout of a dialog", () => {
  for (const restarts of [false, true]) {
    const through = restarts ? ", through restarts" : "";

    it(`ends it at that moment, and tells once${through}`, async () => {
      await using bed = await testbed(bot);
      const { alice, clock } = bed;
      (await alice.says("order")).expect("Which city?");
      await clock.advance("59s");
      await maybe(bed, restarts);
      await alice.hearsNothing();
      await clock.advance("1s");
      await alice.hears(EXPIRED);
      await maybe(bed, restarts);
      await clock.advance("20m");
      await alice.hearsNothing();
      (await alice.says("Rome")).expect("echo Rome");
    });

    it(`is that of the question that waits, longer or shorter than the one before${through}`, async () => {
      await using bed = await testbed(bot);
      const { alice, clock } = bed;
      await alice.says("order");
      (await alice.says("Rome")).expect("Which size?");
      await maybe(bed, restarts);
      await clock.advance("5m");
      await alice.hearsNothing();
      (await alice.says("small")).expect("Sure?");
      await maybe(bed, restarts);
      await clock.advance("29s");
      await alice.hearsNothing();
      await clock.advance("1s");
      await alice.hears(EXPIRED);
      await alice.says("order");
      await alice.says("Rome");
      await maybe(bed, restarts);
      await clock.advance("10m");
      await alice.hears(EXPIRED);
      await clock.advance("20m");
      await alice.hearsNothing();
    });

    it(`is over with an answer in time, and with the end of the dialog${through}`, async () => {
      await using bed = await testbed(bot);
      const { alice, clock } = bed;
      await alice.says("order");
      await alice.says("Rome");
      await alice.says("small");
      (await alice.says("yes")).expect("Rome, small, yes.");
      await alice.says("order");
      (await alice.says("cancel")).expect("All right, I have stopped.");
      await maybe(bed, restarts);
      await clock.advance("20m");
      await alice.hearsNothing();
    });
  }

  it("is each occupant's own", async () => {
    const asking = defineBot({
      name: "ask",
      summary: "asks",
      routes(on) {
        const ask = on.dialog("ask", async (d) => await d.ask("Well?", { timeout: 60_000 }));
        on.hears("ask", (ctx) => ask.start(ctx));
      },
    });
    await using bed = await testbed(asking);
    const { alice, bob, clock } = bed;
    const room = await bed.room("lobby");
    await alice.joins(room);
    await bob.joins(room);
    await alice.in(room).says("ask");
    await bob.in(room).says("ask");
    await clock.advance("1m");
    assert.equal(bed.transcript().split(EXPIRED).length - 1, 2);
    await clock.advance("20m");
    assert.equal(bed.transcript().split(EXPIRED).length - 1, 2);
  });

  it("is in the person's language", async () => {
    const stage = new Stage(leads(async (d) => await d.ask("Wie?", { timeout: 60_000 })));
    await stage.says(message("go", undefined, "type='chat' xml:lang='de'"));
    stage.now += 60_000;
    await stage.at.dispatcher.startTimers();
    await stage.at.dispatcher.stopTimers();
    await stage.at.dispatcher.idle();
    assert.deepEqual(stage.at.sender.words, [
      "Meine Frage blieb zu lange ohne Antwort, darum warte ich nicht mehr darauf.",
    ]);
  });

  it("takes one place in the queue, however often a dialog is begun, goes on and ends", async () => {
    const stage = new Stage(pizza);
    for (let round = 0; round < 20; round += 1) {
      for (const said of ["go", "Rome", round % 2 === 0 ? "cancel" : "small"]) await stage.says(said);
      stage.now += 1_000;
    }
    assert.deepEqual(await stage.store.counts("timers"), { waiting: 1, dead: 0 });
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { arg, type Dialog } from "../../../src/bot/index.ts";
import { testbed } from "../../../src/testkit/index.ts";
import { menuBot, refusal } from "./support.ts";

const led = (lead: (d: Dialog) => Promise<string | undefined>, version = 1) =>
  menuBot((bot) => {
    const dialog = bot.dialog("order", lead, { version });
    bot.command({ name: "order", summary: "takes an order", run: (ctx) => dialog.start(ctx) });
    bot.on("message:body", ({ body }) => `echo ${body}`);
  });

const pizza = led(async (d) => {
  await d.say("Welcome!");
  const city = await d.ask("Which city?", { schema: z.string().min(3, "That is no city.") });
  await d.say(`Nice, ${city}.`);
  const size = await d.choose("Which size?", { small: "Small one", large: "Large one" });
  const hot = await d.confirm("With chili?");
  return `One ${size}${hot ? " hot" : ""} pizza to ${city}.`;
});

describe("a dialog in a menu", () => {
  for (const restarts of [false, true]) {
    it(`asks in one form after another${restarts ? ", with a restart at every step" : ""}`, async () => {
      await using bed = await testbed(pizza);
      const pause = async () => {
        if (restarts) await bed.restart();
      };
      const city = await bed.alice.runs("order");
      assert.equal(city.status, "executing");
      assert.deepEqual(city.actions, ["next"]);
      assert.equal(city.form?.title, "takes an order");
      assert.equal(city.form?.instructions, "Welcome!");
      assert.deepEqual(
        [city.field("answer").type, city.field("answer").label],
        ["text-single", "Which city?"],
      );
      await pause();
      const size = await city.next("Verona");
      assert.deepEqual(size.actions, ["prev", "next"]);
      assert.equal(size.form?.instructions, "Nice, Verona.");
      assert.equal(size.field("answer").type, "list-single");
      assert.deepEqual(size.field("answer").options, [
        { value: "small", label: "Small one" },
        { value: "large", label: "Large one" },
      ]);
      await pause();
      const hot = await size.next("large");
      assert.deepEqual([hot.field("answer").type, hot.field("answer").values], ["boolean", ["0"]]);
      await pause();
      const end = await hot.next("1");
      assert.equal(end.status, "completed");
      assert.deepEqual(end.notes, ["One large hot pizza to Verona."]);
      assert.equal((await refusal(hot.next("1"))).reason, "session-expired");
      (await bed.alice.says("hello")).expect("echo hello");
    });
  }

  it("of a command with arguments comes after their form", async () => {
    await using bed = await testbed(
      menuBot((bot) =>
        bot.command({
          name: "book",
          summary: "books a table",
          args: z.object({ seats: z.int().max(9) }),
          dialog: async (d, { seats }) => `${seats} seats in ${await d.ask("Which city?")}`,
        }),
      ),
    );
    const form = await bed.alice.runs("book");
    assert.equal(form.field("seats").type, "text-single");
    const city = await form.next({ seats: "4" });
    assert.equal(city.field("answer").label, "Which city?");
    assert.deepEqual(city.actions, ["next"]);
    assert.deepEqual((await city.next("Verona")).notes, ["4 seats in Verona"]);
  });

  it("goes back, where what was answered stands in the form, and is answered anew", async () => {
    await using bed = await testbed(pizza);
    const size = await (await bed.alice.runs("order")).next("Verona");
    const hot = await size.next("small");
    const again = await hot.prev();
    assert.deepEqual([again.field("answer").label, again.field("answer").values], ["Which size?", ["small"]]);
    assert.equal(again.form?.instructions, "Nice, Verona.");
    const city = await again.prev();
    assert.deepEqual(city.field("answer").values, ["Verona"]);
    assert.deepEqual(city.actions, ["next"]);
    assert.equal((await refusal(city.prev())).reason, "bad-action");
    const end = await (await (await city.next("Padua")).next("large")).next("0");
    assert.deepEqual(end.notes, ["One large pizza to Padua."]);
  });

  it("says what is wrong with an answer, and asks again", async () => {
    await using bed = await testbed(pizza);
    const city = await bed.alice.runs("order");
    const again = await city.next("X");
    assert.deepEqual(again.problems, ["That is no city."]);
    assert.equal(again.form?.instructions, "That is no city.");
    assert.deepEqual(again.field("answer").values, ["X"]);
    const size = await again.next("Verona");
    const none = await size.next("huge");
    assert.deepEqual(none.problems, ["That is none of the answers there are."]);
    assert.equal((await none.next("small")).field("answer").label, "With chili?");
  });

  it("asks in a field of the type that its schema has", async () => {
    await using bed = await testbed(
      led(async (d) => {
        const who = await d.ask("Who?", { schema: arg.jid() });
        const what = await d.ask("What?", { schema: z.enum(["tea", "milk"]) });
        const when = await d.ask("When?", { schema: arg.date() });
        const count = await d.ask("How many?", { schema: z.number().max(9) });
        return `${count} ${what} for ${who} in ${when.getFullYear()}`;
      }),
    );
    const types: (string | undefined)[] = [];
    let step = await bed.alice.runs("order");
    for (const answer of ["bob@example.com", "milk", "2027-03-01", "many"]) {
      types.push(step.field("answer").type);
      assert.equal(step.field("answer").required, true);
      step = await step.next(answer);
    }
    assert.deepEqual(types, ["jid-single", "list-single", "text-single", "text-single"]);
    assert.equal(step.field("answer").validation?.datatype, "xs:decimal");
    assert.equal(step.problems.length, 1);
    const again = await step.prev();
    assert.deepEqual(again.field("answer").values, ["2027-03-01"]);
    const last = await again.next("2028-03-01");
    assert.deepEqual((await last.next("2")).notes, ["2 milk for bob@example.com in 2028"]);
  });

  it("is called off, and is no dialog in the chat", async () => {
    await using bed = await testbed(pizza);
    const { alice } = bed;
    const city = await alice.runs("order");
    (await alice.says("Verona")).expect("echo Verona");
    assert.equal((await city.cancel()).status, "canceled");
    assert.equal((await refusal(city.next("Verona"))).reason, "session-expired");
  });

  it("leaves a dialog in the chat alone", async () => {
    await using bed = await testbed(pizza);
    const { alice } = bed;
    (await alice.says("order")).expect("Welcome!", "Which city?");
    const size = await (await alice.runs("order")).next("Verona");
    (await alice.says("Padua")).expect("Nice, Padua.", /^Which size\?/);
    assert.equal((await size.next("small")).field("answer").label, "With chili?");
  });

  it("does not go back over a step, which is done once", async () => {
    let steps = 0;
    await using bed = await testbed(
      led(async (d) => {
        await d.ask("One?");
        await d.step("count", () => {
          steps += 1;
        });
        await d.ask("Two?");
        return "Thanks.";
      }),
    );
    const two = await (await bed.alice.runs("order")).next("1");
    assert.deepEqual(two.actions, ["next"]);
    assert.equal((await refusal(two.prev())).reason, "bad-action");
    assert.deepEqual((await two.next("2")).notes, ["Thanks."]);
    assert.equal(steps, 1);
  });

  it("ends politely when its code has changed, with an error", async () => {
    await using bed = await testbed(pizza);
    const city = await bed.alice.runs("order");
    await bed.restart({ bot: led(async () => "Closed.", 2) });
    const end = await city.next("Verona");
    assert.equal(end.status, "completed");
    assert.deepEqual(end.problems, [
      "Sorry, I have been changed in the meantime, so we would have to begin again.",
    ]);
    assert.equal((await refusal(city.next("Verona"))).reason, "session-expired");
  });

  it("of another version ends politely though it asks the same", async () => {
    const lead = async (d: Dialog): Promise<string> => `To ${await d.ask("Which city?")}.`;
    await using bed = await testbed(led(lead));
    const city = await bed.alice.runs("order");
    await bed.restart({ bot: led(lead, 2) });
    assert.deepEqual((await city.next("Verona")).problems, [
      "Sorry, I have been changed in the meantime, so we would have to begin again.",
    ]);
  });

  it("waits for an answer as long as its question says", async () => {
    await using bed = await testbed(
      led(async (d) => `To ${await d.ask("Which city?", { timeout: 60_000 })}.`),
    );
    const [soon, late] = [await bed.alice.runs("order"), await bed.alice.runs("order")];
    await bed.clock.advance("59s");
    assert.deepEqual((await soon.next("Verona")).notes, ["To Verona."]);
    await bed.clock.advance("1s");
    const { status, problems } = await late.next("Verona");
    assert.deepEqual(
      [status, problems],
      ["completed", ["You did not answer my question in time, so I have stopped waiting for it."]],
    );
  });

  it("that fails can be tried again", async () => {
    let broken = true;
    let steps = 0;
    await using bed = await testbed(
      led(async (d) => {
        await d.ask("One?");
        await d.step("count", () => {
          steps += 1;
        });
        if (broken) throw new Error("mischief");
        return "Thanks.";
      }),
      { failures: "tell" },
    );
    const one = await bed.alice.runs("order");
    const stuck = await one.next("1");
    assert.equal(stuck.status, "executing");
    assert.equal(stuck.problems.length, 1);
    broken = false;
    assert.deepEqual((await stuck.next()).notes, ["Thanks."]);
    assert.equal(steps, 1);
  });

  it("that takes long goes on in the chat", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using bed = await testbed(
      led(async (d) => {
        await d.step("wait", () => promise);
        const city = await d.ask("Which city?");
        return `To ${city}.`;
      }),
    );
    const { alice } = bed;
    const running = alice.runs("order");
    await bed.clock.advance("10s");
    resolve();
    assert.equal((await running).status, "completed");
    await alice.hears("Which city?");
    (await alice.says("Verona")).expect("To Verona.");
  });
});

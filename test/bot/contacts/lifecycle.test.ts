import assert from "node:assert/strict";
import { test } from "node:test";
import help from "../../../bots/help/bot.ts";
import { type Bot, defineBot } from "../../../src/bot/index.ts";
import { testbed } from "../../../src/testkit/index.ts";

const echo = defineBot({
  name: "echo",
  summary: "says back",
  breaker: { failures: 2, conversations: 1, pause: 60_000 },
  routes(bot) {
    bot.hears("crash", () => {
      throw new Error("crash");
    });
    bot.on("message:body", (ctx) => ctx.body);
  },
}) as Bot;

const permissions = { groups: { admins: ["carol@localhost"] } };

test("a bot that is switched off is seen to be gone, and is in no room; switched on, it is back in both", async () => {
  await using bed = await testbed([echo, help as Bot], { permissions });
  const { alice, carol } = bed;
  await alice.to("echo").subscribes();
  const room = await bed.room("den", { bots: ["echo"] });
  const isIn = (): boolean => room.nickOf("echo@bots.localhost") !== undefined;
  assert.ok(isIn());
  (await carol.to("help").says("disable echo")).expect("echo is disabled.");
  await bed.idle();
  const gone = await alice.hears(({ type }) => type === "unavailable");
  assert.equal(gone.element.childText("status"), "I am switched off at the moment. Please try again later.");
  assert.ok(!isIn());
  // Nobody is made a contact by that it is off, and nobody is refused.
  const answers = await bed.bob.to("echo").subscribes();
  assert.deepEqual(
    [...answers].map(({ type }) => type),
    ["subscribed", "unavailable"],
  );
  await bed.restart();
  assert.ok(!isIn());
  (await carol.to("help").says("enable echo")).expect("echo is enabled.");
  await bed.idle();
  for (const person of [alice, bed.bob]) await person.hears(({ type }) => type === "available");
  await bed.clock.advance(1);
  assert.ok(isIn(), bed.transcript());
});

test("a bot that is paused is seen to be busy, until it is well", async () => {
  await using bed = await testbed(echo, { failures: "tell" });
  const { alice } = bed;
  await alice.subscribes();
  /** What it shows of itself when somebody has said this. */
  const shown = async (words: string): Promise<unknown[]> =>
    [...(await alice.says(words))].flatMap(({ stanza }) =>
      stanza.kind === "presence" ? [[stanza.show, stanza.status]] : [],
    );
  assert.deepEqual(await shown("crash"), []);
  assert.deepEqual(await shown("crash"), [
    ["dnd", "Sorry, I am not well at the moment. Please try again in a few minutes."],
  ]);
  await bed.clock.advance("2m");
  assert.deepEqual(await shown("hello"), [[undefined, undefined]]);
});

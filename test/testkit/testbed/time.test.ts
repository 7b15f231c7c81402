import { it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";

const reminder = defineBot({
  name: "remind",
  summary: "reminds you",
  routes(bot) {
    bot.hears("remind me", async (ctx) => {
      await ctx.remind("1h", "tea");
      return "Noted.";
    });
  },
});

it("a reminder comes when the clock is advanced, once, also after a restart", async () => {
  await using bed = await testbed(reminder);
  const { alice, clock } = bed;
  (await alice.says("remind me")).expect("Noted.");
  await clock.advance("59m");
  await alice.hearsNothing();
  await bed.restart();
  await clock.advance("1m");
  await alice.hears("tea");
  await bed.restart();
  await clock.advance("1 day");
  await alice.hearsNothing();
});

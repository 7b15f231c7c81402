import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "restanza";

/** Reminds of things, makes tea, and counts the seconds. */
export default defineBot({
  name: "tea",
  summary: "makes tea",
  ack: "durable",
  routes(bot) {
    bot.hears(/^in (\S+) (.+)$/, async (ctx) => {
      await ctx.remind(ctx.match[1] ?? "", ctx.match[2] ?? "");
      return "Noted.";
    });
    bot.timer("tea", async (ctx) => {
      await ctx.reply("The kettle is on.");
      await sleep(700);
      const cups = ((await ctx.storage.get<number>("cups")) ?? 0) + 1;
      ctx.storage.set("cups", cups);
      return `Cup ${cups} is ready.`;
    });
    bot.hears("tea", async (ctx) => {
      await ctx.schedule("tea", 0);
      return "At once.";
    });
    bot.every("1s", { name: "second" }, async (tick) => {
      const seconds = (await tick.storage.get<number[]>("seconds")) ?? [];
      tick.storage.set("seconds", [...seconds, tick.due]);
    });
    bot.hears("seconds", async (ctx) => `Seconds: ${JSON.stringify(await ctx.storage.get("seconds"))}`);
  },
});

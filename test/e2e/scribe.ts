import { type Bot, type Context, defineBot, tracked } from "../../src/bot/index.ts";

/** Does with messages what can be done, and tells what others do with its own. */
export const scribe: Bot = defineBot({
  name: "scribe",
  summary: "does with messages what can be done",
  routes(bot) {
    bot.hears("react", async (ctx) => void (await ctx.react("👍", "🐢")));
    bot.hears("unreact", async (ctx) => void (await ctx.react()));
    bot.hears(/^quote/, async (ctx) => await ctx.quote("an answer"));
    bot.hears("read", async (ctx) => void (await ctx.markDisplayed()));
    bot.hears("track", () => tracked("tracked"));
    bot.hears("slip", async (ctx) => {
      const { id } = await ctx.send(place(ctx), "a slip");
      await ctx.correct(id, "no slip");
      ctx.storage.set(String(place(ctx)), id);
    });
    bot.hears("back", async (ctx) => {
      await ctx.retract((await ctx.storage.get<string>(String(place(ctx)))) ?? "");
    });
    bot.on("message:receipt", (ctx) => `arrived ${ctx.receipt.id}`);
    bot.on("message:marker", (ctx) => `read ${ctx.marker.id}`);
    bot.on("message:reaction", (ctx) => `felt ${ctx.reaction.emojis.join("")} about ${ctx.reaction.to}`);
    bot.on("message:retraction", (ctx) => `forgot ${ctx.retraction.id}`);
    bot.on("message:reply", (ctx) => `to ${ctx.replyTo.id}: ${ctx.unquoted}`);
    bot.on("message:correction", (ctx) => `corrected ${ctx.correction.replaces}: ${ctx.stanza.body}`);
    bot.hears("hello", () => "hello yourself");
  },
});

function place({ from, stanza }: Context): Context["from"] {
  return stanza.type === "groupchat" ? from.bare : from;
}

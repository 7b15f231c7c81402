import { defineBot } from "../../../../src/bot/index.ts";

/** Lives in a process of its own, and does there what people say, however unwise. */
export default defineBot({
  name: "hermit",
  summary: "lives by itself",
  isolate: true,
  timeout: 2_000,
  routes(bot) {
    bot.on("presence:joined", async (ctx) => {
      await ctx.send(ctx.occupant.room, `Welcome, ${ctx.occupant.nick}!`);
    });
    bot.on("message:groupchat").hears("who is there", (ctx) =>
      ctx.bot.rooms
        .room(ctx.from)
        .occupants.map(({ nick }) => nick)
        .toSorted()
        .join(" "),
    );
    bot.on("message:direct").hears("loop", () => {
      for (;;);
    });
    const order = bot.dialog("order", async (d) => `To ${await d.ask("Which city?")}.`);
    bot.on("message:direct").hears("order", (ctx) => order.start(ctx));
    bot.on("message:direct").hears(/^say (.+)$/, (ctx) => ctx.match[1]);
    bot.command({ name: "double", summary: "doubles", where: "direct", run: () => "doubled" });
  },
  async start(bot) {
    await bot.send("alice@people.test", `I live at ${process.pid}`);
  },
});

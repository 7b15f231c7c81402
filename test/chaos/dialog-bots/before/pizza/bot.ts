import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "restanza";

/** Takes orders for pizza, and thinks about each for a while. */
export default defineBot({
  name: "pizza",
  summary: "takes orders",
  ack: "durable",
  routes(bot) {
    const order = bot.dialog("order", async (d) => {
      const city = await d.ask("Which city?");
      const size = await d.choose("Which size?", ["small", "large"]);
      await d.say("Let me see.");
      const number = await d.step("number", async () => {
        await sleep(500);
        const last = (await d.ctx.storage.get<number>("orders")) ?? 0;
        d.ctx.storage.set("orders", last + 1);
        return last + 1;
      });
      const sure = await d.confirm("Sure?");
      return sure ? `Order ${number}: one ${size} pizza to ${city}.` : "Maybe another time.";
    });
    bot.hears("order", (ctx) => order.start(ctx));
    bot.hears("!ping", () => "pong");
    bot.on("message:body", (ctx) => `You said ${ctx.body}`);
  },
});

import { defineBot } from "restanza";

/** The same in a later edition, which asks something else first. */
export default defineBot({
  name: "pizza",
  summary: "takes orders",
  ack: "durable",
  routes(bot) {
    const order = bot.dialog("order", async (d) => {
      const street = await d.ask("Which street?");
      const city = await d.ask("Which city?");
      return `One pizza to ${street}, ${city}.`;
    });
    bot.hears("order", (ctx) => order.start(ctx));
    bot.on("message:body", (ctx) => `You said ${ctx.body}`);
  },
});

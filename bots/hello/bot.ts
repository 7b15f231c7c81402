import { defineBot } from "restanza";
import { z } from "zod";

/** Greets those who greet it, and tells the others how. */
export default defineBot({
  name: "hello",
  summary: "greets you",
  config: z.object({
    /** The word to greet with. */
    greeting: z.string().min(1).default("Hello"),
  }),
  routes(bot, { greeting }) {
    bot.hears(/^(?:hi|hello|hey|moin|good (?:morning|evening))\b/i, (ctx) => {
      const name = ctx.inRoom ? ctx.from.resource : ctx.from.local;
      return `${greeting}, ${name ?? "stranger"}!`;
    });
    bot.on("message:direct").on("message:body", () => "Say hello to me.");
  },
});

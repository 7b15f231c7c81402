import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "restanza";
import { z } from "zod";

/** Says back what you say; `wait 3 hello` says it three seconds later. In a room it answers those who call it by name. */
export default defineBot({
  name: "echo",
  summary: "says back what you say",
  config: z.object({
    /** The longest wait to grant, in seconds. */
    longestWait: z.number().positive().max(3600).default(60),
  }),
  timeout: 3_700_000,
  routes(bot, { longestWait }) {
    bot.hears(/^wait (\d+(?:\.\d+)?)\s+(.+)$/is, async (ctx, next) => {
      if (ctx.inRoom) return await next();
      const seconds = Math.min(Number(ctx.match[1]), longestWait);
      await sleep(seconds * 1000, undefined, { signal: ctx.signal });
      return ctx.match[2];
    });
    bot.on("message:groupchat").on("message:mention", (ctx) => ctx.mention || undefined);
    bot.on("message:direct").on("message:body", (ctx) => ctx.body);
  },
});

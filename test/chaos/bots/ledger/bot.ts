import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "restanza";
import { z } from "zod";
import { LINES } from "../../support/book.ts";

/**
 * Writes down what it is told, in the order in which it is told, and confirms it. Durable: what is acknowledged gets into
 * the book. Each person has a book, in pages, so that a line costs the same however many there are.
 */
export default defineBot({
  name: "ledger",
  summary: "writes down what it is told",
  ack: "durable",
  config: z.object({
    /** How long it may think about a line, in milliseconds. */
    slow: z.number().default(4),
  }),
  routes(bot, { slow }) {
    bot.on("message:body", async (ctx) => {
      const person = String(ctx.from.bare);
      const count = (await ctx.storage.get<number>(`${person} count`)) ?? 0;
      const page = `${person} page ${Math.floor(count / LINES)}`;
      const lines = (await ctx.storage.get<string[]>(page)) ?? [];
      await sleep(Math.random() * slow);
      ctx.storage.set(`${person} count`, count + 1);
      ctx.storage.set(page, [...lines, ctx.body]);
      return `noted ${ctx.body}`;
    });
  },
});

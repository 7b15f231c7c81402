import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "restanza";

/** Writes down what it is told, in the order in which it is told, and confirms it. Durable: what is acknowledged gets into the book. */
export default defineBot({
  name: "ledger",
  summary: "writes down what it is told",
  ack: "durable",
  routes(bot) {
    bot.on("message:body", async (ctx) => {
      const book = (await ctx.storage.get<string[]>("book")) ?? [];
      await sleep(Math.random() * 4);
      ctx.storage.set("book", [...book, ctx.body]);
      return `noted ${ctx.body}`;
    });
  },
});

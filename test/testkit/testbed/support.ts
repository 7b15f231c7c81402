import { defineBot } from "restanza";

/** A bot whose handlers wait until the test lets them go, and tells how often each was begun. */
export function gated(ack: "inline" | "durable" = "inline") {
  let gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  const bot = defineBot({
    name: "slow",
    summary: "takes its time",
    ack,
    routes(on) {
      on.on("message:body", async (ctx) => {
        begun.push(ctx.body);
        await gate.promise;
        return `done ${ctx.body}`;
      });
    },
  });
  return {
    bot,
    begun,
    open: (): void => gate.resolve(),
    close: (): void => {
      gate = Promise.withResolvers();
    },
  };
}

/** A bot that remembers how often it was spoken to, and is told of each message before it is handled. */
export const counter = defineBot({
  name: "counter",
  summary: "counts",
  ack: "durable",
  routes(bot) {
    bot.on("message:body", async (ctx) => {
      const count = ((await ctx.storage.get<number>("count")) ?? 0) + 1;
      ctx.storage.set("count", count);
      return `${ctx.body} is number ${count}`;
    });
  },
});

/** A bot that says back what it hears, at once. */
export const echo = defineBot({
  name: "echo",
  summary: "says back what you say",
  routes: (bot) => void bot.on("message:body", (ctx) => ctx.body),
});

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { el, StanzaError } from "../../src/stanza/index.ts";

/** The namespace of the IQs that the test bots answer. */
export const NS_TEST = "urn:restanza:test";

/** Answers late, in several parts, and to others than the one who asked. */
const postman = defineBot({
  name: "postman",
  summary: "carries messages",
  routes(bot) {
    bot.hears(/^to (\S+) (.+)$/s, async (ctx) => {
      await ctx.send(ctx.match[1] as string, ctx.match[2] as string);
      return "delivered";
    });
    bot.hears(/^count to (\d+)$/, async (ctx) => {
      for (let count = 1; count < Number(ctx.match[1]); count += 1) await ctx.reply(`${count}`);
      return ctx.match[1];
    });
    bot.hears(/^late (\d+)$/, async (ctx) => {
      await ctx.reply("first");
      await sleep(Number(ctx.match[1]), undefined, { signal: ctx.signal });
      await ctx.reply("second");
      return "third";
    });
  },
});

/** Sends of its own accord, so that two bots of one component do. */
const crier = defineBot({
  name: "crier",
  summary: "cries what it hears to everybody",
  routes(bot) {
    bot.hears(/^cry (\S+) (.+)$/s, async (ctx) => {
      await ctx.send(ctx.match[1] as string, `${ctx.match[2]}!`);
    });
  },
});

/** Fails in every way there is. */
const clumsy = defineBot({
  name: "clumsy",
  summary: "drops everything",
  timeout: 1_000,
  routes(bot) {
    bot.hears("crash", () => {
      throw new Error("a secret reason, which is nobody's business");
    });
    bot.hears("refuse", () => {
      throw new StanzaError("not-acceptable", {
        text: "Not like this",
        application: el("too-clumsy", { xmlns: NS_TEST }),
      });
    });
    bot.hears("hang", async (ctx) => {
      await once(ctx.signal, "abort");
    });
    bot.hears("fine", () => "I am fine");
    bot.on(`iq:get:${NS_TEST}`, (ctx) => {
      const want = ctx.payload.attr("want");
      if (want === "crash") throw new Error("another secret reason");
      if (want === "error") {
        throw new StanzaError("item-not-found", {
          text: "There is no such thing",
          application: el("nothing", { xmlns: NS_TEST }),
        });
      }
      return el("answer", { xmlns: NS_TEST }, `42 for ${ctx.from.local}`);
    });
    bot.on(`iq:set:${NS_TEST}`, () => undefined);
  },
});

/** Says everything in a room that it hears there, itself excepted: what loops when its own words are not known for such. */
const parrot = defineBot({
  name: "parrot",
  summary: "repeats what is said in a room",
  routes(bot) {
    bot.hears("crash please", () => {
      throw new Error("in a room");
    });
    bot.on("message:groupchat").on("message:body", (ctx) => `${ctx.from.resource} said ${ctx.body}`);
  },
});

/** Bots for the tests with real clients. */
export const testBots: readonly Bot[] = [postman, crier, clumsy, parrot] as readonly Bot[];

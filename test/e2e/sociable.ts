import { type Bot, defineBot } from "../../src/bot/index.ts";

/** Told when somebody has asked for a restart. */
export const restart = { wanted: (): void => undefined };

/** Tells who it knows, and says of itself what it is told to. */
const open = defineBot({
  name: "open",
  summary: "has everybody as a contact",
  contacts: { mutual: true, greeting: { en: "Nice to meet you.", de: "Angenehm." } },
  routes(bot) {
    bot.hears("who", async (ctx) => {
      const lines: string[] = [];
      for await (const { jid, subscription, resources } of ctx.bot.contacts.list()) {
        const there = resources.map(({ show = "available", status = "" }) => `${show} ${status}`.trim());
        lines.push(`${jid} ${subscription}: ${there.join(", ") || "not there"}`);
      }
      return lines.join("\n");
    });
    bot.hears(/^away (.+)$/, async (ctx) => {
      await ctx.bot.contacts.status("away", ctx.match[1]);
    });
    bot.hears("restart", () => restart.wanted());
  },
});

/** Is paused soon, and for no time. */
const fragile = defineBot({
  name: "fragile",
  summary: "breaks",
  breaker: { failures: 2, conversations: 1, pause: 1 },
  routes(bot) {
    bot.hears("crash", () => {
      throw new Error("crash");
    });
    bot.hears("fine", () => "I am fine");
  },
});

const say = { routes: () => undefined };

export const sociable: readonly Bot[] = [
  open,
  fragile,
  defineBot({ name: "asking", summary: "asks", contacts: { policy: "ask" }, ...say }),
  defineBot({ name: "closed", summary: "has nobody", contacts: { policy: "refuse" }, ...say }),
  defineBot({
    name: "listed",
    summary: "has some",
    contacts: { policy: { allow: ["bob@people.test"] } },
    ...say,
  }),
] as readonly Bot[];

import { z } from "zod";
import { type Bot, defineBot, type StartedBot } from "../../src/bot/index.ts";
import { el, StanzaError, writeXml } from "../../src/stanza/index.ts";
import { readPubSubRefusal } from "../../src/xep/index.ts";
import { DOMAINS } from "./world.ts";

const { people } = DOMAINS;

/** Where publish-subscribe is. */
export const PUBSUB = "pubsub.test";

/** What the test's items are made of. */
export const NS_NEWS = "urn:restanza:news";

/** A node of people, of which a bot is told by being their contact. */
export const NODE_MOOD = "urn:restanza:mood";

/** Bots that call others, and what they can do of their own accord once they have started. */
export interface Callers {
  readonly bots: readonly Bot[];
  readonly caller: Promise<StartedBot<unknown>>;
  /** Is no admin. */
  readonly stranger: Promise<StartedBot<unknown>>;
}

/** Makes them. */
export function makeCallers(): Callers {
  const caller = Promise.withResolvers<StartedBot<unknown>>();
  const stranger = Promise.withResolvers<StartedBot<unknown>>();
  const bots = [
    defineBot({
      name: "caller",
      summary: "asks others",
      contacts: { mutual: true },
      routes(bot) {
        bot.hears("uptime", async (ctx) => {
          const commands = await ctx.calls.commands(people);
          const { text } = await ctx.calls.run(people, "uptime");
          return `${text}. ${commands.length} commands.`;
        });
        bot.hears("who am i?", async (ctx) => {
          const { name, version } = await ctx.calls.version(ctx.from);
          return `${name} ${version}`;
        });
        bot.hears(/^publish (\S+) (.+)$/, async (ctx) => {
          const [, id, text = ""] = ctx.match;
          const payload = el("news", { xmlns: NS_NEWS }, text);
          return `published ${await ctx.calls.pubsub(PUBSUB).node("news").publish(payload, { id })}`;
        });
        bot.hears(/^retract (\S+)$/, async (ctx) => {
          await ctx.calls
            .pubsub(PUBSUB)
            .node("news")
            .retract(ctx.match[1] ?? "", { notify: true });
          return "retracted";
        });
        bot.hears(/^follow (\S+) (\S+)$/, async (ctx) => {
          const [, jid = "", node = ""] = ctx.match;
          try {
            return (await ctx.calls.pubsub(jid).node(node).subscribe()).state;
          } catch (error) {
            if (!(error instanceof StanzaError)) throw error;
            return readPubSubRefusal(error)?.reason ?? error.condition;
          }
        });
        bot.on(`message:pubsub:${NODE_MOOD}`, async (ctx) => {
          const { event } = ctx;
          if (event.type === "items")
            await ctx.send(ctx.from, `You are ${event.items.map(({ payload }) => payload?.text).join()}`);
        });
        bot.on("message:pubsub", async (ctx) => {
          const { event } = ctx;
          const what =
            event.type === "items"
              ? event.items.map(({ id, payload }) => `${id} ${payload && writeXml(payload)}`).join()
              : event.type;
          await ctx.send(`alice@${people}`, `${ctx.from} ${event.node}: ${what}`);
        });
      },
      start: (bot) => caller.resolve(bot),
    }),
    defineBot({
      name: "stranger",
      summary: "asks what it may not, and has commands",
      routes(bot) {
        bot.command({
          name: "add",
          summary: "adds",
          args: z.object({ one: z.int().max(9), other: z.int() }),
          run: (_, { one, other }) => `${one + other}`,
        });
        bot.command({
          name: "book",
          summary: "books a table",
          dialog: async (d) => {
            const city = await d.ask("Which city?");
            return `A table in ${city}, ${await d.choose("When?", { early: "At six", late: "At nine" })}.`;
          },
        });
      },
      start: (bot) => stranger.resolve(bot),
    }),
  ];
  return { bots: bots as readonly Bot[], caller: caller.promise, stranger: stranger.promise };
}

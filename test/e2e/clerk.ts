import { z } from "zod";
import { arg, type Bot, defineBot } from "../../src/bot/index.ts";

/** Shows what authors write: commands with arguments and permissions, and a dialog. */
export const clerk: Bot = defineBot({
  name: "clerk",
  summary: "does what it is told",
  routes(bot) {
    const order = bot.dialog("order", async (d) => {
      const city = await d.ask("Which city?");
      const size = await d.choose("Which size?", ["small", "large"], { retry: "Small or large?" });
      return `A ${size} one to ${city}.`;
    });
    bot.command({
      name: "boil",
      summary: "boils an egg",
      args: z.object({
        time: arg.duration().min(60_000).describe("for how long"),
        note: z.string().default("done").describe("what to say then"),
        size: z.enum(["small", "large"]).default("large"),
      }),
      positional: ["time", "note"],
      rest: "note",
      run: (_, { time, note, size }) => `A ${size} egg: ${time / 1_000} s, ${note}`,
    });
    bot.command({
      name: "come",
      summary: "joins a room",
      args: z.object({ room: arg.jid() }),
      positional: ["room"],
      run: async (ctx, { room }) => {
        await ctx.bot.rooms.join(room, "Clerk");
      },
    });
    bot.command({ name: "order", summary: "takes an order", run: (ctx) => order.start(ctx) });
    bot.command({
      name: "lock",
      summary: "locks the room",
      access: "room-admin",
      run: (ctx) => `${ctx.from.resource} has locked it`,
    });
    bot.command({
      name: "vault",
      summary: "opens the vault",
      access: "family",
      run: (ctx) => `open for ${ctx.from.resource}`,
    });
  },
}) as Bot;

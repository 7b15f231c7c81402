import { z } from "zod";
import { arg, type Bot, type Composer, type Context, defineBot } from "../../../src/bot/index.ts";
import { StanzaError } from "../../../src/stanza/index.ts";
import { type CommandCondition, readCommandCondition } from "../../../src/xep/index.ts";

/** A bot with these routes. */
export function menuBot(routes: (bot: Composer<Context>) => void, name = "clerk"): Bot {
  return defineBot({ name, summary: "does as it is told", routes });
}

/** A bot with one command of every kind of argument. */
export const orders = menuBot((bot) => {
  bot.command({
    name: "order",
    summary: { en: "orders a pizza", de: "bestellt eine Pizza" },
    description: { en: "It takes an hour.", de: "Es dauert eine Stunde." },
    args: z.object({
      kind: z.enum(["margherita", "funghi"]).describe("which pizza"),
      count: z.int().min(1).max(9).default(1),
      to: arg.jid().optional(),
      extra: z.array(z.enum(["basil", "olives"])).optional(),
      hot: z.boolean().default(false),
      within: arg.duration().min(60_000).default(3_600_000),
      on: arg.date().optional(),
      wishes: z.array(z.string()).optional(),
      coupon: arg.secret().optional(),
    }),
    descriptions: { count: { en: "how many", de: "wie viele" } },
    positional: ["kind"],
    run: (_, { kind, count, to, extra, hot, within, on, wishes, coupon }) =>
      JSON.stringify({
        kind,
        count,
        to: to?.toString(),
        extra,
        hot,
        within,
        on: on?.toISOString(),
        wishes,
        coupon,
      }),
  });
  bot.command({ name: "hello", summary: "greets", run: () => "Hello!" });
  bot.command({ name: "secret", summary: "is for admins", access: "admin", run: () => "The vault is open." });
  bot.command({ name: "here", summary: "is for rooms", where: "groupchat", run: () => "Here!" });
});

/** The error that something rejects with. */
export async function refusal(work: Promise<unknown>): Promise<{
  readonly condition: string;
  readonly reason: CommandCondition | undefined;
  readonly error: StanzaError;
}> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    return { condition: error.condition, reason: readCommandCondition(error), error };
  }
  throw new Error("it was not refused");
}

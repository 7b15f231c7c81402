import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { Composer, session } from "../../../src/bot/index.ts";

describe("the type of a session", () => {
  it("is inferred from its initial data, and its name is a property of the context", () => {
    const bot = new Composer().extend(session({ initial: () => ({ count: 0, names: ["a"] }) }));
    bot.on("message:body", async (ctx) => {
      expectTypeOf(ctx.session).toEqualTypeOf<Promise<{ count: number; names: string[] }>>();
      expectTypeOf(ctx.body).toEqualTypeOf<string>();
      // @ts-expect-error it is to be awaited
      void ctx.session.count;
      // @ts-expect-error there is no such thing in it
      void (await ctx.session).total;
      // @ts-expect-error it is changed in place, as what replaced it would not be stored
      ctx.session = Promise.resolve({ count: 1, names: [] });
    });
    bot.extend(session({ name: "prefs", key: "user", initial: () => ({ loud: false }) })).use(async (ctx) => {
      expectTypeOf(await ctx.prefs).toEqualTypeOf<{ loud: boolean }>();
      expectTypeOf(await ctx.session).toHaveProperty("count");
    });
    // @ts-expect-error only those behind it have one
    new Composer().use((ctx) => void ctx.session);
  });

  it("may be given, and is what a migration has to make", () => {
    interface Cart {
      items: string[];
    }
    session<Cart>({
      initial: () => ({ items: [] }),
      version: 2,
      migrate: (data) => ({ items: [`${data}`] }),
    });
    // @ts-expect-error a migration makes the whole of it
    session<Cart>({ initial: () => ({ items: [] }), version: 2, migrate: () => ({}) });
  });
});

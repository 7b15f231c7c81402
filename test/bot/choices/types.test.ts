import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { Composer, type Context } from "../../../src/bot/index.ts";

describe("the types of a choice", () => {
  it("hand what it was asked with to its handler, and want it where it is told of", () => {
    const bot = new Composer();
    const order = bot.choice<{ table: number }>("order", (ctx, { choice, data }) => {
      expectTypeOf(ctx).toExtend<Context>();
      expectTypeOf(choice).toEqualTypeOf<string>();
      expectTypeOf(data).toEqualTypeOf<{ table: number }>();
    });
    const plain = bot.choice("plain", () => "done");
    const ask = (ctx: Context) => {
      void order.ask(ctx, "What?", ["tea"], { data: { table: 7 } });
      void plain.ask(ctx, "What?", { tea: { en: "Tea", de: "Tee" } });
      void plain.ask(ctx, "What?", ["tea"], { timeout: 1_000 });
      // @ts-expect-error its handler needs the table
      void order.ask(ctx, "What?", ["tea"]);
      // @ts-expect-error its handler needs the table
      void order.ask(ctx, "What?", ["tea"], { timeout: 1_000 });
    };
    expectTypeOf(ask).toBeFunction();
  });
});

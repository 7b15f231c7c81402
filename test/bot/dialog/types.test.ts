import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { Composer, type Context, session } from "../../../src/bot/index.ts";

describe("the types of a dialog", () => {
  const bot = new Composer();

  it("are those of its schemas, its choices and its steps", () => {
    bot.dialog("all", async (d) => {
      expectTypeOf(d.ctx).toEqualTypeOf<Context>();
      expectTypeOf(await d.ask("?")).toEqualTypeOf<string>();
      expectTypeOf(await d.ask("?", { timeout: 1, retry: { en: "?" } })).toEqualTypeOf<string>();
      expectTypeOf(await d.ask("?", { schema: z.coerce.number() })).toEqualTypeOf<number>();
      expectTypeOf(
        await d.ask("?", { schema: z.string().transform((text) => new Date(text)) }),
      ).toEqualTypeOf<Date>();
      expectTypeOf(await d.choose("?", ["small", "large"])).toEqualTypeOf<"small" | "large">();
      expectTypeOf(await d.choose("?", { s: "small", l: { en: "large", de: "groß" } })).toEqualTypeOf<
        "s" | "l"
      >();
      expectTypeOf(await d.confirm("?")).toEqualTypeOf<boolean>();
      expectTypeOf(await d.step("book", async () => ({ number: 1 }))).toEqualTypeOf<{ number: number }>();
      expectTypeOf(await d.step("note", () => undefined)).toEqualTypeOf<undefined>();
      expectTypeOf(d.now()).toEqualTypeOf<number>();
      // @ts-expect-error a choice is a text
      await d.choose("?", [1, 2]);
      // @ts-expect-error a list of choices takes no schema
      await d.choose("?", ["a"], { schema: z.string() });
    });
    // @ts-expect-error what it returns is said
    bot.dialog("number", async () => 1);
  });

  it("have the context of the composer, and the arguments that start it", () => {
    const counting = bot.extend(session({ initial: () => ({ count: 0 }) }));
    const order = counting.dialog("order", async (d, { size }: { size: "s" | "l" }) => {
      expectTypeOf(await d.ctx.session).toEqualTypeOf<{ count: number }>();
      return size;
    });
    const plain = bot.dialog("plain", async (d) => await d.ask("?"));
    const wrong = (): void => {
      counting.hears("order", (ctx) => order.start(ctx, { size: "s" }));
      bot.hears("plain", (ctx) => plain.start(ctx));
      // @ts-expect-error it wants to know the size
      counting.hears("order", (ctx) => order.start(ctx));
      // @ts-expect-error which is one of two
      counting.hears("order", (ctx) => order.start(ctx, { size: "xl" }));
      // @ts-expect-error and a session
      bot.hears("order", (ctx) => order.start(ctx, { size: "s" }));
    };
    void wrong;
  });
});

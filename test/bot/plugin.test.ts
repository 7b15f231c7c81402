import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { type Composer, type Context, type Plugin, Composer as Routes } from "../../src/bot/index.ts";
import { chat, turns, words, world } from "../dispatch/support.ts";

const named = <Name extends string>(name: Name): Plugin<{ readonly tag: Name }> => ({
  add: () => ({ tag: name }),
});

async function answer(routes: (bot: Composer) => unknown): Promise<string> {
  const { dispatcher, sender } = world({ echo: routes });
  const outcome = await dispatcher.dispatch(chat("hello"));
  return [...sender.words, outcome.kind === "reply" ? words(outcome.stanza) : `(${outcome.kind})`].join(" ");
}

describe("extend", () => {
  it("adds to the context and to its type, for the handlers of the composer that it returns", async () => {
    const said = await answer((bot) => {
      const tagged = bot.extend(named("a"));
      expectTypeOf(tagged).toEqualTypeOf<Composer<Context & { readonly tag: "a" }>>();
      tagged.on("message:body", (ctx) => {
        expectTypeOf(ctx.tag).toEqualTypeOf<"a">();
        expectTypeOf(ctx.body).toEqualTypeOf<string>();
        return ctx.tag + ctx.body;
      });
      // @ts-expect-error only the composer that extend returns has it
      bot.use((ctx) => ctx.tag);
    });
    assert.equal(said, "ahello");
  });

  it("needs what an earlier plugin has added", async () => {
    const double: Plugin<{ readonly twice: string }, Context & { readonly tag: string }> = {
      add: (ctx) => ({ twice: ctx.tag + ctx.tag }),
    };
    const said = await answer((bot) =>
      bot
        .extend(named("a"))
        .extend(double)
        .use((ctx) => ctx.twice),
    );
    assert.equal(said, "aa");
    // @ts-expect-error nobody has added ctx.tag
    new Routes().extend(double);
  });

  it("waits for what comes later, and stays synchronous otherwise", async () => {
    const slow: Plugin<{ readonly late: string }> = { add: () => turns().then(() => ({ late: "later" })) };
    assert.equal(await answer((bot) => bot.extend(slow).use((ctx) => ctx.late)), "later");
    const { dispatcher } = world({ echo: (bot) => bot.extend(named("a")).use((ctx) => ctx.tag) });
    assert.ok(!(dispatcher.dispatch(chat("hello")) instanceof Promise));
  });

  it("computes a getter only for who looks", async () => {
    let looks = 0;
    const costly: Plugin<{ readonly cost: number }> = {
      add: () => ({
        get cost() {
          looks += 1;
          return looks;
        },
      }),
    };
    const routes = (bot: Composer): void => {
      const extended = bot.extend(costly);
      extended.on("presence", (ctx) => String(ctx.cost));
      extended.use(() => "plain");
    };
    assert.equal(await answer(routes), "plain");
    assert.equal(looks, 0);
    assert.equal(await answer((bot) => bot.extend(costly).use((ctx) => `${ctx.cost}${ctx.cost}`)), "12");
  });

  it("runs around its handlers, and may keep them from running", async () => {
    const order: string[] = [];
    const around: Plugin<{ readonly tag: string }> = {
      add: () => ({ tag: "a" }),
      async around(ctx, next) {
        order.push(`before ${ctx.tag}`);
        await next();
        order.push("after");
      },
    };
    const said = await answer((bot) => bot.extend(around).use(() => void order.push("handler")));
    assert.equal(said, "(silent)");
    assert.deepEqual(order, ["before a", "handler", "after"]);
    const never: Plugin<object> = { add: () => ({}), around: () => "no" };
    assert.equal(await answer((bot) => bot.extend(never).use(() => "yes")), "no");
  });

  it("gives a handler back what it had when another plugin has added the same further on", async () => {
    for (const last of [() => undefined, () => turns()]) {
      const said = await answer((bot) => {
        bot.extend(named("mine")).use(async (ctx, next) => {
          await next();
          return ctx.tag;
        });
        bot.extend(named("other")).use(last);
      });
      assert.equal(said, "mine");
    }
  });

  it("does not put itself in the place of what every context has", async () => {
    for (const name of ["body", "reply", "stanza", "from"]) {
      const { dispatcher, log } = world({ echo: (bot) => bot.extend({ add: () => ({ [name]: 1 }) }) });
      assert.equal((await dispatcher.dispatch(chat("hello"))).kind, "crash");
      assert.match(
        log[0]?.err?.message ?? "",
        new RegExp(`^a plugin cannot add ctx\\.${name}: every context`),
      );
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { Composer, type Context } from "../../src/bot/index.ts";
import { type Message, StanzaError } from "../../src/stanza/index.ts";
import { chat, type Routes, turns, words, world } from "../dispatch/support.ts";

async function answer(routes: Routes, body = "hello"): Promise<string> {
  const { dispatcher, sender } = world({ echo: routes });
  const outcome = await dispatcher.dispatch(chat(body));
  const last =
    outcome.kind === "reply"
      ? words(outcome.stanza)
      : outcome.kind === "error"
        ? `!${outcome.error.condition}`
        : `(${outcome.kind})`;
  return [...sender.words, last].join(" ");
}

const fails = (): never => {
  throw new Error("on purpose");
};
const rejects = async (): Promise<never> => {
  await turns();
  throw new Error("on purpose");
};

describe("filter", () => {
  it("may take its time", async () => {
    const slowly = async (ctx: Context): Promise<boolean> => turns().then(() => ctx.body === "hello");
    assert.equal(await answer((bot) => bot.filter(slowly, () => "yes")), "yes");
    assert.equal(
      await answer((bot) => bot.filter(slowly, () => "yes").use(() => "too"), "else"),
      "(unhandled)",
    );
  });
});

describe("branch", () => {
  it("goes one way or the other, by a filter, a test, or one that takes its time", async () => {
    for (const test of [
      (ctx: Context) => ctx.body === "hello",
      async (ctx: Context) => turns().then(() => ctx.body === "hello"),
    ]) {
      const routes: Routes = (bot) =>
        bot.branch(
          test,
          () => "yes",
          () => "no",
        );
      assert.equal(await answer(routes), "yes");
      assert.equal(await answer(routes, "else"), "no");
    }
    const direct: Routes = (bot) =>
      bot.branch(
        "message:groupchat",
        () => "to all",
        () => "to me",
      );
    assert.equal(await answer(direct), "to me");
  });

  it("goes on after the way that hands on", async () => {
    const routes: Routes = (bot) =>
      bot
        .branch(
          "message:body",
          (_, next) => next(),
          () => "no",
        )
        .use(() => "after");
    assert.equal(await answer(routes), "after");
  });

  it("narrows the one way, by a filter or by a guard", () => {
    const bot = new Composer();
    bot.branch(
      "message:correction",
      (ctx) => {
        expectTypeOf(ctx.correction.replaces).toEqualTypeOf<string>();
        expectTypeOf(ctx.stanza).toEqualTypeOf<Message>();
      },
      (ctx) => {
        expectTypeOf(ctx).toEqualTypeOf<Context>();
        // @ts-expect-error what did not pass has none
        void ctx.correction;
      },
    );
    bot.branch(
      (ctx): ctx is Context & { readonly body: "yes" } => ctx.body === "yes",
      (ctx) => void expectTypeOf(ctx.body).toEqualTypeOf<"yes">(),
      (ctx) => void expectTypeOf(ctx.body).toEqualTypeOf<string | undefined>(),
    );
    // @ts-expect-error no such filter
    assert.throws(() => bot.branch("message:nothing", fails, fails), TypeError);
  });
});

describe("route", () => {
  const routes =
    (fallback?: () => string, slow = false): Routes =>
    (bot) =>
      bot
        .route(
          (ctx) => {
            const name = ctx.body as "one" | "two" | undefined;
            return slow ? turns().then(() => name) : name;
          },
          { one: () => "first", two: (_, next) => next() },
          fallback,
        )
        .use(() => "after");

  it("goes the way that the chooser names, else the last, and on after a way that hands on", async () => {
    for (const slow of [false, true]) {
      assert.equal(await answer(routes(undefined, slow), "one"), "first");
      assert.equal(
        await answer(
          routes(() => "last", slow),
          "two",
        ),
        "after",
      );
      assert.equal(
        await answer(
          routes(() => "last", slow),
          "three",
        ),
        "last",
      );
      assert.equal(await answer(routes(undefined, slow), "three"), "after");
    }
  });

  it("knows no way but its own", async () => {
    for (const name of ["toString", "__proto__", "constructor"])
      assert.equal(
        await answer(
          routes(() => "last"),
          name,
        ),
        "last",
      );
  });

  it("needs a way for every name", () => {
    const bot = new Composer();
    const choose = (): "one" | "two" => "one";
    // @ts-expect-error two is missing
    bot.route(choose, { one: () => "first" });
  });
});

describe("lazy", () => {
  it("makes its middleware for each stanza, or none", async () => {
    for (const slow of [false, true]) {
      const routes: Routes = (bot) =>
        bot
          .lazy((ctx) => {
            const inner = ctx.body === "hello" ? new Composer().use(() => "made") : undefined;
            return slow ? turns().then(() => inner) : inner;
          })
          .use(() => "after");
      assert.equal(await answer(routes), "made");
      assert.equal(await answer(routes, "else"), "after");
    }
  });
});

describe("boundary", () => {
  it("handles the errors of what is inside: by a reply, in silence, or by handing them on", async () => {
    for (const failing of [fails, rejects]) {
      assert.equal(
        await answer((bot) => bot.boundary((error, ctx) => `${ctx.body}: ${error}`, failing)),
        "hello: Error: on purpose",
      );
      assert.equal(await answer((bot) => bot.boundary(() => undefined).use(failing)), "(silent)");
      assert.equal(
        await answer((bot) => bot.boundary(async () => turns().then(() => "late"), failing)),
        "late",
      );
      assert.equal(await answer((bot) => bot.boundary(fails, failing)), "(crash)");
      const rethrow = (error: unknown): never => {
        throw error;
      };
      assert.equal(
        await answer((bot) => bot.boundary((error) => String(error)).boundary(rethrow, failing)),
        "Error: on purpose",
      );
    }
  });

  it("has nothing to do with what comes after it", async () => {
    for (const failing of [fails, rejects]) {
      for (const inside of [
        (_: unknown, next: () => Promise<void>) => next(),
        async (_: unknown, next: () => Promise<void>) => {
          await next();
        },
      ])
        assert.equal(
          await answer((bot) => {
            bot.boundary(() => "caught", inside);
            bot.use(failing);
          }),
          "(crash)",
        );
    }
    assert.equal(
      await answer((bot) => {
        bot.boundary(
          () => "caught",
          (_, next) => next(),
        );
        bot.use(() => "after");
      }),
      "after",
    );
  });

  it("lets through what the sender is to be told, unless it wants that, but not what the bot was told", async () => {
    const tells = (): never => {
      throw new StanzaError("not-allowed");
    };
    assert.equal(await answer((bot) => bot.boundary(() => "caught", tells)), "!not-allowed");
    assert.equal(
      await answer((bot) => bot.boundary({ handle: () => "caught", stanzaErrors: true }, tells)),
      "caught",
    );
    const received = StanzaError.fromElement(new StanzaError("gone").toElement());
    const told = (): never => {
      throw received;
    };
    assert.equal(received.received, true);
    assert.equal(await answer((bot) => bot.boundary(() => "caught", told)), "caught");
  });

  it("keeps what was said before", async () => {
    const said = await answer((bot) =>
      bot.boundary(
        () => "sorry",
        async (ctx) => {
          await ctx.reply("one");
          fails();
        },
      ),
    );
    assert.equal(said, "one sorry");
  });

  it("keeps the context narrow", () => {
    new Composer().on("message:body").boundary(
      (_, ctx) => {
        expectTypeOf(ctx.body).toEqualTypeOf<string>();
      },
      (ctx) => void expectTypeOf(ctx.body).toEqualTypeOf<string>(),
    );
  });
});

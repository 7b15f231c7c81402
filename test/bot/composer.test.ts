import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Composer, type Context } from "../../src/bot/index.ts";
import type { Outcome } from "../../src/dispatch/index.ts";
import { chat, stanza, turns, words, world } from "../dispatch/support.ts";

/** What a person who writes `body` to a bot with these routes is answered. */
async function answer(routes: (bot: Composer) => unknown, body = "hello"): Promise<string> {
  const { dispatcher, sender } = world({ echo: routes });
  const outcome = await dispatcher.dispatch(chat(body));
  return [...sender.words, outcome.kind === "reply" ? words(outcome.stanza) : `(${outcome.kind})`].join(" ");
}

describe("Composer", () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  before(() => process.on("unhandledRejection", listener));
  after(async () => {
    await turns();
    process.off("unhandledRejection", listener);
    assert.deepEqual(unhandled, []);
  });

  it("tries handlers in the order in which they were added, until one does not call next", async () => {
    const order: string[] = [];
    const said = await answer((bot) => {
      bot.use((_, next) => {
        order.push("one");
        return next();
      });
      bot.on("presence", () => void order.push("presence"));
      bot.on("message", async (_, next) => {
        order.push("two");
        await next();
        order.push("two again");
      });
      bot.hears("hello", () => "three");
      bot.use(() => void order.push("four"));
    });
    assert.equal(said, "three");
    assert.deepEqual(order, ["one", "two", "two again"]);
  });

  it("nests: composers, several handlers at once, composers that on() and filter() return", async () => {
    const inner = new Composer();
    const deep = new Composer().use(inner);
    assert.equal(await answer((bot) => bot.use(deep, (ctx) => `after ${ctx.body}`)), "after hello");
    inner.hears("hello", () => "from inside");
    assert.equal(await answer((bot) => bot.use(deep, (ctx) => `after ${ctx.body}`)), "from inside");
    assert.equal(
      await answer((bot) =>
        bot
          .on("message")
          .on("message:body")
          .hears("hello", () => "deep"),
      ),
      "deep",
    );
    const long = (ctx: Context): boolean => (ctx.body?.length ?? 0) > 3;
    assert.equal(await answer((bot) => bot.filter(long).use(() => "long")), "long");
    assert.equal(await answer((bot) => bot.filter(long, () => "long"), "hi"), "(unhandled)");
    assert.equal(await answer((bot) => bot.use({ middleware: () => () => "an object" })), "an object");
    const foreign = new Composer().hears("hello", () => "as a handler").middleware();
    assert.equal(await answer((bot) => bot.use(foreign)), "as a handler");
    assert.equal(await answer((bot) => bot.use(foreign, () => "next"), "else"), "next");
  });

  it("takes handlers that are added when it has run already", async () => {
    const { dispatcher, bot } = world({ echo: (routes) => routes.hears("one", () => "1") });
    assert.equal((await dispatcher.dispatch(chat("two"))).kind, "unhandled");
    const inner = bot("echo").routes.on("message:body");
    assert.equal((await dispatcher.dispatch(chat("two"))).kind, "unhandled");
    inner.use(() => "2");
    const outcome = await dispatcher.dispatch(chat("two"));
    assert.ok(outcome.kind === "reply" && words(outcome.stanza) === "2");
  });

  it("passes what any of several filters passes", async () => {
    const { dispatcher } = world({
      echo: (bot) => bot.on(["presence:subscribe", "message:body"], (ctx) => `a ${ctx.stanza.kind}`),
    });
    const said = await dispatcher.dispatch(chat("hello"));
    assert.ok(said.kind === "reply" && words(said.stanza) === "a message");
    const online = stanza("<presence from='juliet@example.com/balcony' to='echo@bots.example'/>");
    assert.equal((await dispatcher.dispatch(online)).kind, "unhandled");
    assert.equal(await answer((bot) => bot.on([], () => "none")), "(unhandled)");
    assert.throws(() => new Composer().on("message:nothing" as "message"), TypeError);
  });

  it("stays synchronous for handlers that are, with a string known when dispatch returns", () => {
    const { dispatcher } = world({
      echo: (bot) => {
        bot.on("presence", () => undefined);
        bot.on("message:groupchat").on("message:body", () => "not here");
        bot.hears(/^nothing$/, () => "not this");
        bot.use(new Composer().hears("hello", (ctx) => `${ctx.body} to you`));
      },
    });
    const outcome: Outcome | Promise<Outcome> = dispatcher.dispatch(chat("hello"));
    assert.ok(!(outcome instanceof Promise));
    assert.ok(outcome.kind === "reply" && words(outcome.stanza) === "hello to you");
    const nobody = dispatcher.dispatch(chat("else"));
    assert.ok(!(nobody instanceof Promise) && nobody.kind === "unhandled");
  });
});

describe("hears", () => {
  it("finds a pattern anywhere, words only as a whole, whatever their case and the space around", async () => {
    const routes = (bot: Composer): void => {
      bot.hears(/order (\d+)/i, (ctx) => `number ${ctx.match[1]}`);
      bot.hears(" Two Words ", (ctx) => `heard ${JSON.stringify(ctx.match[0])}`);
    };
    assert.equal(await answer(routes, "my ORDER 17 please"), "number 17");
    assert.equal(await answer(routes, "  two WORDS"), 'heard "  two WORDS"');
    assert.equal(await answer(routes, "two words more"), "(unhandled)");
  });

  it("remembers nothing of another message, whatever the flags", async () => {
    const { dispatcher } = world({ echo: (bot) => bot.hears(/a(b)?/gy, (ctx) => `${ctx.match.index}`) });
    for (let time = 0; time < 3; time += 1) {
      const outcome = await dispatcher.dispatch(chat("xab"));
      assert.ok(outcome.kind === "reply" && words(outcome.stanza) === "1");
    }
  });

  it("gives a handler its own match back when next() has returned, also where what follows throws", async () => {
    for (const last of [
      () => undefined,
      async () => await turns(),
      () => Promise.reject(new Error("on purpose")),
    ]) {
      const said = await answer((bot) => {
        bot.hears(/(h)/, async (ctx, next) => {
          await next().catch(() => undefined);
          return ctx.match[1];
        });
        bot.hears(/(e)/, last);
      });
      assert.equal(said, "h");
    }
  });
});

describe("next()", () => {
  it("twice in one handler is an error, which names the mistake", async () => {
    for (const twice of [
      async (_: unknown, next: () => Promise<void>) => {
        await next();
        await next();
      },
      (_: unknown, next: () => Promise<void>) => {
        void next();
        void next();
      },
    ]) {
      const { dispatcher, log } = world({ echo: (bot) => bot.use(twice) });
      assert.equal((await dispatcher.dispatch(chat("hello"))).kind, "crash");
      assert.match(log[0]?.err?.message ?? "", /^next\(\) was called twice in one handler/);
    }
  });

  it("may be forgotten about: what follows is waited for, and its errors are heard", async () => {
    const forgetful = (bot: Composer): Composer =>
      bot.use((_, next) => {
        void next();
      });
    assert.equal(await answer((bot) => forgetful(bot).use(() => turns().then(() => "late"))), "late");
    assert.equal(
      await answer((bot) => forgetful(bot).use(() => Promise.reject(new Error("on purpose")))),
      "(crash)",
    );
    assert.equal(
      await answer((bot) =>
        forgetful(bot).use(() => {
          throw new Error("on purpose");
        }),
      ),
      "(crash)",
    );
    assert.equal(
      await answer((bot) =>
        bot
          .use(async (_, next) => {
            void next();
            for (let turn = 0; turn < 5; turn += 1) await turns();
            return "mine";
          })
          .use(() => Promise.reject(new Error("on purpose"))),
      ),
      "(crash)",
      "also where the error comes long before the handler ends",
    );
    assert.equal(
      await answer((bot) =>
        bot
          .use((_, next) => {
            void next();
            throw new Error("on purpose");
          })
          .use(() => Promise.reject(new Error("on purpose, too"))),
      ),
      "(crash)",
    );
  });

  it("hands errors back to who awaits it, sync or async, to make good", async () => {
    for (const failing of [
      () => {
        throw new Error("on purpose");
      },
      () => Promise.reject(new Error("on purpose")),
    ]) {
      const said = await answer((bot) =>
        bot
          .use(async (_, next) => {
            try {
              await next();
              return "no error";
            } catch (error) {
              return (error as Error).message;
            }
          })
          .use(failing),
      );
      assert.equal(said, "on purpose");
    }
  });

  it("comes before what the handler itself returns", async () => {
    const said = await answer((bot) =>
      bot
        .use(async (_, next) => {
          await next();
          return "outer";
        })
        .use(() => "inner"),
    );
    assert.equal(said, "inner outer");
  });
});

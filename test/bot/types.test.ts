import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { Composer, type Context, defineBot, type Next, type Sent } from "../../src/bot/index.ts";
import type { Element, Iq, Message, Presence, Stanza } from "../../src/stanza/index.ts";

// The compiler is the judge here: a line that should not compile carries @ts-expect-error, and fails where it does.
describe("the types of a bot", () => {
  const bot = new Composer();

  it("are narrowed by filters", () => {
    bot.use((ctx) => {
      expectTypeOf(ctx).toEqualTypeOf<Context>();
      expectTypeOf(ctx.stanza).toEqualTypeOf<Stanza>();
      expectTypeOf(ctx.body).toEqualTypeOf<string | undefined>();
    });
    bot.on("message", (ctx) => {
      expectTypeOf(ctx.stanza).toEqualTypeOf<Message>();
      expectTypeOf(ctx.body).toEqualTypeOf<string | undefined>();
    });
    bot.on("message:body", (ctx) => expectTypeOf(ctx.body).toEqualTypeOf<string>() && undefined);
    bot.on("message:subject", (ctx) => expectTypeOf(ctx.subject).toEqualTypeOf<string>() && undefined);
    bot.on("message:error", (ctx) => expectTypeOf(ctx.stanza).toEqualTypeOf<Message>() && undefined);
    bot.on("presence", (ctx) => expectTypeOf(ctx.stanza).toEqualTypeOf<Presence>() && undefined);
    bot.on("presence:subscribe", (ctx) => expectTypeOf(ctx.stanza).toEqualTypeOf<Presence>() && undefined);
    for (const filter of ["iq", "iq:get", "iq:set:urn:example"] as const) {
      bot.on(filter, (ctx) => {
        expectTypeOf(ctx.stanza).toEqualTypeOf<Iq>();
        expectTypeOf(ctx.payload).toEqualTypeOf<Element>();
      });
    }
  });

  it("are what all of several filters have in common, and what nested ones have together", () => {
    bot.on(["message:body", "presence:subscribe"], (ctx) => {
      expectTypeOf(ctx.stanza).toEqualTypeOf<Message | Presence>();
      expectTypeOf(ctx.body).toEqualTypeOf<string | undefined>();
    });
    bot.on("message:groupchat").on("message:body", (ctx) => {
      expectTypeOf(ctx.stanza).toEqualTypeOf<Message>();
      expectTypeOf(ctx.body).toEqualTypeOf<string>();
    });
    bot
      .filter((ctx): ctx is Context & { readonly body: "yes" } => ctx.body === "yes")
      .use((ctx) => {
        expectTypeOf(ctx.body).toEqualTypeOf<"yes">();
      });
  });

  it("give hears its match and its body", () => {
    bot.hears(/x/, (ctx, next) => {
      expectTypeOf(ctx.match).toEqualTypeOf<RegExpMatchArray>();
      expectTypeOf(ctx.body).toEqualTypeOf<string>();
      expectTypeOf(ctx.stanza).toEqualTypeOf<Message>();
      expectTypeOf(next).toEqualTypeOf<Next>();
    });
    bot
      .on("message:groupchat")
      .hears("x", (ctx) => expectTypeOf(ctx.body).toEqualTypeOf<string>() && undefined);
    // @ts-expect-error only hears finds a match
    bot.on("message:body", (ctx) => ctx.match[0]);
  });

  it("do not know a wrong filter", () => {
    const wrong = (): void => {
      // @ts-expect-error no such part of a message
      bot.on("message:bodi", () => undefined);
      // @ts-expect-error no such type of presence
      bot.on("presence:away", () => undefined);
      // @ts-expect-error answers do not come this way
      bot.on("iq:result", () => undefined);
      // @ts-expect-error one of several
      bot.on(["message:body", "mesage"], () => undefined);
    };
    void wrong;
  });

  it("do not let a handler return what is no reply", () => {
    bot.on("message:body", (ctx) => ctx.body);
    bot.on("message:body", async (ctx) => (ctx.body === "" ? undefined : ctx.body));
    bot.on("message:body", (ctx) => ctx.stanza);
    bot.use((_, next) => next());
    // @ts-expect-error a number is no reply
    bot.on("message:body", (ctx) => ctx.body.length);
    // @ts-expect-error nor is one to come
    bot.on("message:body", async (ctx) => ctx.body.length);
    // @ts-expect-error nor is an object
    bot.hears("x", () => ({ body: "x" }));
    // @ts-expect-error nor is it a reply by hand
    bot.use(async (ctx) => await ctx.reply(1));
  });

  it("take the configuration of a bot from its schema", () => {
    const config = z.object({ city: z.string(), celsius: z.boolean().default(true) });
    defineBot({
      name: "weather",
      summary: "tells the weather",
      config,
      routes: (_, settings) => expectTypeOf(settings).toEqualTypeOf<{ city: string; celsius: boolean }>(),
      start: (started) => {
        expectTypeOf(started.config.city).toEqualTypeOf<string>();
        expectTypeOf(started.send).returns.resolves.toEqualTypeOf<Sent>();
      },
    });
    defineBot({
      name: "plain",
      summary: "has no configuration",
      // @ts-expect-error there is nothing to read
      routes: (_, settings) => void settings.city,
    });
    // @ts-expect-error a bot has a summary
    defineBot({ name: "silent", routes: () => undefined });
  });
});

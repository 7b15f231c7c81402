import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { Composer, type Context } from "../../../src/bot/index.ts";
import type { Element, Jid, Message, Presence, StanzaError } from "../../../src/stanza/index.ts";
import type { Departure, Occupant, Reactions, Role, SharedFile } from "../../../src/xep/index.ts";

// The compiler is the judge here: a line that should not compile carries @ts-expect-error, and fails where it does.
describe("the types that filters narrow to", () => {
  const bot = new Composer();

  it("have what a message tells", () => {
    bot.on("message:thread", (ctx) => void expectTypeOf(ctx.thread).toEqualTypeOf<string>());
    bot.on("message:correction", (ctx) => {
      expectTypeOf(ctx.correction.replaces).toEqualTypeOf<string>();
      expectTypeOf(ctx.correction.id).toEqualTypeOf<string | undefined>();
    });
    bot.on("message:reaction", (ctx) => void expectTypeOf(ctx.reaction).toEqualTypeOf<Reactions>());
    bot.on("message:reply", (ctx) => {
      expectTypeOf(ctx.replyTo.id).toEqualTypeOf<string>();
      expectTypeOf(ctx.unquoted).toEqualTypeOf<string | undefined>();
    });
    bot.on("message:file", (ctx) => void expectTypeOf(ctx.files[0]).toEqualTypeOf<SharedFile>());
    bot.on("message:invitation", (ctx) => void expectTypeOf(ctx.invitation.room).toEqualTypeOf<Jid>());
    bot.on("message:delayed", (ctx) => void expectTypeOf(ctx.delay.stamp).toEqualTypeOf<Date>());
    bot.on("message:mention", (ctx) => {
      expectTypeOf(ctx.mention).toEqualTypeOf<string>();
      expectTypeOf(ctx.body).toEqualTypeOf<string>();
    });
    bot.on("message:error", (ctx) => void expectTypeOf(ctx.error).toEqualTypeOf<StanzaError>());
  });

  it("have what a room tells of an occupant", () => {
    bot.on("presence:present", (ctx) => {
      expectTypeOf(ctx.stanza).toEqualTypeOf<Presence>();
      expectTypeOf(ctx.occupant).toEqualTypeOf<Occupant>();
    });
    bot.on("presence:changed", (ctx) => void expectTypeOf(ctx.before.role).toEqualTypeOf<Role>());
    bot.on("presence:left", (ctx) => void expectTypeOf(ctx.occupant.departure).toEqualTypeOf<Departure>());
    bot.on("presence:renamed", (ctx) => void expectTypeOf(ctx.occupant.newNick).toEqualTypeOf<string>());
    bot.on("presence:banned", (ctx) => void expectTypeOf(ctx.occupant.departure).toEqualTypeOf<"banned">());
  });

  it("have the payload of a request by namespace and name", () => {
    bot.on("iq:set:{urn:a}q", (ctx) => void expectTypeOf(ctx.payload).toEqualTypeOf<Element>());
  });

  it("are of both filters where one follows another, and of either where there are several", () => {
    bot.on("message:reply").on("message:mention", (ctx) => {
      expectTypeOf(ctx.replyTo.id).toEqualTypeOf<string>();
      expectTypeOf(ctx.mention).toEqualTypeOf<string>();
    });
    bot.on(["message:file", "presence:left"], (ctx) => {
      expectTypeOf(ctx.stanza).toEqualTypeOf<Message | Presence>();
      // @ts-expect-error only one of them has files
      void ctx.files;
    });
    bot
      .extend({ add: () => ({ tag: 1 }) })
      .on("message:private")
      .hears("a", (ctx) => {
        expectTypeOf(ctx.tag).toEqualTypeOf<number>();
        expectTypeOf(ctx.body).toEqualTypeOf<string>();
      });
  });

  it("have nothing that the filter does not promise", () => {
    // @ts-expect-error a plain message has no reaction
    bot.on("message", (ctx) => void ctx.reaction);
    // @ts-expect-error nor has one with a body a mention
    bot.on("message:body", (ctx) => void ctx.mention);
    // @ts-expect-error who is there has not left
    bot.on("presence:present", (ctx) => void ctx.occupant.departure.length);
    const wrong = (): void => {
      // @ts-expect-error no such filter
      bot.on("presence:come", () => undefined);
      // @ts-expect-error only requests are asked for by namespace
      bot.on("message:urn:a", () => undefined);
    };
    void wrong;
    bot.filter(
      // @ts-expect-error a test tells yes or no
      () => 1,
    );
    // A handler for less takes more, and none for more takes less.
    const narrow = (ctx: Context & { readonly thread: string }): string => ctx.thread;
    bot.on("message:thread", narrow);
    // @ts-expect-error there may be no thread
    bot.on("message:body", narrow);
  });
});

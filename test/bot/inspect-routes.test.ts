import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Composer, type Handler, inspectRoutes } from "../../src/bot/index.ts";

/** What is found, as kinds and routes. */
function found(routes: (bot: Composer) => unknown): string[] {
  const bot = new Composer();
  routes(bot);
  return inspectRoutes(bot).map(({ kind, route }) => `${kind}: ${route}`);
}

const say = (): string => "a";

describe("inspectRoutes", () => {
  it("finds filters that let nothing of another through", () => {
    assert.deepEqual(
      found((bot) => {
        const room = bot.on("message:groupchat");
        room.on("message:direct", say);
        room.on("presence", say);
        room.on("iq:get:urn:a", say);
        room.on(["message:private", "message:body"], say);
        bot.on("message:encrypted").hears("a", say);
        bot.on("iq:get:urn:a").on("iq:get:urn:b", say);
        bot.on("presence:left").on("presence:renamed", say);
        const inner = new Composer();
        inner.on("presence:self", say);
        bot.on("presence:contact").use(inner);
      }),
      [
        'impossible: on("message:groupchat") > on("message:direct")',
        'impossible: on("message:groupchat") > on("presence")',
        'impossible: on("message:groupchat") > on("iq:get:urn:a")',
        'impossible: on("message:encrypted") > hears("a")',
        'impossible: on("iq:get:urn:a") > on("iq:get:urn:b")',
        'impossible: on("presence:left") > on("presence:renamed")',
        'impossible: on("presence:contact") > on("presence:self")',
      ],
    );
  });

  it("finds the same once more", () => {
    assert.deepEqual(
      found((bot) => {
        bot.hears("help", say);
        bot.hears(" HELP", say);
        bot.hears(/a/, say);
        bot.hears(/a/, say);
        bot.hears(/a/i, say);
        bot.on("presence:subscribe", say);
        bot.on("presence:subscribe", say);
        bot.on(["iq:get:urn:a", "iq:get:urn:b"], say);
        bot.on(["iq:get:urn:b", "iq:get:urn:a"], say);
      }),
      [
        'unreachable: hears(" HELP")',
        "duplicate: hears(/a/)",
        'duplicate: on("presence:subscribe")',
        'unreachable: on(["iq:get:urn:b","iq:get:urn:a"])',
      ],
    );
  });

  it("finds what is behind a handler that keeps all that would come", () => {
    assert.deepEqual(
      found((bot) => {
        bot.on("message:groupchat").on("message:body", say);
        bot.on("message:body").on("message:groupchat").hears("a", say);
        bot.on("message:body").use(new Composer().on("message:direct", say));
        bot.on("message:direct").on("message:reply").on("message:body", say);
        bot
          .boundary(say)
          .extend({ add: () => ({}) })
          .use(say);
        bot.use((ctx) => ctx.body);
        bot.on("presence", say);
      }),
      [
        'unreachable: on("message:body") > on("message:groupchat")',
        'unreachable: on("message:direct") > on("message:reply") > on("message:body")',
        "unreachable: use()",
        'unreachable: on("presence")',
      ],
    );
    assert.deepEqual(
      found((bot) => bot.use(new Composer().use(say)).use(new Composer().hears("a", say))),
      ['unreachable: hears("a")'],
    );
  });

  it("says nothing where it cannot know", () => {
    const knows: Handler<object>[] = [
      (_, next) => next(),
      (_, _next) => "a",
      (...all) => all[1](),
      function () {
        // biome-ignore lint/complexity/noArguments: the very thing
        return arguments[1]();
      },
      say.bind(undefined),
      (_: object, next: unknown = say) => String(next),
    ];
    for (const handler of knows)
      assert.deepEqual(
        found((bot) => bot.use(handler).use(say)),
        [],
        String(handler),
      );
    assert.deepEqual(
      found((bot) => {
        bot.filter(() => true, say);
        bot.branch("message:body", say, say);
        bot.route(() => "a" as const, { a: say }, say);
        bot.lazy(() => say);
        bot.on("message:body", say);
        bot.on("message", say);
        bot.on(["message", "presence"], say);
        bot.on("presence:available", (_, next) => next());
      }),
      ['unreachable: on("presence:available")'],
    );
  });

  it("knows the handlers that take no next, however they are written", () => {
    const keeps: Handler<object>[] = [
      say,
      async () => "a",
      async function named() {
        return "a";
      },
      (_ctx) => "a",
      async (_ctx) => "a",
      ({ constructor: made }) => made.name,
      { method: () => "a" }.method,
    ];
    for (const handler of keeps)
      assert.deepEqual(
        found((bot) => bot.use(handler).use(say)),
        ["unreachable: use()"],
        String(handler),
      );
  });

  it("looks into the ways of a branch and a route, by what the branch knows", () => {
    assert.deepEqual(
      found((bot) => {
        const inner = new Composer();
        inner.on("message:direct", say);
        bot.branch("message:groupchat", inner, inner);
        const way = new Composer().use(say);
        way.hears("a", say);
        bot.route(() => "way" as const, { way });
      }),
      ['impossible: branch("message:groupchat") > on("message:direct")', 'unreachable: route() > hears("a")'],
    );
  });

  it("tells what is wrong and where", () => {
    const bot = new Composer();
    bot.hears("help", say);
    bot.hears("help", say);
    const [problem] = inspectRoutes(bot);
    const here = /inspect-routes\.test\.ts:(\d+)/;
    assert.match(
      problem?.message ?? "",
      /^hears\("help"\) at \/.*inspect-routes\.test\.ts:\d+ can never run: hears\("help"\) \(\/.*\) is the same, comes first, and hands nothing on; remove it/,
    );
    const lines = [...(problem?.message ?? "").matchAll(new RegExp(here, "g"))].map(([, line]) =>
      Number(line),
    );
    assert.equal((lines[0] ?? 0) - (lines[1] ?? 0), 1);
    assert.match(problem?.place ?? "", here);
  });
});

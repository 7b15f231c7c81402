import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReplyError } from "../../src/bot/index.ts";
import { HandlerTimeoutError, TIMEOUT_APOLOGY } from "../../src/dispatch/index.ts";
import { chat, ERROR, only, QUESTION, turns, WARN, world } from "./support.ts";

describe("a handler that takes too long", () => {
  it("is told by its signal; the person gets one apology, and the next in line his turn", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const reasons: unknown[] = [];
    const late: unknown[] = [];
    const { dispatcher, sender, log } = world(
      {
        echo: (bot) => {
          bot.hears("slow", async (ctx) => {
            await ctx.reply("one moment");
            await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
            reasons.push(ctx.signal.reason);
            await ctx.reply("late").catch((error: unknown) => late.push(error));
            throw new Error("nobody hears this any more");
          });
          bot.on("message:body", (ctx) => ctx.body);
        },
      },
      { timeout: 30_000 },
    );
    const outcomes = ["slow", "next"].map((body) => dispatcher.dispatch(chat(body)));
    t.mock.timers.tick(500);
    assert.deepEqual(await Promise.all(outcomes), [{ kind: "accepted" }, { kind: "accepted" }]);
    assert.deepEqual(sender.words, ["one moment"]);
    t.mock.timers.tick(29_500);
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["one moment", TIMEOUT_APOLOGY, "next"]);
    assert.ok(reasons[0] instanceof HandlerTimeoutError);
    assert.ok(late[0] instanceof ReplyError && /longer timeout/.test(late[0].message));
    assert.deepEqual(
      log.map(({ level, msg }) => [level, msg]),
      [
        [ERROR, "echo took too long over a stanza; its signal was fired"],
        [WARN, "a reply was refused"],
      ],
    );
  });

  it("is told before the apology has gone, which may take its time", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const { dispatcher, sender } = only(
      async (ctx) => {
        signals.push(ctx.signal);
        await gate.promise;
      },
      { timeout: 1_000 },
    );
    const apology = Promise.withResolvers<void>();
    sender.onSend = () => apology.promise;
    void dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    await turns();
    t.mock.timers.tick(500);
    await turns();
    assert.equal(signals[0]?.aborted, true);
    apology.resolve();
    await dispatcher.idle();
    assert.deepEqual(sender.words, [TIMEOUT_APOLOGY]);
    gate.resolve();
  });

  it("is answered inline where its timeout comes before the deadline, and where it is an IQ", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    for (const [request, timeout] of [
      [chat("slow"), 100],
      [QUESTION, 30_000],
    ] as const) {
      const gate = Promise.withResolvers<void>();
      const { dispatcher, sender } = only(() => gate.promise, { timeout });
      const outcome = dispatcher.dispatch(request);
      t.mock.timers.tick(timeout - 1);
      await turns();
      t.mock.timers.tick(1);
      assert.deepEqual(await outcome, { kind: "timeout", again: false });
      await dispatcher.idle();
      gate.resolve();
      assert.deepEqual(sender.sent, []);
    }
  });

  it("is told in words once, then in errors, so that two slow bots do not go on apologising", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { dispatcher, sender } = only(() => new Promise<void>(() => undefined), { timeout: 1_000 });
    for (const again of [false, true]) {
      const outcome = dispatcher.dispatch(chat("slow"));
      t.mock.timers.tick(500);
      await turns();
      assert.deepEqual(await outcome, { kind: "accepted" });
      t.mock.timers.tick(500);
      await dispatcher.idle();
      assert.deepEqual(sender.words, again ? [TIMEOUT_APOLOGY, "!remote-server-timeout"] : [TIMEOUT_APOLOGY]);
    }
  });

  it("comes early for all when the dispatcher is aborted: signals fire, and every sender is told", async () => {
    const signals: AbortSignal[] = [];
    const { dispatcher, sender } = only((ctx) => {
      signals.push(ctx.signal);
      return new Promise<void>(() => undefined);
    });
    const outcomes = [dispatcher.dispatch(chat("slow")), dispatcher.dispatch(QUESTION)];
    dispatcher.abort();
    await dispatcher.idle();
    assert.deepEqual(await Promise.all(outcomes), [
      { kind: "timeout", again: false },
      { kind: "timeout", again: false },
    ]);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
    assert.deepEqual(sender.sent, []);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ReplyError } from "../../src/bot/index.ts";
import { APOLOGY } from "../../src/dispatch/index.ts";
import { el, iq, message, presence, type Stanza, StanzaError } from "../../src/stanza/index.ts";
import { ACTIVE, chat, ERROR, only, QUESTION, stanza, turns, WARN, world } from "./support.ts";

const GROUPCHAT = stanza(
  "<message type='groupchat' id='g' from='room@rooms.example/nurse' to='echo@bots.example'><body>hello</body></message>",
);
const BOUNCE = stanza(
  "<message type='error' id='b' from='juliet@example.com' to='echo@bots.example'><body>hello</body><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
);
const PRESENCE = stanza("<presence type='subscribe' from='juliet@example.com' to='echo@bots.example'/>");

describe("a handler that fails", () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  before(() => process.on("unhandledRejection", listener));
  after(async () => {
    await turns();
    process.off("unhandledRejection", listener);
    assert.deepEqual(unhandled, []);
  });

  it("is logged with its stack, at once and later, whatever it throws", async () => {
    for (const thrown of [new TypeError("on purpose"), "a string", undefined, Object.create(null), 0n]) {
      for (const handle of [
        () => {
          throw thrown;
        },
        async () => {
          await turns();
          throw thrown;
        },
      ]) {
        const { dispatcher, log } = only(handle);
        assert.deepEqual(await dispatcher.dispatch(chat("hello")), { kind: "crash", again: false });
        assert.deepEqual(
          log.map(({ level, msg }) => [level, msg]),
          [[ERROR, "echo failed over a stanza"]],
        );
        if (thrown instanceof Error) assert.equal(log[0]?.err?.message, "on purpose");
      }
    }
  });

  it("does not keep back what was said before", async () => {
    const { dispatcher, sender } = only(async (ctx) => {
      await ctx.reply("one");
      await ctx.reply("two");
      throw new Error("on purpose");
    });
    assert.deepEqual(await dispatcher.dispatch(chat("hello")), { kind: "crash", again: false });
    assert.deepEqual(sender.words, ["one", "two"]);
  });

  it("does not keep anybody waiting behind it", async () => {
    const { dispatcher } = world({
      echo: (bot) => {
        bot.hears("crash", () => {
          throw new Error("on purpose");
        });
        bot.on("message:body", (ctx) => ctx.body);
      },
    });
    const outcomes = await Promise.all(["crash", "next"].map((body) => dispatcher.dispatch(chat(body))));
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ["crash", "reply"],
    );
  });

  it("apologises by POST when the callback was answered, after what was said before, and but once", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let index = 0;
    const { dispatcher, sender } = only(async (ctx) => {
      await ctx.reply("one");
      await gates[index++]?.promise;
      throw new Error("on purpose");
    });
    const outcomes = [dispatcher.dispatch(chat("first", "", ACTIVE)), dispatcher.dispatch(chat("second"))];
    t.mock.timers.tick(500);
    for (const { resolve } of gates) resolve();
    assert.deepEqual(await Promise.all(outcomes), [{ kind: "accepted" }, { kind: "accepted" }]);
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["one", APOLOGY, "one", "!internal-server-error"]);
    assert.ok(sender.sent[1]?.child("active", "http://jabber.org/protocol/chatstates"));
  });

  it("apologises although the deadline passes while what was said before is on its way", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const { dispatcher, sender } = only((ctx) => {
      void ctx.reply("one");
      throw new Error("on purpose");
    });
    sender.onSend = () => gate.promise;
    const outcome = dispatcher.dispatch(chat("hello"));
    await turns();
    t.mock.timers.tick(500);
    assert.deepEqual(await outcome, { kind: "accepted" });
    gate.resolve();
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["one", APOLOGY]);
  });

  it("is told by POST what its StanzaError says, unless a room would throw the bot out for it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    for (const [request, said] of [
      [chat("hello"), ["!item-not-found"]],
      [chat("hello", "", ACTIVE), ["<composing/>", "!item-not-found", "<active/>"]],
      [GROUPCHAT, []],
      [BOUNCE, []],
      [PRESENCE, []],
    ] as const) {
      const gate = Promise.withResolvers<void>();
      const { dispatcher, sender } = only(async () => {
        await gate.promise;
        throw new StanzaError("item-not-found");
      });
      const outcome = dispatcher.dispatch(request);
      t.mock.timers.tick(500);
      assert.deepEqual(await outcome, { kind: "accepted" });
      gate.resolve();
      await dispatcher.idle();
      assert.deepEqual(sender.words, said);
    }
  });

  it("throws a StanzaError for the sender, or has failed over one that it was sent itself", async () => {
    for (const request of [chat("hello"), GROUPCHAT, QUESTION, PRESENCE]) {
      const error = new StanzaError("item-not-found", { text: "There is no such city" });
      assert.deepEqual(
        await only(() => {
          throw error;
        }).dispatcher.dispatch(request),
        { kind: "error", error },
      );
      const asking = only(
        async (ctx) => await ctx.iq("db.example", "get", el("q", { xmlns: "urn:example" })),
      );
      asking.sender.onIq = () => {
        throw new StanzaError("forbidden", { received: true });
      };
      assert.equal((await asking.dispatcher.dispatch(request)).kind, "crash");
    }
  });

  it("learns from a ReplyError what does not answer what", async () => {
    const cases: readonly [Stanza, unknown, RegExp][] = [
      [QUESTION, "words", /an IQ is answered with its payload \(an element\) or an IQ/],
      [QUESTION, message({ body: "words" }), /to say something to the sender, use ctx\.send\(\)/],
      [QUESTION, presence(), /an IQ is answered with its payload/],
      [
        QUESTION,
        iq({ type: "get", id: "x" }, el("q", { xmlns: "urn:example" })),
        /to ask something back, use ctx\.iq\(\)/,
      ],
      [
        chat("hello"),
        iq({ type: "result", id: "x" }),
        /an IQ cannot answer a message; ask with ctx\.iq\(\) instead/,
      ],
      [PRESENCE, iq({ type: "result", id: "x" }), /an IQ cannot answer a presence/],
      [BOUNCE, "words", /an error is not answered, as that could go on for ever/],
      [GROUPCHAT, presence(), /a room takes presence for a change of nickname/],
      [GROUPCHAT, message({ type: "error" }), /throws out who sends it an error/],
    ];
    for (const [request, reply, text] of cases) {
      const { dispatcher, log } = only(() => reply);
      assert.equal((await dispatcher.dispatch(request)).kind, "crash");
      assert.equal(log[0]?.err?.type, "ReplyError");
      assert.match(log[0]?.err?.message ?? "", text);
      const failures: unknown[] = [];
      const floating = only((ctx) => {
        void ctx.reply(reply as string);
        ctx.reply(reply as string).catch((error: unknown) => failures.push(error));
      });
      assert.equal((await floating.dispatcher.dispatch(request)).kind, "silent");
      await turns();
      assert.ok(failures[0] instanceof ReplyError);
      assert.deepEqual(
        floating.log.map(({ level, msg }) => [level, msg]),
        Array(2).fill([WARN, "a reply was refused"]),
      );
    }
  });

  it("tells the branches that go on without it to stop, and takes nothing more of theirs", async () => {
    const gate = Promise.withResolvers<void>();
    const late: unknown[] = [];
    const signals: AbortSignal[] = [];
    const { dispatcher, sender } = only((ctx) => {
      signals.push(ctx.signal);
      void gate.promise.then(async () => {
        await ctx.reply("late").catch((error: unknown) => late.push(error));
        await ctx.send(ctx.from, "late").catch((error: unknown) => late.push(error));
      });
      throw new Error("on purpose");
    });
    await dispatcher.dispatch(chat("hello"));
    assert.equal(signals[0]?.aborted, true);
    gate.resolve();
    await turns();
    assert.equal(late.length, 2);
    for (const error of late)
      assert.ok(error instanceof ReplyError && /too late.*on purpose/.test(error.message));
    assert.deepEqual(sender.sent, []);
  });
});

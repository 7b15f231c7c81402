import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { APOLOGY } from "../../src/dispatch/index.ts";
import { ACTIVE, chat, only, stanza, turns, type World } from "./support.ts";

function clocked(t: TestContext): (milliseconds: number) => Promise<void> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async (milliseconds) => {
    t.mock.timers.tick(milliseconds);
    for (let turn = 0; turn < 5; turn += 1) await turns();
  };
}

/** A bot that says what it is told to, until it is told to end or to fail. */
function talker(): { at: World; say(words: string): Promise<void>; end(error?: Error): Promise<void> } {
  let told = Promise.withResolvers<string | undefined>();
  const at = only(async (ctx) => {
    for (;;) {
      const words = await told.promise;
      told = Promise.withResolvers();
      if (words === undefined) return;
      await ctx.reply(words);
    }
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await turns();
  };
  return {
    at,
    say: (words) => {
      told.resolve(words);
      return settle();
    },
    end: (error) => {
      if (error === undefined) told.resolve(undefined);
      else told.reject(error);
      return settle();
    },
  };
}

const TYPING = "<composing/>";

describe("typing", () => {
  it("is shown again to somebody who waits for long, and taken back at the end", async (t) => {
    const pass = clocked(t);
    const { at, end } = talker();
    void at.dispatcher.dispatch(chat("go", "", ACTIVE));
    await pass(500);
    await pass(30_000);
    assert.deepEqual(at.sender.words, [TYPING, TYPING]);
    await end();
    assert.deepEqual(at.sender.words, [TYPING, TYPING, "<active/>"]);
    await pass(50_000);
    assert.equal(at.sender.sent.length, 3);
  });

  it("is not shown for half a second where nothing rides inline, so that an answer that is there by then comes alone", async (t) => {
    const pass = clocked(t);
    const answered = Promise.withResolvers<string>();
    const at = only(() => answered.promise, { deadline: 0 });
    const outcome = at.dispatcher.dispatch(chat("go", "", ACTIVE));
    await pass(0);
    await outcome;
    await pass(499);
    assert.deepEqual(at.sender.words, []);
    await pass(1);
    assert.deepEqual(at.sender.words, [TYPING]);
    answered.resolve("there");
    await pass(0);
    assert.deepEqual(at.sender.words, [TYPING, "there"]);
  });

  it("is shown again three seconds after each reply of a handler that goes on, and not after the last", async (t) => {
    const pass = clocked(t);
    const { at, say, end } = talker();
    void at.dispatcher.dispatch(chat("go", "", ACTIVE));
    await pass(500);
    await say("one");
    await pass(2_999);
    assert.deepEqual(at.sender.words, [TYPING, "one"]);
    await pass(1);
    assert.deepEqual(at.sender.words, [TYPING, "one", TYPING]);
    await say("two");
    await say("three");
    await end();
    await pass(60_000);
    assert.deepEqual(at.sender.words, [TYPING, "one", TYPING, "two", "three"]);
  });

  it("is not shown where all is acknowledged at once and the answer is there soon", async (t) => {
    const pass = clocked(t);
    const gate = Promise.withResolvers<string>();
    const at = only((ctx) => (ctx.body === "slow" ? gate.promise : turns().then(() => "quick")), {
      ack: "durable",
    });
    await at.dispatcher.dispatch(chat("quick", "", ACTIVE));
    await pass(499);
    assert.deepEqual(at.sender.words, ["quick"]);
    await pass(5_000);
    await at.dispatcher.dispatch(chat("slow", "", ACTIVE));
    await pass(499);
    assert.deepEqual(at.sender.words, ["quick"]);
    await pass(1);
    assert.deepEqual(at.sender.words, ["quick", TYPING]);
    gate.resolve("slow");
    await at.dispatcher.idle();
    assert.deepEqual(at.sender.words, ["quick", TYPING, "slow"]);
  });

  it("is over when the handler fails", async (t) => {
    const pass = clocked(t);
    const { at, say, end } = talker();
    void at.dispatcher.dispatch(chat("go", "", ACTIVE));
    await pass(500);
    await say("one");
    await pass(3_000);
    await end(new Error("on purpose"));
    await pass(60_000);
    assert.deepEqual(at.sender.words, [TYPING, "one", TYPING, APOLOGY]);
    assert.match(
      String(at.sender.sent.at(-1)?.element.child("active", "http://jabber.org/protocol/chatstates")?.name),
      /active/,
    );
  });

  it("is not shown to a room, nor to who does not show their own", async (t) => {
    const pass = clocked(t);
    const room = stanza(
      `<message type='groupchat' id='g' from='hall@rooms.example/Juliet' to='echo@bots.example'><body>go</body>${ACTIVE}</message>`,
    );
    for (const request of [room, chat("go")]) {
      const { at, say, end } = talker();
      void at.dispatcher.dispatch(request);
      await pass(500);
      await say("one");
      await pass(31_000);
      await end();
      assert.deepEqual(at.sender.words, ["one"]);
    }
  });
});

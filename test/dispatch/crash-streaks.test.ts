import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CrashStreaks } from "../../src/dispatch/crash-streaks.ts";
import { chat, only, QUESTION, stanza } from "./support.ts";

describe("CrashStreaks", () => {
  it("remembers a crash for as long as its window, and not of another conversation", () => {
    let now = 0;
    const streaks = new CrashStreaks(1_000, 10, () => now);
    assert.equal(streaks.crashed("a"), false);
    assert.equal(streaks.crashed("b"), false);
    now = 999;
    assert.equal(streaks.crashed("a"), true);
    now = 1_999;
    assert.equal(streaks.crashed("a"), false);
    streaks.recovered("a");
    assert.equal(streaks.crashed("a"), false);
  });

  it("forgets the conversation that crashed longest ago when it holds too many", () => {
    const streaks = new CrashStreaks(1_000, 2, () => 0);
    for (const conversation of ["a", "b", "a", "c"]) streaks.crashed(conversation);
    assert.equal(streaks.crashed("a"), true);
    assert.equal(streaks.crashed("b"), false);
    assert.equal(new CrashStreaks(1_000, 0, () => 0).crashed("a"), false);
  });

  it("goes by messages that a handler looked at: nothing else starts a streak or ends one", async () => {
    const { dispatcher } = only((ctx, next) => {
      if (ctx.body === "typing") return next();
      if (ctx.body === "fine" || ctx.stanza.element.attr("type") === "unavailable") return undefined;
      throw new Error("on purpose");
    });
    const presence = stanza("<presence from='juliet@example.com/balcony' to='echo@bots.example'/>");
    const gone = stanza(
      "<presence type='unavailable' from='juliet@example.com/balcony' to='echo@bots.example'/>",
    );
    const crash = async (of = chat("crash")) => await dispatcher.dispatch(of);
    assert.deepEqual(await crash(QUESTION), { kind: "crash", again: false });
    assert.deepEqual(await crash(presence), { kind: "crash", again: false });
    assert.deepEqual(await crash(), { kind: "crash", again: false });
    assert.deepEqual(await dispatcher.dispatch(chat("typing")), { kind: "unhandled" });
    assert.deepEqual(await dispatcher.dispatch(gone), { kind: "silent" });
    assert.deepEqual(await crash(), { kind: "crash", again: true });
    assert.deepEqual(await dispatcher.dispatch(chat("fine")), { kind: "silent" });
    assert.deepEqual(await crash(), { kind: "crash", again: false });
  });
});

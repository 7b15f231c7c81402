import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Breaker } from "../../src/dispatch/breaker.ts";

describe("a breaker", () => {
  const at = { now: 0 };
  const make = (): Breaker => {
    at.now = 1_000_000;
    return new Breaker({ failures: 3, conversations: 2, within: 1_000, pause: 5_000 }, () => at.now);
  };
  const fail = (breaker: Breaker, ...conversations: string[]): number[] =>
    conversations.map((conversation) => breaker.failed(conversation));

  it("pauses a bot that fails so many times in a row, for several people", () => {
    const breaker = make();
    assert.deepEqual(fail(breaker, "a", "b", "a"), [0, 0, 5_000]);
    assert.equal(breaker.admits(), false);
  });

  it("leaves alone one that fails over one person's input alone, however often", () => {
    const breaker = make();
    assert.deepEqual(fail(breaker, ..."aaaaaaaaaa"), Array(10).fill(0));
    assert.deepEqual(fail(breaker, "b"), [5_000], "and not longer");
  });

  it("forgets failures over something done well, and those of long ago", () => {
    const breaker = make();
    fail(breaker, "a", "b");
    breaker.worked();
    assert.deepEqual(fail(breaker, "a", "b"), [0, 0]);
    at.now += 1_000;
    assert.deepEqual(fail(breaker, "a", "b"), [0, 0]);
    assert.equal(breaker.admits(), true);
  });

  it("tries one stanza after the pause, and doubles that if it fails, up to ten minutes", () => {
    const breaker = make();
    fail(breaker, "a", "b", "a");
    let pause = 5_000;
    for (const next of [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]) {
      at.now += pause - 1;
      assert.equal(breaker.admits(), false);
      at.now += 1;
      assert.deepEqual([breaker.admits(), breaker.admits()], [true, false], "one at a time");
      assert.equal(breaker.failed("a"), next);
      pause = next;
    }
  });

  it("is closed by a trial that goes well, and waits for another where one says nothing", () => {
    const breaker = make();
    fail(breaker, "a", "b", "a");
    at.now += 5_000;
    assert.equal(breaker.admits(), true);
    breaker.passed();
    assert.equal(breaker.admits(), true);
    assert.equal(breaker.worked(), true);
    assert.deepEqual([breaker.admits(), breaker.admits(), breaker.isOpen], [true, true, false]);
    assert.deepEqual(fail(breaker, "a", "b", "a"), [0, 0, 5_000], "the first pause again");
  });
});

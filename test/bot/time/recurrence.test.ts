import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { recurrence } from "../../../src/bot/time/recurrence.ts";
import { dueAt } from "../../../src/bot/time/when.ts";

/** The runs of a cron expression in Berlin from one time on. */
function runs(expression: string, from: string, count: number): string[] {
  const { next } = recurrence(expression, "Europe/Berlin");
  const times: string[] = [];
  for (let at = Date.parse(from); times.length < count; ) {
    at = next(at) as number;
    times.push(new Date(at).toISOString().slice(0, 16));
  }
  return times;
}

describe("a recurrence", () => {
  it("keeps its time of day when the clocks change", () => {
    assert.deepEqual(runs("0 9 * * *", "2026-03-28T00:00Z", 3), [
      "2026-03-28T08:00",
      "2026-03-29T07:00",
      "2026-03-30T07:00",
    ]);
    assert.deepEqual(runs("0 9 * * *", "2026-10-24T00:00Z", 3), [
      "2026-10-24T07:00",
      "2026-10-25T08:00",
      "2026-10-26T08:00",
    ]);
  });

  it("runs once, right after the hour that is left out, when the clocks go forward", () => {
    assert.deepEqual(runs("30 2 * * *", "2026-03-28T00:00Z", 3), [
      "2026-03-28T01:30",
      "2026-03-29T01:00",
      "2026-03-30T00:30",
    ]);
  });

  it("runs once in the hour that comes twice, when the clocks go back", () => {
    assert.deepEqual(runs("30 2 * * *", "2026-10-24T12:00Z", 2), ["2026-10-25T00:30", "2026-10-26T01:30"]);
  });

  it("that goes by minutes goes on through both changes", () => {
    assert.deepEqual(runs("*/30 * * * *", "2026-03-29T00:30Z", 3), [
      "2026-03-29T01:00",
      "2026-03-29T01:30",
      "2026-03-29T02:00",
    ]);
    assert.deepEqual(runs("*/30 * * * *", "2026-10-25T00:00Z", 4), [
      "2026-10-25T00:30",
      "2026-10-25T01:00",
      "2026-10-25T01:30",
      "2026-10-25T02:00",
    ]);
  });

  it("always comes later, and at multiples of a duration", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1_000, max: 1e9 }), (at, interval) => {
        const next = recurrence(interval, "UTC").next(at) as number;
        assert.ok(next > at && next <= at + interval && next % interval === 0);
        assert.ok((recurrence("*/7 3 * * 2", "America/New_York").next(at) as number) > at);
      }),
      { numRuns: 200 },
    );
  });

  it("that is never due, makes no sense, or is too often, says so", () => {
    assert.equal(recurrence("0 0 30 2 *", "UTC").next(0), undefined);
    assert.throws(() => recurrence("nine o'clock", "UTC"), {
      name: "TypeError",
      message: /neither a duration/,
    });
    assert.throws(() => recurrence("0 9 * * *", "Europe/Verona"), { name: "RangeError", message: /Verona/ });
    assert.throws(() => recurrence("10ms", "UTC"), { name: "RangeError", message: /too often/ });
  });
});

describe("a time to come", () => {
  it("is read as a delay, a duration, or a date", () => {
    assert.equal(dueAt(500, 1_000), 1_500);
    assert.equal(dueAt("1h30m", 1_000), 5_401_000);
    assert.equal(dueAt(new Date(7_000), 1_000), 7_000);
    assert.equal(dueAt("2026-12-24T18:00:00+01:00", 0), Date.UTC(2026, 11, 24, 17));
  });

  for (const wrong of [
    "soon",
    "2026-12-24T18:00",
    "5",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    new Date("x"),
  ]) {
    it(`is not ${String(wrong)}`, () => {
      assert.throws(() => dueAt(wrong, 0), { name: "TypeError", message: /no time to come/ });
    });
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readDate } from "../../../src/bot/commands/dates.ts";
import { LONGEST_DURATION, readDuration, writeDuration } from "../../../src/bot/commands/durations.ts";

describe("a duration", () => {
  for (const [text, expected] of Object.entries({
    "1h30m": 5_400_000,
    "90s": 90_000,
    "1h 30m": 5_400_000,
    "2 days": 172_800_000,
    "1.5 h": 5_400_000,
    "1,5h": 5_400_000,
    "1 hour, 5 min": 3_900_000,
    "3 Tage": 259_200_000,
    "250ms": 250,
    PT1H30M: 5_400_000,
    P1DT2S: 86_402_000,
    P2W: 1_209_600_000,
    "0s": 0,
  })) {
    it(`is ${text}`, () => assert.equal(readDuration(text), expected));
  }

  for (const text of [
    "",
    "90",
    "soon",
    "1h tea",
    "1h5",
    "-1h",
    "h",
    "P",
    "PT",
    "P1DT",
    "101 years",
    "5215w",
    "1e3s",
    `${"1h".repeat(60)}`,
  ]) {
    it(`is not ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(readDuration(text), undefined));
  }

  it("comes back as it was written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_DURATION }), (length) => {
        assert.equal(readDuration(writeDuration(length)), length);
      }),
    );
    assert.equal(writeDuration(5_400_000), "1h30m");
  });
});

describe("a date", () => {
  const berlin = { now: Date.parse("2026-11-21T02:00:00Z"), zone: "Europe/Berlin" };
  const read = async (text: string, more = {}): Promise<string | undefined> =>
    (await readDate(text, { ...berlin, ...more }))?.toISOString();

  for (const [text, expected] of Object.entries({
    "tomorrow 9:00": "2026-11-22T08:00:00.000Z",
    "2026-12-24": "2026-12-23T23:00:00.000Z",
    "2026-12-24 18:30": "2026-12-24T17:30:00.000Z",
    "2026-12-24T18:30Z": "2026-12-24T18:30:00.000Z",
    "in 2 hours": "2026-11-21T04:00:00.000Z",
    "9:00": "2026-11-21T08:00:00.000Z",
    "2:00": "2026-11-22T01:00:00.000Z",
    "24.12.2026": "2026-12-23T23:00:00.000Z",
    "2027-07-01 12:00": "2027-07-01T10:00:00.000Z",
    "2027-03-28 12:00": "2027-03-28T10:00:00.000Z",
  })) {
    it(`is ${text}, where it is meant`, async () => assert.equal(await read(text), expected));
  }

  it("is meant in its zone", async () => {
    assert.equal(await read("2026-12-24", { zone: "America/New_York" }), "2026-12-24T05:00:00.000Z");
    assert.equal(await read("2026-12-24", { zone: "Asia/Kolkata" }), "2026-12-23T18:30:00.000Z");
  });

  it("is understood in the language of who writes, and in English", async () => {
    assert.equal(await read("morgen 9:00", { lang: "de-AT" }), "2026-11-22T08:00:00.000Z");
    assert.equal(await read("tomorrow 9:00", { lang: "de" }), "2026-11-22T08:00:00.000Z");
    assert.equal(await read("morgen 9:00"), undefined);
    assert.equal(await read("tomorrow 9:00", { lang: "__proto__" }), "2026-11-22T08:00:00.000Z");
  });

  for (const text of ["tea", "tomorrow tea", "", "tomorrow".repeat(20), "9:00 to 10:00"]) {
    it(`is not ${JSON.stringify(text.slice(0, 20))}`, async () => assert.equal(await read(text), undefined));
  }
});

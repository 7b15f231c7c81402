import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { splitText } from "../../../src/bot/index.ts";

const split = (text: string, maxBytes: number): string[] => [...splitText(text, { maxBytes })];
const bare = (text: string): string => text.replaceAll(/\s/g, "");
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const characters = (text: string): string[] => [...GRAPHEMES.segment(text)].map(({ segment }) => segment);

describe("splitText", () => {
  it("leaves alone what is short enough", () => {
    assert.deepEqual(split("one\n\ntwo ", 64), ["one\n\ntwo "]);
    assert.deepEqual(split("", 64), []);
    assert.throws(() => splitText("one", { maxBytes: 63 }), /from 64 up/);
  });

  it("cuts between paragraphs, else lines, else sentences, else words, else characters", () => {
    const words = "word ".repeat(9).trim();
    assert.deepEqual(split(`${words}.\n\n${words}\nline`, 64), [`${words}.`, `${words}\nline`]);
    assert.deepEqual(split(`${words}\n${words} and more`, 64), [words, `${words} and more`]);
    assert.deepEqual(split(`${words}! ${words} and more`, 64), [`${words}!`, `${words} and more`]);
    assert.deepEqual(split(`${words} ${words}`, 64), ["word ".repeat(12).trim(), "word ".repeat(6).trim()]);
    assert.deepEqual(split("x".repeat(130), 64), ["x".repeat(60), "x".repeat(60), "x".repeat(10)]);
    assert.deepEqual(split("。".repeat(30), 64), ["。".repeat(20), "。".repeat(10)]);
  });

  it("never cuts what is seen as one character, unless it is longer than a message", () => {
    const family = "👩‍👩‍👧‍👦";
    assert.deepEqual(split(family.repeat(4), 64), [family.repeat(2), family.repeat(2)]);
    const accented = ` \u0301${"y".repeat(40)}`;
    assert.ok(split(`${"x".repeat(40)}${accented}`, 64)[0]?.startsWith(`${"x".repeat(40)} \u0301y`));
    const endless = `e${"\u0301".repeat(100)}`;
    assert.equal(split(endless, 64).join(""), endless);
  });

  it("closes a code block at a cut and opens it again, with its indentation", () => {
    const line = `  ${"y".repeat(28)}`;
    const text = `Look:\n\`\`\`ts\n${line}\n${line}\n${line}\n\`\`\`\nThat was it, and it was all of it.`;
    assert.deepEqual(split(text, 64), [
      `Look:\n\`\`\`ts\n${line}\n\`\`\``,
      `\`\`\`ts\n${line}\n\`\`\``,
      `\`\`\`ts\n${line}\n\`\`\``,
      "That was it, and it was all of it.",
    ]);
    const long = `\`\`\`${"l".repeat(30)}\n${line}\n${line}\n\`\`\``;
    assert.equal(split(long, 64)[1]?.startsWith("```\n  y"), true, "not with an opening that is too long");
  });

  it("keeps every word of any text, within the bound, between characters", () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 30 }),
        fc.constantFrom(" ", "\n", "\n\n", ". ", "word", "🏳️‍🌈", "é", "。"),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 64, max: 200 }), (pieces, maxBytes) => {
        const whole = pieces.join("").replaceAll("`", "'");
        const parts = split(whole, maxBytes);
        assert.equal(bare(parts.join("")), bare(whole));
        for (const part of parts) assert.ok(Buffer.byteLength(part) <= maxBytes && part.trim() !== "");
        const longest = Math.max(0, ...characters(whole).map((each) => Buffer.byteLength(each)));
        if (longest <= 24) {
          const seen = parts.flatMap(characters).filter((each) => each.trim() !== "");
          assert.deepEqual(
            seen.map(bare),
            characters(whole)
              .map(bare)
              .filter((each) => each !== ""),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leaves no code block open, and none of its lines out", () => {
    const block = fc.record({
      before: fc.lorem({ maxCount: 12 }),
      language: fc.constantFrom("", "ts", " diff"),
      code: fc.array(fc.stringMatching(/^ {0,4}[a-z]{1,40}$/), { maxLength: 8 }),
    });
    const outside = (text: string): string =>
      bare(
        text
          .split("\n")
          .filter((line) => !line.startsWith("```"))
          .join(""),
      );
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 6 }),
        fc.integer({ min: 64, max: 300 }),
        (blocks, maxBytes) => {
          const whole = blocks
            .map(({ before, language, code }) => [before, `\`\`\`${language}`, ...code, "```"].join("\n"))
            .join("\n");
          const parts = split(whole, maxBytes);
          assert.equal(parts.map(outside).join(""), outside(whole));
          for (const part of parts) {
            assert.ok(Buffer.byteLength(part) <= maxBytes, part);
            const fences = part.split("\n").filter((line) => line.startsWith("```"));
            assert.equal(fences.length % 2, 0, part);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

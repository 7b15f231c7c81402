import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { quoteWord, splitWords } from "../../../src/bot/commands/words.ts";

const texts = (line: string): string[] => splitWords(line).map(({ text }) => text);
const flags = (line: string): unknown[] =>
  splitWords(line).map(({ flag }) => flag && [flag.name, flag.value]);

describe("the words of a line", () => {
  it("stand between white space of any kind", () => {
    assert.deepEqual(texts("  remind\t1h\n tea\u00a0now "), ["remind", "1h", "tea", "now"]);
    assert.deepEqual(texts(""), []);
  });

  for (const [what, line] of Object.entries({
    straight: 'a "b  c" d',
    single: "a 'b  c' d",
    German: "a „b  c“ d",
    English: "a “b  c” d",
    French: "a «b  c» d",
    "English single": "a ‘b  c’ d",
    "German single": "a ‚b  c‘ d",
    "reversed angled": "a »b  c« d",
  })) {
    it(`are held together by ${what} quotes`, () => assert.deepEqual(texts(line), ["a", "b  c", "d"]));
  }

  it("keep their apostrophes and quotes that do not close", () => {
    assert.deepEqual(texts("don't say 'tis \"so"), ["don't", "say", "'tis", '"so']);
    assert.deepEqual(texts("'twas rock'n'roll"), ["'twas", "rock'n'roll"]);
  });

  it("take a backslash before a quote or a backslash, in quotes only", () => {
    assert.deepEqual(texts(String.raw`"a \"b\" \\ \n" C:\temp`), [
      String.raw`a "b" \ \n`,
      String.raw`C:\temp`,
    ]);
  });

  it("may be flags, unless they stand in quotes", () => {
    assert.deepEqual(flags('--loud --in=1h --say="a b" —dash "--not" -- -5 --5'), [
      ["loud", undefined],
      ["in", "1h"],
      ["say", "a b"],
      ["dash", undefined],
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are no more than asked for", () => assert.equal(splitWords("a ".repeat(1_000), 10).length, 10));

  it("come back from quotes as they were", () => {
    const anything = fc.string({ unit: fc.constantFrom(..."ab \\\"'„“”«»‘’-=—\n\t€") });
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, fc.string({ unit: "binary" }))), (words) => {
        const split = splitWords(words.map(quoteWord).join(" "));
        assert.deepEqual(
          split.map(({ text }) => text),
          words,
        );
        assert.ok(split.every(({ flag }) => flag === undefined));
      }),
      { numRuns: 2_000 },
    );
  });

  it("stand where they say, whatever the line", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab \\\"'„“”-=") }), (line) => {
        let end = 0;
        for (const word of splitWords(line)) {
          assert.match(line.slice(end, word.start), /^\s*$/);
          assert.ok(word.end > word.start);
          if (!word.quoted && word.flag === undefined)
            assert.equal(line.slice(word.start, word.end), word.text);
          ({ end } = word);
        }
        assert.match(line.slice(end), /^\s*$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("cost no more than twice as many as half of them, quotes that do not close included", () => {
    const reads = (count: number): number => {
      let read = 0;
      const line = '"a '.repeat(count);
      const watched = new Proxy(new String(line), {
        get: (of, key) => {
          if (key === "charAt") read += 1;
          const value = Reflect.get(of, key) as unknown;
          return typeof value === "function" ? value.bind(of) : value;
        },
      });
      splitWords(watched as unknown as string);
      return read;
    };
    assert.ok(reads(2_000) < 2.1 * reads(1_000));
  });
});

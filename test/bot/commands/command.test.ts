import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { type Command, command } from "../../../src/bot/commands/command.ts";
import { arg } from "../../../src/bot/commands/kinds.ts";
import { quoteWord } from "../../../src/bot/commands/words.ts";
import { Jid } from "../../../src/stanza/index.ts";

const berlin = { now: Date.parse("2026-11-21T02:00:00Z"), zone: "Europe/Berlin" };

async function read(of: Command, line: string): Promise<unknown> {
  const result = await of.read(line, berlin);
  return result.ok ? result.args : result.problems.map(({ text }) => text).join(" / ");
}

const remind = command({
  name: "remind",
  summary: "reminds you",
  args: z.object({ in: arg.duration().min(1_000), text: z.string(), loud: z.boolean().default(false) }),
  positional: ["in", "text"],
  rest: "text",
  run: () => undefined,
});

const order = command({
  name: "order",
  summary: "orders",
  args: z.object({
    what: z.enum(["Pizza", "Pasta"]),
    count: z.int().min(1).max(9).default(1),
    price: z.number().optional(),
    dryRun: z.boolean().optional(),
    topping: z.array(z.string().max(8)).max(2).optional(),
    to: arg.jid().optional(),
    when: arg.date().optional(),
    size: z.union([z.literal(1), z.literal(2)]).optional(),
    code: z
      .string()
      .regex(/^\d+$/, "has to be the number on your card")
      .transform((text) => text.length)
      .optional(),
  }),
  positional: ["what", "count"],
  run: () => undefined,
});

describe("the arguments of a command", () => {
  it("stand in their places, the rest of the line as it was written", async () => {
    const said = (text: string, loud = false): unknown => ({ in: 3_600_000, text, loud });
    assert.deepEqual(await read(remind, "1h tea"), said("tea"));
    assert.deepEqual(await read(remind, "1h  green   tea,\n“now”! "), said("green   tea,\n“now”!"));
    assert.deepEqual(await read(remind, '1h "green tea"'), said("green tea"));
    assert.deepEqual(await read(remind, "'1h' don't"), said("don't"));
    assert.deepEqual(await read(remind, "30m 30m tea"), said("tea"));
    assert.deepEqual(await read(remind, "1 hour 5 apples"), said("5 apples"));
  });

  it("may be flags, before the rest of the line or at its end, and not within it", async () => {
    const said = (text: string, loud = true): unknown => ({ in: 3_600_000, text, loud });
    for (const line of [
      "--loud 1h tea",
      "1h --loud tea",
      "1h tea --loud",
      "1h tea --LOUD",
      "1h tea --loud=yes",
      "1h tea —loud",
    ])
      assert.deepEqual(await read(remind, line), said("tea"), line);
    assert.deepEqual(await read(remind, "1h tea --no-loud"), said("tea", false));
    assert.deepEqual(
      await read(remind, "1h run it --loud with force"),
      said("run it --loud with force", false),
    );
    assert.deepEqual(await read(remind, "1h run --it"), said("run --it", false));
    assert.deepEqual(await read(remind, "1h -- run --loud"), said("run --loud", false));
    assert.deepEqual(await read(remind, '1h "--loud"'), said("--loud", false));
    assert.deepEqual(await read(remind, "--in 1h tea --loud"), said("tea"));
  });

  it("become what the schema says", async () => {
    assert.deepEqual(
      await read(
        order,
        'pizza 2 --price 2.50 --dry-run --topping ham --topping="two words" --to xmpp:Juliet@Example.com --when "tomorrow 9:00" --size 2 --code 0815',
      ),
      "--topping has to be at most 8 characters long",
    );
    assert.deepEqual(
      await read(
        order,
        'pizza 2 --price 2.50 --dry-run --topping ham --topping="an egg" --to xmpp:Juliet@Example.com --when "tomorrow 9:00" --size 2 --code 0815',
      ),
      {
        what: "Pizza",
        count: 2,
        price: 2.5,
        dryRun: true,
        topping: ["ham", "an egg"],
        to: Jid.parse("juliet@example.com"),
        when: new Date("2026-11-22T08:00:00Z"),
        size: 2,
        code: 4,
      },
    );
    assert.deepEqual(await read(order, "pasta"), { what: "Pasta", count: 1 });
  });

  for (const [line, expected] of Object.entries({
    "": "<what> is missing",
    pizzza: "<what> has to be Pizza or Pasta, not “pizzza”; did you mean Pizza?",
    "pizza two": "<count> has to be a whole number, not “two”",
    "pizza 10": "<count> has to be at most 9",
    "pizza 0": "<count> has to be at least 1",
    "pizza 1.5": "<count> has to be a whole number",
    "pizza 1e1": "<count> has to be a whole number, not “1e1”",
    "pizza 1 2 3": "“2” is one word too many; put quotes around words that belong together",
    "pizza --dryrum": "there is no “--dryrum”; did you mean --dry-run?",
    "pizza --price": "--price needs a value behind it",
    "pizza --price 1 --price 2": "--price was given twice",
    "pizza --dry-run=perhaps": "--dry-run has to be yes or no, not “perhaps”",
    "pizza --to @": "--to has to be an address, such as juliet@example.com, not “@”",
    "pizza --when never": "--when has to be a date, such as tomorrow 9:00 or 2026-12-24, not “never”",
    "pizza --size 3": "--size has to be 1 or 2, not “3”",
    "pizza --code x": "--code has to be the number on your card",
    "pizza --topping a --topping b --topping c": "--topping has to be at most 2 values",
    "pizza --__proto__ x --constructor=y":
      "there is no “--__proto__” / there is no “--constructor” / <count> has to be a whole number, not “x”",
    "soup --count many":
      "<what> has to be Pizza or Pasta, not “soup” / <count> has to be a whole number, not “many”",
  })) {
    it(`say what is wrong with ${JSON.stringify(line)}`, async () =>
      assert.equal(await read(order, line), expected));
  }

  it("say what a duration must be as one", async () => {
    assert.equal(await read(remind, "1ms tea"), "<in> has to be at least 1s");
    assert.equal(
      await read(remind, "soon tea"),
      "<in> has to be a duration, such as 1h30m or 90s, not “soon”",
    );
    assert.equal(await read(remind, "1h"), "<text> is missing");
  });

  it("repeat little of what was written, in one line", async () => {
    assert.equal(
      await read(order, `"a\nb${"x".repeat(1_000)}"`),
      `<what> has to be Pizza or Pasta, not “a b${"x".repeat(37)}…”`,
    );
  });

  it("may be several at the end", async () => {
    const sum = command({
      name: "sum",
      summary: "adds",
      args: z.object({ numbers: z.array(z.number()).min(1) }),
      rest: "numbers",
      run: () => undefined,
    });
    assert.deepEqual(await read(sum, "1 2.5 -3"), { numbers: [1, 2.5, -3] });
    assert.equal(await read(sum, ""), "<numbers> has to be at least 1 values");
    assert.equal(await read(sum, "1 two"), "<numbers> has to be a number, such as 2.5, not “two”");
  });

  it("are flags with values at the end of the rest, and words before them", async () => {
    const note = command({
      name: "note",
      summary: "notes",
      args: z.object({ text: z.string(), tag: z.string().optional(), loud: z.boolean().optional() }),
      rest: "text",
      run: () => undefined,
    });
    assert.deepEqual(await read(note, "buy milk --tag home --loud"), {
      text: "buy milk",
      tag: "home",
      loud: true,
    });
    assert.deepEqual(await read(note, "buy milk --tag --loud"), { text: "buy milk", tag: "--loud" });
    assert.deepEqual(await read(note, "buy milk --tag"), { text: "buy milk --tag" });
  });

  it("are checked together where the schema does so", async () => {
    const range = command({
      name: "range",
      summary: "ranges",
      args: z
        .object({ from: z.number(), to: z.number() })
        .refine(({ from, to }) => from <= to, "the range ends before it begins"),
      positional: ["from", "to"],
      run: () => undefined,
    });
    assert.equal(await read(range, "2 1"), "the range ends before it begins");
  });

  it("are none where the command has none", async () => {
    const ping = command({ name: "ping", summary: "pings", run: () => undefined });
    assert.deepEqual(await read(ping, " "), {});
    assert.match(String(await read(ping, "x")), /one word too many/);
  });

  it("are bounded", async () => {
    assert.match(String(await read(remind, `1h ${"x".repeat(70_000)}`)), /more than can be read/);
    assert.match(String(await read(order, "pizza ".repeat(9_000))), /more than can be read/);
    const long = { in: 3_600_000, text: "a ".repeat(10_000).trim(), loud: false };
    assert.deepEqual(await read(remind, `1h ${long.text}`), long);
  });

  it("come back from what they are written as", async () => {
    const word = fc
      .string({ unit: fc.constantFrom(..."ab -\\\"'„“=") })
      .filter((text) => text.trim() === text && text !== "");
    await fc.assert(
      fc.asyncProperty(word, fc.boolean(), fc.boolean(), async (text, loud, first) => {
        const flag = loud ? "--loud" : "--no-loud";
        const line = first ? `${flag} 1h ${quoteWord(text)}` : `1h ${quoteWord(text)} ${flag}`;
        assert.deepEqual(await read(remind, line), { in: 3_600_000, text, loud });
      }),
      { numRuns: 500 },
    );
  });

  it("never fail otherwise than in words, whatever is written", async () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom(
          "--",
          "--loud",
          "--in",
          "--in=",
          "--no-loud",
          "--text",
          "—",
          "1h",
          "tea",
          '"',
          "„x“",
          "--no-loud=x",
        ),
        fc.string(),
      ),
    );
    await fc.assert(
      fc.asyncProperty(words, async (all) => {
        for (const of of [remind, order]) {
          const result = await of.read(all.join(" "), berlin);
          assert.ok(
            result.ok || result.problems.every(({ text }) => text.length < 300 && !text.includes("\n")),
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a form for a command", () => {
  it("has a field for each argument, and is read as words are", async () => {
    assert.deepEqual(
      order.fields.map(({ key, kind, required, multiple }) => [key, kind, required, multiple]),
      [
        ["what", "choice", true, false],
        ["count", "integer", false, false],
        ["price", "number", false, false],
        ["dryRun", "boolean", false, false],
        ["topping", "text", false, true],
        ["to", "jid", false, false],
        ["when", "date", false, false],
        ["size", "choice", false, false],
        ["code", "text", false, false],
      ],
    );
    const values = new Map([
      ["what", ["Pizza"]],
      ["count", [""]],
      ["dryRun", ["1"]],
      ["topping", ["ham", "egg"]],
      ["__proto__", ["x"]],
    ]);
    assert.deepEqual(await order.readForm(values, berlin), {
      ok: true,
      args: { what: "Pizza", count: 1, dryRun: true, topping: ["ham", "egg"] },
    });
    const wrong = await order.readForm(new Map([["count", ["10"]]]), berlin);
    assert.ok(!wrong.ok);
    assert.deepEqual(
      wrong.problems.map(({ field }) => field?.key),
      ["what", "count"],
    );
  });
});

describe("a command", () => {
  const run = (): undefined => undefined;
  const base = { name: "x", summary: "x", run };

  for (const name of ["", "Remind", "re mind", "!x", "1x", "x".repeat(33), "-x"]) {
    it(`cannot be called ${JSON.stringify(name)}`, () => {
      assert.throws(() => command({ ...base, name }), /cannot be called/);
      assert.throws(() => command({ ...base, aliases: [name] }), /cannot be called/);
    });
  }

  it("has arguments that words can become", () => {
    assert.throws(
      () => command({ ...base, args: z.object({ a: z.object({}) }) }),
      /cannot be read from words/,
    );
    assert.throws(
      () => command({ ...base, args: z.object({ a: z.array(z.array(z.string())) }) }),
      /cannot be read/,
    );
    assert.throws(() => command("start" as never), /one object: bot\.command\(\{ name: "start"/);
    assert.throws(() => command({ ...base, args: z.object({ "a b": z.string() }) }), /cannot be read/);
    assert.throws(
      () => command({ ...base, args: z.object({ dryRun: z.string(), dry_run: z.string() }) }),
      /would be called --dry-run/,
    );
  });

  it("has its arguments in places where they can be told apart", () => {
    const args = z.object({ a: z.string().optional(), b: z.string(), c: z.array(z.string()) });
    assert.throws(() => command({ ...base, args, positional: ["a", "b"] }), /nobody could tell them apart/);
    assert.throws(() => command({ ...base, args, positional: ["c"] }), /takes several values/);
    assert.throws(
      () => command({ ...base, args, positional: ["c", "b"], rest: "c" }),
      /is not its last argument/,
    );
    assert.throws(() => command({ ...base, args, positional: ["d" as "a"] }), /has no argument "d"/);
  });

  it("knows what its schema says through what is wrapped around it", () => {
    const { fields } = command({
      ...base,
      args: z.object({
        a: arg.duration().max(60_000).default(1_000).describe("how long"),
        b: z.string().describe("inner").optional(),
        c: z.string().trim().pipe(z.email()).nullable(),
      }),
    });
    assert.deepEqual(
      fields.map(({ kind, required, description, default: value }) => [kind, required, description, value]),
      [
        ["duration", false, "how long", 1_000],
        ["text", false, "inner", undefined],
        ["text", true, undefined, undefined],
      ],
    );
  });
});

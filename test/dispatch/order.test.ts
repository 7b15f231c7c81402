import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { type Context, ReplyError } from "../../src/bot/index.ts";
import type { Outcome } from "../../src/dispatch/index.ts";
import { message } from "../../src/stanza/index.ts";
import { ACTIVE, chat, turns, words, world } from "./support.ts";

/** One thing that a handler does. */
type Step =
  | {
      readonly do: "reply" | "elsewhere" | "send";
      readonly awaited: boolean;
      /** Turns that the sending takes, and whether it fails then. */
      readonly latency: number;
      readonly fails: boolean;
    }
  | { readonly do: "wait"; readonly turns: number };

interface Story {
  readonly steps: readonly Step[];
  /** How it ends. */
  readonly end: "return" | "nothing" | "throw";
  /** Steps of a branch that nobody waits for. */
  readonly floating: readonly Step[];
  /** Turns after which the callback has to be answered. */
  readonly deadline: number;
  readonly typing: boolean;
}

const said = fc.record({
  do: fc.constantFrom("reply", "reply", "elsewhere", "send"),
  awaited: fc.boolean(),
  // A POST takes longer than handing the inline answer to the connection that waits for it.
  latency: fc.integer({ min: 1, max: 4 }),
  fails: fc.boolean(),
});
const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: said }, fc.record({ do: fc.constant("wait"), turns: fc.nat(4) })),
  { maxLength: 6 },
) as fc.Arbitrary<Step[]>;
const story: fc.Arbitrary<Story> = fc.record({
  steps,
  end: fc.constantFrom("return", "nothing", "throw"),
  floating: steps,
  deadline: fc.integer({ min: 0, max: 12 }),
  typing: fc.boolean(),
});

const APOLOGETIC = /^Sorry/;

describe("the order in which a person sees what a bot says", () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  before(() => process.on("unhandledRejection", listener));
  after(() => {
    process.off("unhandledRejection", listener);
    assert.deepEqual(unhandled, []);
  });

  it("is that in which it said it: nothing lost, nothing twice, the next handler after all of it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const { made, seen, secondSawAll, lost } = await play(told, (ms) => t.mock.timers.tick(ms));
        assert.deepEqual(
          seen.filter((name) => !APOLOGETIC.test(name) && !name.startsWith("<")),
          made.filter((name) => !lost.has(name)),
        );
        const apologies = seen.filter((name) => APOLOGETIC.test(name));
        assert.equal(apologies.length, told.end === "throw" ? 1 : 0);
        assert.notEqual(seen.at(-1), "<composing/>", "the bot is seen typing for ever");
        assert.ok(secondSawAll);
      }),
      { numRuns: 400 },
    );
  });

  it("is kept where a branch that nobody waits for goes on after the handler is through", async () => {
    const { seen, made } = await play(
      {
        steps: [said1("elsewhere", 4), said1("reply", 3)],
        end: "nothing",
        floating: [{ do: "wait", turns: 1 }, said1("reply", 3), { do: "wait", turns: 9 }, said1("reply", 1)],
        deadline: 100,
        typing: false,
      },
      () => undefined,
    );
    assert.equal(made.length, 4);
    assert.deepEqual(seen, made);
  });
});

function said1(what: "reply" | "elsewhere", latency: number): Step {
  return { do: what, awaited: false, latency, fails: false };
}

interface Played {
  readonly made: readonly string[];
  readonly seen: readonly string[];
  /** What Prosody did not take, or the exchange refused because the handler had failed. */
  readonly lost: ReadonlySet<string>;
  readonly secondSawAll: boolean;
}

/** Plays a story before a person who sees what arrives by POST when it has been taken, and inline answers at once. */
async function play(told: Story, tick: (ms: number) => void): Promise<Played> {
  const made: string[] = [];
  const lost = new Set<string>();
  const seen: string[] = [];
  const latencies = new Map<string, { readonly latency: number; readonly fails: boolean }>();
  let handlerOver = false;
  let flightsAtSecond = -1;
  let flights = 0;
  const branches: Promise<void>[] = [];

  const run = async (ctx: Context, list: readonly Step[], prefix: string): Promise<void> => {
    for (const [index, step] of list.entries()) {
      if (step.do === "wait") {
        for (let turn = 0; turn < step.turns; turn += 1) await turns();
        continue;
      }
      const name = `${prefix}${index}`;
      latencies.set(name, step);
      const reply =
        step.do === "reply"
          ? ctx.reply(name)
          : step.do === "send"
            ? ctx.send(ctx.from, name)
            : ctx.reply(message({ to: "nurse@example.com", type: "chat", body: name }));
      made.push(name);
      const noted = reply.then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof ReplyError) lost.add(name);
        },
      );
      if (step.awaited) await noted;
    }
  };

  const { dispatcher, sender } = world(
    {
      echo: (bot) => {
        bot.hears("second", () => {
          flightsAtSecond = flights;
        });
        bot.on("message:body", async (ctx) => {
          branches.push(run(ctx, told.floating, "floating "));
          await run(ctx, told.steps, "step ");
          handlerOver = true;
          if (told.end === "throw") throw new Error("on purpose");
          if (told.end === "nothing") return undefined;
          made.push("last");
          return "last";
        });
      },
    },
    { deadline: 1_000 },
  );
  sender.onSend = async (stanza) => {
    flights += 1;
    const { latency = 1, fails = false } = latencies.get(words(stanza)) ?? {};
    for (let turn = 0; turn < latency; turn += 1) await turns();
    flights -= 1;
    if (fails) {
      lost.add(words(stanza));
      throw new Error("Prosody is away");
    }
    seen.push(words(stanza));
  };

  const answered = Promise.resolve(dispatcher.dispatch(chat("first", "", told.typing ? ACTIVE : ""))).then(
    (outcome: Outcome) => {
      if (outcome.kind === "reply") seen.push(words(outcome.stanza));
      // The callback room's table turns a crash into an apology.
      if (outcome.kind === "crash") seen.push("Sorry");
    },
  );
  const second = Promise.resolve(dispatcher.dispatch(chat("second")));
  for (let turn = 0; turn < told.deadline; turn += 1) await turns();
  tick(1_000);
  for (const branch of branches) await branch;
  while (!handlerOver) await turns();
  await dispatcher.idle();
  await Promise.all([answered, second, ...branches]);
  for (let turn = 0; turn < 10 || flights > 0; turn += 1) await turns();
  // What the handler itself had made was gone before its lane was free; a floating branch may say more at any time.
  const secondSawAll = told.floating.length > 0 || flightsAtSecond === 0;
  return { made, seen, lost, secondSawAll };
}

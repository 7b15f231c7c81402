import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import type { Composer } from "../../src/bot/index.ts";
import { type MemoryNode, SharedMemory } from "../../src/store/index.ts";
import { MovedClock, settled } from "./moved-clock.ts";
import { Postbox } from "./node-support.ts";
import { chat, turns, type World, world } from "./support.ts";

const LEASE = 2_000;

/** Keeps each timer that was due, and says so; with a pause in between, for something to happen in. */
function routes(bot: Composer): void {
  bot.timer<string>("note", async (ctx) => {
    const done = (await ctx.storage.get<string[]>("done")) ?? [];
    ctx.storage.set("done", [...done, ctx.timer.data]);
    await turns();
    await ctx.reply(`${ctx.timer.data} is due`);
    for (let turn = 0; turn < 5; turn += 1) await turns();
  });
  bot.every("3s", { name: "tick" }, async (tick) => {
    await turns();
    const ticks = (await tick.storage.get<number[]>("ticks")) ?? [];
    tick.storage.set("ticks", [...ticks, tick.due]);
  });
  bot.hears(/^set (\d+) (.+)$/, async (ctx) => {
    await ctx.schedule("note", Number(ctx.match[1]), ctx.match[2] ?? "");
  });
}

interface Node {
  readonly store: MemoryNode;
  readonly world: World;
}

/** Lets time pass as long as something takes: a node may have to wait for another, which nothing but time ends. */
async function meanwhile<Result>(clock: MovedClock, work: Result | Promise<Result>): Promise<Result> {
  let isOver = false;
  const over = Promise.resolve(work).finally(() => {
    isOver = true;
  });
  await Promise.race([over, settled()]);
  for (let waited = 0; !isOver && waited < 100; waited += 1) await clock.pass(50);
  assert.ok(isOver, "it is not over after five seconds");
  return await over;
}

const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ set: fc.integer({ min: 0, max: 4_000 }), at: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 2, arbitrary: fc.record({ crash: fc.nat(1), after: fc.nat(40) }) },
  {
    weight: 1,
    arbitrary: fc.record({ pause: fc.nat(1), after: fc.nat(40), silent: fc.integer({ min: 1, max: 6_000 }) }),
  },
);

it("whatever crashes and stands still, each timer has its effect once and each schedule runs once a time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 10 }), async (actions) => {
      const clock = new MovedClock();
      const memory = new SharedMemory({ clock: () => clock.now(), leaseDuration: LEASE });
      const postbox = new Postbox();
      const started: World[] = [];
      const start = async (): Promise<Node> => {
        const store = memory.open();
        const made = world({ echo: routes }, { store, clock, senders: () => postbox.of(store) });
        started.push(made);
        await made.dispatcher.startTimers();
        return { store, world: made };
      };
      const nodes = [await start(), await start()];
      const set: string[] = [];
      for (const step of actions) {
        if ("set" in step) {
          const name = `t${set.length}`;
          const { dispatcher } = (nodes[step.at] as Node).world;
          const outcome = await meanwhile(clock, dispatcher.dispatch(chat(`set ${step.set} ${name}`)));
          assert.notEqual(outcome.kind, "unavailable");
          set.push(name);
        } else if ("pass" in step) {
          await clock.pass(step.pass);
        } else {
          const which = "crash" in step ? step.crash : step.pause;
          const passing = clock.pass(3_000);
          for (let turn = 0; turn < step.after; turn += 1) await turns();
          const { store } = nodes[which] as Node;
          if ("crash" in step) {
            store.crash();
            await passing;
            nodes[which] = await start();
          } else {
            store.pause();
            await passing;
            await clock.pass(step.silent);
            store.resume();
          }
        }
        for (const { world: each } of nodes) await each.dispatcher.takeRevived();
      }
      for (let waited = 0; waited < 5; waited += 1) {
        await clock.pass(LEASE + 4_000);
        for (const { world: each } of nodes) await each.dispatcher.takeRevived();
      }
      const { store } = nodes[0] as Node;
      const read = async (key: string) => (await store.get("bot echo@bots.example", key))?.value;
      const done = ((await read("done")) ?? []) as string[];
      assert.deepEqual([...done].sort(), [...set].sort());
      assert.deepEqual([...postbox.words].sort(), set.map((name) => `${name} is due`).sort());
      const ticks = (await read("ticks")) as number[];
      assert.deepEqual(
        ticks,
        [...new Set(ticks)].sort((one, other) => one - other),
      );
      assert.ok(ticks.length > 0);
      assert.equal((await store.counts("inbox")).dead, 0);
      for (const { dispatcher } of started) {
        void dispatcher.stopTimers();
        dispatcher.abort();
      }
    }),
    { numRuns: 40, timeout: 30_000, endOnFailure: true },
  );
});

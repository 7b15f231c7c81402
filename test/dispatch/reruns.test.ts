import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Context } from "../../src/bot/index.ts";
import { APOLOGY } from "../../src/dispatch/index.ts";
import type { Stanza } from "../../src/stanza/index.ts";
import { el } from "../../src/stanza/index.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { chat, ERROR, only, QUESTION, stanza, turns, words } from "./support.ts";

const COUNTS = "bot echo@bots.example counts";

/** A message of somebody's, who has a conversation of his own. */
function from(person: string, body = "count"): Stanza {
  return stanza(
    `<message type='chat' from='${person}@example.com/x' to='echo@bots.example'><body>${body}</body></message>`,
  );
}

/** Counts one up, over all conversations. */
async function countUp(ctx: Context, wait: () => Promise<void> = turns): Promise<number> {
  const counts = ctx.effects.area("counts", { guarded: true });
  const count = ((await counts.get<number>("all")) ?? 0) + 1;
  await wait();
  counts.set("all", count);
  return count;
}

/** Has somebody else count up by ten while the handler is at it, as often as said. */
function interfering(store: MemoryStore, times: number): () => Promise<void> {
  let left = times;
  return async () => {
    if (left === 0) return;
    left -= 1;
    const value = ((await store.get(COUNTS, "all"))?.value as number | undefined) ?? 0;
    await store.commit([{ put: { collection: COUNTS, key: "all", value: value + 10 } }]);
  };
}

describe("a handler whose state is changed by another conversation", () => {
  it("is run again from what there is now, and says it once", async () => {
    const store = new MemoryStore();
    const interfere = interfering(store, 2);
    const at = only(async (ctx) => `count ${await countUp(ctx, interfere)}`, { store });
    const outcome = await at.dispatcher.dispatch(chat("x"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "count 21");
    assert.deepEqual(at.sender.words, []);
    assert.equal((await store.get(COUNTS, "all"))?.value, 21);
  });

  it("does not say again what has gone already, neither here nor to others", async () => {
    const store = new MemoryStore();
    const interfere = interfering(store, 1);
    const ids: string[] = [];
    const at = only(
      async (ctx) => {
        ids.push((await ctx.send("romeo@example.com", "somebody counts")).id);
        await ctx.reply("one moment");
        ids.push((await ctx.send(ctx.from, "almost")).id);
        return `count ${await countUp(ctx, interfere)}`;
      },
      { store },
    );
    const outcome = await at.dispatcher.dispatch(chat("x"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "count 11");
    assert.deepEqual(at.sender.words, ["somebody counts", "one moment", "almost"]);
    assert.deepEqual(ids.slice(0, 2), ids.slice(2), "the handler is told the same ids");
  });

  it("that is acknowledged already is run again too, under the same names", async () => {
    const store = new MemoryStore();
    const interfere = interfering(store, 1);
    const at = only(
      async (ctx) => {
        await ctx.reply("one moment");
        await countUp(ctx, interfere);
        return "done";
      },
      { store, ack: "durable" },
    );
    await at.dispatcher.dispatch(chat("x"), { id: "m" });
    await at.dispatcher.idle();
    assert.deepEqual(at.sender.words, ["one moment", "done"]);
    assert.deepEqual(at.sender.names, ["m 1", "m 2"]);
    assert.equal((await store.get(COUNTS, "all"))?.value, 11);
    assert.deepEqual(await store.entries("inbox"), []);
  });

  it("is acknowledged when the deadline comes while it is being committed", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const interfere = interfering(store, 1);
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const at = only(
      async (ctx) => {
        runs += 1;
        await countUp(ctx, interfere);
        if (runs === 2) await gate.promise;
        return "done";
      },
      { store },
    );
    const commit = store.commit.bind(store);
    store.commit = (writes) => {
      if (writes.some((write) => "put" in write && write.put.ifVersion !== undefined))
        t.mock.timers.tick(500);
      return commit(writes);
    };
    assert.deepEqual(await at.dispatcher.dispatch(chat("x")), { kind: "accepted" });
    gate.resolve();
    await at.dispatcher.idle();
    assert.deepEqual(at.sender.words, ["done"]);
  });

  it("gives one answer to an IQ", async () => {
    const store = new MemoryStore();
    const interfere = interfering(store, 1);
    const at = only(
      async (ctx) => {
        await ctx.reply(el("answer", { xmlns: "urn:example" }));
        await countUp(ctx, interfere);
      },
      { store },
    );
    assert.equal((await at.dispatcher.dispatch(QUESTION)).kind, "reply");
    await at.dispatcher.idle();
    assert.equal((await store.get(COUNTS, "all"))?.value, 11);
    assert.deepEqual(at.log, []);
  });

  it("fails in the end, where that happens again and again, and has changed nothing", async () => {
    const store = new MemoryStore();
    const interfere = interfering(store, 1_000);
    let runs = 0;
    const at = only(
      async (ctx) => {
        runs += 1;
        return `count ${await countUp(ctx, interfere)}`;
      },
      { store, ack: "durable" },
    );
    await at.dispatcher.dispatch(chat("x"));
    await at.dispatcher.idle();
    assert.equal(runs, 10);
    assert.equal((await store.get(COUNTS, "all"))?.value, 100);
    assert.ok(at.sender.words.includes(APOLOGY));
    const line = at.log.find(({ level }) => level === ERROR);
    assert.equal(line?.err?.type, "StaleStateError");
    assert.match(line?.err?.message ?? "", /changed by another conversation.*has version \d+/s);
  });

  it("loses no update, however many conversations share it and however long each takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), async (waits) => {
        const store = new MemoryStore();
        const at = only(
          async (ctx) =>
            `${await countUp(ctx, async () => {
              for (let left = Number(ctx.body); left > 0; left -= 1) await turns();
            })}`,
          // A busy machine is no reason to answer later.
          { store, deadline: 60_000 },
        );
        const outcomes = await Promise.all(
          waits.map(async (wait, person) => at.dispatcher.dispatch(from(`p${person}`, `${wait}`))),
        );
        const counts = outcomes.map((outcome) =>
          outcome.kind === "reply" ? Number(words(outcome.stanza)) : outcome.kind,
        );
        assert.deepEqual(
          counts.toSorted((one, other) => Number(one) - Number(other)),
          waits.map((_, index) => index + 1),
        );
      }),
      { numRuns: 30 },
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../../src/bot/index.ts";
import { type Stanza, writeXml } from "../../../src/stanza/index.ts";
import { type JsonValue, MemoryStore, StoreError } from "../../../src/store/index.ts";
import { buildCommandRequest, readCommandAnswer } from "../../../src/xep/index.ts";
import { type Routes, stanza, type World, world } from "../../dispatch/support.ts";

const run = (node: string): Stanza =>
  stanza(
    `<iq type='set' id='1' from='juliet@example.com/balcony' to='clerk@bots.example'>${writeXml(buildCommandRequest({ node }))}</iq>`,
  );

/** What comes of running a command: its notes, or the condition of the error. */
async function outcome({ dispatcher }: World, node: string): Promise<readonly string[] | string | undefined> {
  const became = await dispatcher.dispatch(run(node));
  if (became.kind !== "reply") return became.kind;
  const { payload } = became.stanza as Stanza & { readonly kind: "iq" };
  return payload && readCommandAnswer(payload).notes.map(({ text }) => text);
}

/** Counts what it does in a record that somebody else changes during the first run. */
function contested(first: (ctx: Context) => Promise<void>): {
  readonly routes: Routes;
  readonly runs: () => number;
} {
  let runs = 0;
  return {
    runs: () => runs,
    routes: (bot) =>
      bot.command({
        name: "count",
        summary: "counts",
        run: async (ctx) => {
          runs += 1;
          const area = ctx.effects.area("counts", { guarded: true });
          const count = (await area.get<number>("all")) ?? 0;
          if (runs === 1) {
            const expires = ctx.now + 60_000;
            await ctx.effects.changeNow("counts", "all", () => ({ value: 10 as JsonValue, expires }));
            await first(ctx);
          }
          area.set("all", count + 1);
          return count === 0 ? undefined : String(count + 1);
        },
      }),
  };
}

describe("the answer to a command in a menu", () => {
  it("is given once all is kept: where that fails it is an error, and nothing was done", async () => {
    const store = new MemoryStore();
    const at = world(
      {
        clerk: (bot) =>
          bot.command({
            name: "keep",
            summary: "keeps",
            run: (ctx) => {
              ctx.storage.set("kept", true);
              return "It is kept.";
            },
          }),
      },
      { store },
    );
    const { commit } = store;
    store.commit = () => Promise.reject(new StoreError("the disk is full"));
    assert.equal(await outcome(at, "keep"), "crash");
    store.commit = commit;
    assert.deepEqual(await outcome(at, "keep"), ["It is kept."]);
  });

  it("is that of the run that counts, where what was read had changed meanwhile", async () => {
    const { routes, runs } = contested(async () => undefined);
    assert.deepEqual(await outcome(world({ clerk: routes }, { store: new MemoryStore() }), "count"), ["11"]);
    assert.equal(runs(), 2);
  });

  it("that was given early is followed by what is said by the run that counts", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { routes, runs } = contested(() => {
      begun.resolve();
      return promise;
    });
    const at = world({ clerk: routes }, { store: new MemoryStore() });
    const answered = outcome(at, "count");
    await begun.promise;
    t.mock.timers.tick(10_000);
    assert.deepEqual(await answered, ["This takes a while. I shall go on in a message."]);
    resolve();
    await at.dispatcher.idle();
    assert.equal(runs(), 2);
    assert.deepEqual(at.sender.words, ["11"]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryJournal } from "../../src/store/index.ts";
import { chat, only, stanza, turns, words, xml } from "./support.ts";

describe("the journal", () => {
  it("holds a stanza from its acknowledgement until its handler is through, and none that is answered inline", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 });
    const journal = new MemoryJournal();
    const gate = Promise.withResolvers<void>();
    const { dispatcher } = only((ctx) => (ctx.body === "slow" ? gate.promise : turns().then(() => "quick")), {
      journal,
    });
    assert.equal((await dispatcher.dispatch(chat("quick"))).kind, "reply");
    t.mock.timers.tick(500);
    await turns();
    assert.deepEqual([...journal.pending()], []);
    const outcome = dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(499);
    assert.deepEqual([...journal.pending()], []);
    t.mock.timers.tick(1);
    assert.deepEqual(await outcome, { kind: "accepted" });
    const [entry, ...others] = [...journal.pending()];
    assert.deepEqual(others, []);
    assert.equal(entry?.bot, "echo@bots.example");
    assert.equal(entry.since, 1_700_000_001_000);
    assert.equal(xml(stanza(entry.xml)), xml(chat("slow")));
    gate.resolve();
    await dispatcher.idle();
    await turns();
    assert.deepEqual([...journal.pending()], []);
  });

  it("forgets a stanza whose handler failed", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const journal = new MemoryJournal();
    const gate = Promise.withResolvers<void>();
    const { dispatcher } = only(() => gate.promise, { journal });
    void dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    await turns();
    assert.equal([...journal.pending()].length, 1);
    gate.reject(new Error("on purpose"));
    await dispatcher.idle();
    await turns();
    assert.deepEqual([...journal.pending()], []);
  });

  it("that cannot take a stanza leaves it unacknowledged: it is answered inline when its handler is through", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const journal = new MemoryJournal();
    journal.add = () => {
      throw new Error("the disk is full");
    };
    journal.done = () => assert.fail("it never had it");
    const { dispatcher, log } = only(() => gate.promise.then(() => "done"), { journal });
    const outcome = dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    await turns();
    gate.resolve();
    const answer = await outcome;
    assert.ok(answer.kind === "reply");
    assert.equal(words(answer.stanza), "done");
    await turns();
    assert.equal(log.length, 1);
    assert.match(log[0]?.msg ?? "", /could not be journaled/);
  });

  it("that is slow is waited for, on both sides", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const events: string[] = [];
    const { dispatcher } = only(() => gate.promise.then(() => "done"), {
      journal: {
        add: async () => {
          await written.promise;
          events.push("added");
        },
        done: () => {
          events.push("done");
          throw new Error("the disk is full");
        },
        pending: () => [],
      },
    });
    const outcome = dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    gate.resolve();
    assert.equal((await outcome).kind, "reply", "the handler was quicker than the journal");
    assert.deepEqual(events, []);
    written.resolve();
    await turns();
    assert.deepEqual(events, ["added", "done"]);
  });
});

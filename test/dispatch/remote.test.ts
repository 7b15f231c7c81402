import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BotGate, type RemoteBot } from "../../src/dispatch/index.ts";
import type { Stanza } from "../../src/stanza/index.ts";
import { MemoryStore, type QueueEntry } from "../../src/store/index.ts";
import { MovedClock, settled } from "./moved-clock.ts";
import { chat, turns, type World, words, world } from "./support.ts";

/** A bot that is elsewhere, beside one that is here. */
function place(ack: "inline" | "durable" = "inline") {
  const clock = new MovedClock();
  const store = new MemoryStore({ clock: () => clock.now() });
  const brought: string[] = [];
  const due: QueueEntry[] = [];
  const expected: Promise<unknown>[] = [];
  const remote = {
    isUp: true as boolean,
    isFull: false as boolean,
    dispatch: async (stanza: Stanza) => {
      brought.push(words(stanza));
      return { kind: "silent" } as const;
    },
    expect: (writing: Promise<unknown>): void => void expected.push(writing),
    takeDue: async (entry: QueueEntry) => {
      due.push(entry);
      await store.commit([{ complete: { queue: "timers", id: entry.id } }]);
    },
  } satisfies RemoteBot;
  const at: World = world(
    {
      echo: (bot) => {
        bot.hears("remind", async (ctx) => void (await ctx.remind("1m", "tea")));
        bot.every("1h", { name: "hourly" }, () => undefined);
        bot.on("message:body", (ctx) => ctx.body);
      },
    },
    { store, clock, ack },
  );
  const gate = new BotGate();
  const settle = (): void => at.mount.put({ ...at.bot("echo"), gate, remote });
  return { at, clock, remote, gate, brought, due, expected, settle, store };
}

describe("a bot that is at work in another process", () => {
  it("gets its stanzas there, as many as may wait; while that process is gone, whoever writes is told", async () => {
    const { at, remote, gate, brought, settle } = place();
    settle();
    assert.deepEqual(await at.dispatcher.dispatch(chat("one")), { kind: "silent" });
    assert.deepEqual(brought, ["one"]);
    remote.isFull = true;
    const outcome = await at.dispatcher.dispatch(chat("two"));
    assert.equal(outcome.kind === "error" && outcome.error.condition, "resource-constraint");
    remote.isUp = false;
    gate.ready = false;
    const closed = await at.dispatcher.dispatch(chat("three"));
    assert.match(closed.kind === "reply" ? words(closed.stanza) : closed.kind, /not well/);
    assert.deepEqual(brought, ["one"]);
  });

  it("gets again what its process has ended over, where it wants that written down first", async () => {
    for (const [ack, kind, left] of [
      ["durable", "accepted", ["one"]],
      ["inline", "crash", []],
    ] as const) {
      const { at, remote, gate, store } = place(ack);
      at.mount.put({
        ...at.bot("echo"),
        gate,
        remote: {
          ...remote,
          dispatch: async () => {
            gate.ready = false;
            return { kind: "crash", again: false };
          },
        },
      });
      assert.equal((await at.dispatcher.dispatch(chat("one"), { id: "one" })).kind, kind);
      const entries = await store.entries("inbox");
      assert.deepEqual(
        entries.map(({ id }) => id),
        left,
      );
    }
  });

  it("gets what it wants written down first from the inbox, when that process is back", async () => {
    const { at, remote, gate, brought, expected, settle, store } = place("durable");
    settle();
    remote.isUp = false;
    gate.ready = false;
    assert.deepEqual(await at.dispatcher.dispatch(chat("one"), { id: "1" }), { kind: "accepted" });
    assert.equal(expected.length, 1);
    assert.deepEqual(
      (await store.entries("inbox", { state: "waiting" })).map(({ id, key }) => [id, key]),
      [["1", "echo@bots.example juliet@example.com"]],
    );
    await at.dispatcher.takeRevived();
    assert.deepEqual([brought, at.sender.words], [[], []]);
    gate.disabled = true;
    await at.dispatcher.dispatch(chat("two"), { id: "2" });
    await at.dispatcher.idle();
    assert.match(at.sender.words.join(), /switched off/, "one that is switched off says so");
  });

  it("gets what is due, and plans its own schedules", async () => {
    const { at, clock, due, settle, store } = place();
    await at.dispatcher.dispatch(chat("remind"));
    settle();
    await at.dispatcher.startTimers();
    assert.equal((await store.entries("timers")).length, 1, "the schedule is not planned here");
    await clock.pass(60_000);
    await settled();
    assert.equal(due.length, 1);
    at.dispatcher.abort();
    await at.dispatcher.stopTimers();
  });

  it("takes up itself what an earlier process has left", async () => {
    const { at, settle, store } = place();
    const entry = {
      bot: "echo@bots.example",
      xml: "<message from='juliet@example.com/x'><body>a</body></message>",
    };
    await store.commit([
      { enqueue: { queue: "inbox", id: "1", key: "echo@bots.example juliet@example.com", payload: entry } },
    ]);
    settle();
    assert.equal(await at.dispatcher.recover(), 0);
    await turns();
    assert.equal((await store.entries("inbox", { state: "waiting" })).length, 1);
    assert.deepEqual(at.sender.words, []);
  });
});

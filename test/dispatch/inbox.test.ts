import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../src/bot/index.ts";
import { APOLOGY } from "../../src/dispatch/index.ts";
import type { Stanza } from "../../src/stanza/index.ts";
import { MemoryStore, type QueueEntry, StoreFullError, type Write } from "../../src/store/index.ts";
import { chat, only, QUESTION, stanza, turns, type World, words, world, xml } from "./support.ts";

const INBOX = "inbox";

/** What the inbox holds. */
function held(store: MemoryStore): Promise<readonly QueueEntry[]> {
  return store.entries(INBOX);
}

/** Resolves when every handler is through, also what it leads to. */
async function settled({ dispatcher }: World): Promise<void> {
  await dispatcher.idle();
  await turns();
}

/** A dispatcher as of a process that has taken one message and ended over it. */
async function crashedOver(store: MemoryStore, request: Stanza, id: string): Promise<void> {
  const ended = only(() => new Promise(() => undefined), { store, ack: "durable" });
  assert.deepEqual(await ended.dispatcher.dispatch(request, { id }), { kind: "accepted" });
}

describe("the inbox", () => {
  it("holds a stanza from its acknowledgement until its handler is through, and none that is answered inline", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const gate = Promise.withResolvers<void>();
    const at = only((ctx) => (ctx.body === "slow" ? gate.promise : turns().then(() => "quick")), { store });
    assert.equal((await at.dispatcher.dispatch(chat("quick"))).kind, "reply");
    t.mock.timers.tick(500);
    await turns();
    assert.deepEqual(await held(store), []);
    const outcome = at.dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    assert.deepEqual(await outcome, { kind: "accepted" });
    const [entry, ...others] = await held(store);
    assert.deepEqual(others, []);
    const payload = entry?.payload as { bot: string; xml: string };
    assert.equal(payload.bot, "echo@bots.example");
    assert.equal(xml(stanza(payload.xml)), xml(chat("slow")));
    gate.resolve();
    await settled(at);
    assert.deepEqual(await held(store), []);
  });

  it("keeps a stanza whose handler failed, with why, and holds nothing up by it", async () => {
    const store = new MemoryStore();
    const at = only(
      (ctx) => {
        if (ctx.body === "bad") throw new Error("on purpose");
        return ctx.body;
      },
      { store, ack: "durable" },
    );
    await at.dispatcher.dispatch(chat("bad"));
    await at.dispatcher.dispatch(chat("good"));
    await settled(at);
    assert.deepEqual(at.sender.words, [APOLOGY, "good"]);
    const [entry, ...others] = await held(store);
    assert.deepEqual(others, []);
    assert.equal(entry?.state, "dead");
    assert.match(entry.error ?? "", /^Error: on purpose\n.*inbox\.test\.ts/);
  });

  it("has a stanza that was put aside handled again when somebody says so", async () => {
    const store = new MemoryStore();
    let mended = false;
    const at = only(
      () => {
        if (!mended) throw new Error("on purpose");
        return "done";
      },
      { store, ack: "durable" },
    );
    await at.dispatcher.dispatch(chat("hello"), { id: "a" });
    await settled(at);
    mended = true;
    await store.commit([{ revive: { queue: INBOX, id: "a" } }]);
    await at.dispatcher.takeRevived();
    await at.dispatcher.takeRevived();
    await settled(at);
    assert.deepEqual(at.sender.words, [APOLOGY, "done"]);
    assert.deepEqual(await held(store), []);
  });

  it("does not take up once more what is at work, also when that has come a second time", async () => {
    const store = new MemoryStore();
    const gate = Promise.withResolvers<void>();
    const at = only(() => gate.promise, { store, ack: "durable" });
    await at.dispatcher.dispatch(chat("hello"), { id: "a" });
    await at.dispatcher.dispatch(chat("hello"), { id: "a", repeated: true });
    assert.equal(await at.dispatcher.recover(), 0);
    gate.resolve();
    await settled(at);
    assert.deepEqual(await held(store), []);
  });

  it("that cannot take a stanza leaves it unacknowledged: it is answered inline when its handler is through", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const store = new MemoryStore();
    store.commit = () => Promise.reject(new StoreFullError("the disk is full"));
    const at = only(() => gate.promise.then(() => "done"), { store });
    const outcome = at.dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    await turns();
    gate.resolve();
    const answer = await outcome;
    assert.ok(answer.kind === "reply");
    assert.equal(words(answer.stanza), "done");
    assert.equal(at.log.length, 1);
    assert.match(at.log[0]?.msg ?? "", /could not be journaled/);
  });

  it("takes what is durable before its handler runs; IQs never", async () => {
    const store = new MemoryStore();
    const seen: number[] = [];
    const at = only(
      async (ctx) => {
        seen.push((await held(store)).length);
        return ctx.payload ?? ctx.body;
      },
      { store, ack: "durable" },
    );
    assert.deepEqual(await at.dispatcher.dispatch(chat("hello")), { kind: "accepted" });
    await settled(at);
    assert.equal((await at.dispatcher.dispatch(QUESTION)).kind, "reply");
    assert.deepEqual(seen, [1, 0]);
    assert.deepEqual(at.sender.words, ["hello"]);
  });

  it("does not take a stanza twice: neither a durable one nor one that says that it is repeated", async () => {
    const store = new MemoryStore();
    for (const [ack, repeated] of [
      ["durable", false],
      ["inline", true],
    ] as const) {
      const at = only((ctx) => ctx.body, { store, ack });
      for (let times = 0; times < 3; times += 1) {
        const outcome = await at.dispatcher.dispatch(chat("once"), { id: ack, repeated });
        assert.deepEqual(outcome, { kind: "accepted" });
      }
      await settled(at);
      assert.deepEqual(at.sender.words, ["once"]);
    }
  });

  it("has the next process go on where one has ended, in order, before what comes anew", async (t) => {
    // Handlers that never end would keep the process for as long as their timeout.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const ended = only(() => new Promise(() => undefined), { store, ack: "durable" });
    for (let number = 0; number < 20; number += 1) await ended.dispatcher.dispatch(chat(`${number}`));
    const next = only((ctx) => turns().then(() => ctx.body), { store });
    assert.equal(await next.dispatcher.recover(), 20);
    const outcome = next.dispatcher.dispatch(chat("new"));
    await settled(next);
    assert.deepEqual(
      next.sender.words,
      Array.from({ length: 20 }, (_, number) => `${number}`),
    );
    const answer = await outcome;
    assert.ok(answer.kind === "reply");
    assert.equal(words(answer.stanza), "new");
    assert.deepEqual(await held(store), []);
  });

  it("names each reply by its place, so that a handler that is run again does not say twice what has been sent", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const handle = async (ctx: Context): Promise<string> => {
      await ctx.reply("one");
      await ctx.send("romeo@example.com", "two");
      return "three";
    };
    const first = only(handle as never, { store, ack: "durable" });
    await first.dispatcher.dispatch(chat("hello"), { id: "a" });
    await settled(first);
    assert.deepEqual(first.sender.names, ["a 1", "a 2", "a 3"]);
    await crashedOver(store, chat("hello"), "b");
    const second = only(handle as never, { store });
    await second.dispatcher.recover();
    await settled(second);
    assert.deepEqual(second.sender.names, ["b 1", "b 2", "b 3"]);
    const inline = only(handle as never, { store });
    await inline.dispatcher.dispatch(chat("hello"), { id: "c" });
    assert.deepEqual(inline.sender.names, [undefined, undefined]);
  });

  it("is not taken for an earlier process's while this one is at work on it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const gate = Promise.withResolvers<void>();
    const at = only((ctx) => gate.promise.then(() => ctx.body), { store, ack: "durable" });
    await at.dispatcher.dispatch(chat("hello"));
    await at.dispatcher.takeRevived();
    gate.resolve();
    await settled(at);
    assert.deepEqual(at.sender.words, ["hello"]);
  });

  it("puts aside what ends every process, and what is for a bot that is no more", async (t) => {
    // Handlers that never end would keep the process for as long as their timeout.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    await crashedOver(store, chat("poison"), "poison");
    for (let start = 0; start < 3; start += 1) {
      const doomed = only(() => new Promise(() => undefined), { store });
      await doomed.dispatcher.recover();
      await turns();
    }
    const careful = only((ctx) => ctx.body, { store });
    await careful.dispatcher.recover();
    await settled(careful);
    assert.deepEqual(careful.sender.words, [APOLOGY], "its sender is told, once");
    await crashedOver(store, chat("orphan"), "orphan");
    const other = world({ butler: () => undefined }, { store });
    await other.dispatcher.recover();
    await settled(other);
    assert.deepEqual(
      (await held(store)).map(({ id, state, error }) => [id, state, error]),
      [
        ["poison", "dead", "3 processes have ended over it"],
        ["orphan", "dead", "there is no bot at echo@bots.example any more"],
      ],
    );
  });

  it("keeps what a shutdown cuts short for the next process, and tells nobody", async (t) => {
    // Handlers that never end would keep the process for as long as their timeout.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new MemoryStore();
    const at = only(() => new Promise(() => undefined), { store, ack: "durable" });
    await at.dispatcher.dispatch(chat("slow"));
    at.dispatcher.abort();
    await settled(at);
    assert.deepEqual(at.sender.sent, []);
    assert.deepEqual(
      (await held(store)).map(({ state }) => state),
      ["waiting"],
    );
  });
});

describe("what a bot stores", () => {
  const count = async (ctx: Context): Promise<string> => {
    const before = (await ctx.storage.get<number>("count")) ?? 0;
    ctx.storage.set("count", before + 1);
    assert.equal(await ctx.storage.get("count"), before + 1, "it sees what it has set itself");
    if (ctx.body === "fail") throw new Error("on purpose");
    return `${before + 1}`;
  };

  it("is kept when its handler is through, and not when it fails; each bot has its own", async () => {
    const store = new MemoryStore();
    const at = world({ echo: (bot) => bot.use(count), other: (bot) => bot.use(count) }, { store });
    const say = async (body: string, to = "echo"): Promise<string> => {
      const request = stanza(
        `<message type='chat' from='juliet@example.com/balcony' to='${to}@bots.example'><body>${body}</body></message>`,
      );
      const outcome = await at.dispatcher.dispatch(request);
      return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
    };
    assert.equal(await say("one"), "1");
    assert.equal(await say("fail"), "crash");
    assert.equal(await say("two"), "2");
    assert.equal(await say("one", "other"), "1");
  });

  it("is committed together with the note that the stanza is handled", async () => {
    const store = new MemoryStore();
    const commits: (readonly Write[])[] = [];
    const commit = store.commit.bind(store);
    store.commit = (writes) => {
      commits.push(writes);
      return commit(writes);
    };
    const at = only(count as never, { store, ack: "durable" });
    await at.dispatcher.dispatch(chat("hello"), { id: "a" });
    await settled(at);
    assert.deepEqual(
      commits.map((writes) => writes.map((write) => Object.keys(write)[0])),
      [["enqueue"], ["put", "complete"]],
    );
  });

  it("changes once, however often a stanza comes that was answered inline before", async () => {
    const store = new MemoryStore();
    const first = only(count as never, { store });
    assert.equal((await first.dispatcher.dispatch(chat("hello"), { id: "a" })).kind, "reply");
    const second = only(count as never, { store });
    const repeated = await second.dispatcher.dispatch(chat("hello"), { id: "a", repeated: true });
    assert.deepEqual(repeated, { kind: "accepted" });
    await settled(second);
    assert.deepEqual(second.sender.sent, []);
    assert.equal((await store.get("bot echo@bots.example", "count"))?.value, 1);
  });

  it("that cannot be kept is a failure of its handler: nothing is said to have been done", async () => {
    const store = new MemoryStore();
    store.commit = () => Promise.reject(new StoreFullError("the disk is full"));
    const at = only(count as never, { store });
    assert.deepEqual(await at.dispatcher.dispatch(chat("hello")), { kind: "crash", again: false });
  });
});

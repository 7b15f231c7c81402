import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../src/bot/index.ts";
import { Duplicates, fingerprint } from "../../src/dispatch/duplicates.ts";
import { MemoryStore, SharedMemory, SYSTEM_CLOCK } from "../../src/store/index.ts";
import { TestClock } from "../store/support/clock.ts";
import { endAll, node, Postbox, remember, remembered } from "./node-support.ts";
import { chat, only, stanza, words } from "./support.ts";

const WINDOW = 60_000;

describe("a message that comes a second time and does not say so", () => {
  it("is known by its sender, addressee, id and words", () => {
    const own = fingerprint(chat("hello"), WINDOW)?.key;
    assert.equal(fingerprint(chat("hello", "", "<active xmlns='urn:example'/>"), WINDOW)?.key, own);
    const base = { from: "a@example.com/b", to: "echo@bots.example", id: "1", body: "x" };
    const key = (change: Partial<typeof base>): string | undefined => {
      const { from, to, id, body } = { ...base, ...change };
      const xml = `<message from='${from}' to='${to}' id='${id}'><body>${body}</body></message>`;
      return fingerprint(stanza(xml), WINDOW)?.key;
    };
    const keys = [
      {},
      { from: "a@example.com/c" },
      { to: "help@bots.example" },
      { id: "2" },
      { body: "y" },
    ].map(key);
    assert.equal(new Set(keys).size, 5);
    assert.ok(!keys.includes(undefined));
  });

  it("is never taken for one where it has no id, no words, or is an error, nor where nobody asks for it", () => {
    const head = "from='a@example.com/b' to='echo@bots.example'";
    for (const xml of [
      `<message ${head}><body>x</body></message>`,
      `<message ${head} id='1'><received xmlns='urn:xmpp:receipts' id='2'/></message>`,
      `<message ${head} id='1' type='error'><body>x</body></message>`,
      `<presence ${head} id='1'/>`,
    ]) {
      assert.equal(fingerprint(stanza(xml), WINDOW), undefined, xml);
    }
    assert.equal(fingerprint(chat("hello"), 0), undefined);
  });

  it("is answered in silence within the window, and handled after it", async () => {
    let now = 1_000_000;
    const handled: unknown[] = [];
    const world = only((ctx) => void handled.push(ctx.body), {
      store: new MemoryStore(),
      clock: { ...SYSTEM_CLOCK, now: () => now },
    });
    const say = () => world.dispatcher.dispatch(chat("hello"), { window: WINDOW });
    await say();
    now += WINDOW - 1;
    assert.deepEqual(await say(), { kind: "silent" });
    assert.equal(handled.length, 1);
    now += 1;
    await say();
    assert.equal(handled.length, 2);
  });

  it("is known by its entry after a restart, where it was journaled", async () => {
    const store = new MemoryStore();
    const handled: unknown[] = [];
    const start = () =>
      only((ctx) => void handled.push(ctx.body), {
        store,
        ack: "durable",
        clock: { ...SYSTEM_CLOCK, now: () => 1_000_000 },
      }).dispatcher;
    for (let times = 0; times < 2; times += 1) {
      const dispatcher = start();
      await dispatcher.dispatch(chat("hello"), { window: WINDOW });
      await dispatcher.idle();
    }
    assert.equal(handled.length, 1);
  });

  it("is known to every node for as long as the window, though it was answered inline", async () => {
    const clock = new TestClock();
    const memory = new SharedMemory({ clock: clock.read });
    const postbox = new Postbox();
    const start = () => {
      const handle = async (ctx: Context): Promise<string | undefined> => {
        await remember(ctx);
        return ctx.body;
      };
      return node(memory, postbox, handle, { clock: { ...SYSTEM_CLOCK, now: clock.read } });
    };
    const [one, other] = [start(), start()];
    const first = await one.dispatcher.dispatch(chat("hello"), { window: WINDOW });
    assert.ok(first.kind === "reply" && words(first.stanza) === "hello");
    assert.deepEqual(await other.dispatcher.dispatch(chat("hello"), { window: WINDOW }), { kind: "silent" });
    assert.deepEqual(await remembered(one.store), ["hello"]);
    clock.now += WINDOW;
    assert.equal((await other.dispatcher.dispatch(chat("hello"), { window: WINDOW })).kind, "reply");
    endAll();
  });

  it("is news where the first was turned away", async () => {
    const store = new MemoryStore();
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error("the disk is full"));
    const world = only((ctx) => ctx.body, { store, ack: "durable" });
    const say = () => world.dispatcher.dispatch(chat("hello"), { window: WINDOW });
    assert.deepEqual(await say(), { kind: "unavailable" });
    store.commit = commit;
    assert.deepEqual(await say(), { kind: "accepted" });
    await world.dispatcher.idle();
    assert.deepEqual(world.sender.words, ["hello"]);
  });

  it("is news where there was no room for the first", async () => {
    const gate = Promise.withResolvers<string>();
    const { dispatcher } = only((ctx) => (ctx.body === "slow" ? gate.promise : ctx.body), {
      limits: { total: 1 },
      deadline: 60_000,
    });
    const slow = dispatcher.dispatch(chat("slow"));
    const say = async () => (await dispatcher.dispatch(chat("hello"), { window: WINDOW })).kind;
    assert.equal(await say(), "error");
    gate.resolve("at last");
    await slow;
    await dispatcher.idle();
    assert.equal(await say(), "reply");
  });

  it("costs a bounded memory", () => {
    const duplicates = new Duplicates(2);
    const is = (key: string) => duplicates.isRepeated({ key, window: WINDOW }, 0);
    assert.deepEqual([is("a"), is("b"), is("c"), is("b"), is("a")], [false, false, false, true, false]);
  });
});

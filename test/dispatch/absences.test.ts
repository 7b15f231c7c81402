import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../src/bot/index.ts";
import { BotGate } from "../../src/dispatch/index.ts";
import { MemoryStore, SharedMemory, type Store } from "../../src/store/index.ts";
import { settled } from "./moved-clock.ts";
import { node, Postbox, remember, remembered } from "./node-support.ts";
import { chat, only, QUESTION, type World, type WorldOptions, words } from "./support.ts";

const NOT_WELL = /not well/;

/** A bot that remembers what it is told, and is not well. */
function unwell(options: WorldOptions = {}) {
  const at = only(remember, { ack: "durable", ...options });
  return { at, gate: fallIll(at) };
}

function fallIll({ mount, bot }: World): BotGate {
  const gate = new BotGate();
  gate.ready = false;
  mount.put({ ...bot("echo"), gate });
  return gate;
}

async function told(at: World, body: string): Promise<string> {
  const outcome = await at.dispatcher.dispatch(chat(body), { id: body });
  return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
}

async function memory(store: Store): Promise<unknown> {
  return (await store.get("bot echo@bots.example", "juliet@example.com"))?.value;
}

describe("a bot that is not well", () => {
  it("handles later, in order, what it wants written down first", async () => {
    const store = new MemoryStore();
    const { at, gate } = unwell({ store });
    assert.deepEqual([await told(at, "one"), await told(at, "two")], ["accepted", "accepted"]);
    await at.dispatcher.takeRevived();
    await at.dispatcher.idle();
    assert.deepEqual([await memory(store), at.sender.words], [undefined, []]);
    gate.ready = true;
    assert.equal(await told(at, "three"), "accepted", "what comes now comes after it");
    await at.dispatcher.takeRevived();
    assert.equal(await told(at, "four"), "accepted");
    await at.dispatcher.idle();
    assert.deepEqual(await memory(store), ["one", "two", "three", "four"]);
    assert.deepEqual(await store.entries("inbox"), []);
  });

  it("handles later what comes while it is taken up", async () => {
    const store = new MemoryStore();
    const { at, gate } = unwell({ store });
    await told(at, "one");
    gate.ready = true;
    const { entries } = store;
    let meanwhile: Promise<string> | undefined;
    store.entries = async (...args) => {
      const found = await entries.call(store, ...args);
      meanwhile ??= told(at, "two");
      return found;
    };
    await at.dispatcher.takeRevived();
    assert.equal(await meanwhile, "accepted");
    await told(at, "three");
    await at.dispatcher.idle();
    assert.deepEqual(await memory(store), ["one", "two", "three"]);
  });

  it("loses nothing of what it had acknowledged before it was restarted, and tells who comes anew", async () => {
    const store = new MemoryStore();
    const before = only(() => new Promise(() => undefined), { store, deadline: 1 });
    assert.equal(await told(before, "one"), "accepted");
    const { at, gate } = unwell({ store, ack: "inline" });
    assert.equal(await at.dispatcher.recover(), 0);
    await at.dispatcher.idle();
    assert.match(await told(at, "anew"), NOT_WELL);
    assert.equal((await store.entries("inbox", { state: "waiting" })).length, 1);
    gate.ready = true;
    assert.equal(await told(at, "two"), "accepted");
    await at.dispatcher.takeRevived();
    await at.dispatcher.idle();
    assert.deepEqual(await memory(store), ["one", "two"]);
    assert.equal(await told(at, "three"), "silent", "all is as before");
    before.dispatcher.abort();
  });

  it("keeps a thousand stanzas, and has requests answered at once", async () => {
    const { at } = unwell();
    for (let count = 0; count < 1_000; count += 1) assert.equal(await told(at, `${count}`), "accepted");
    assert.equal(await told(at, "more"), "error");
    const answer = await at.dispatcher.dispatch(QUESTION);
    assert.equal(answer.kind === "error" && answer.error.condition, "service-unavailable");
  });

  it("says so on its node alone: one on which it is well handles what was written down, and that first", async () => {
    const memory = new SharedMemory();
    const postbox = new Postbox();
    const handle = async (ctx: Context): Promise<void> => await remember(ctx);
    const ill = node(memory, postbox, handle, { ack: "durable" });
    fallIll(ill);
    for (const body of ["one", "two"]) assert.equal(await told(ill, body), "accepted");
    await ill.dispatcher.takeRevived();
    await settled();
    assert.deepEqual(await remembered(ill.store), []);
    const well = node(memory, postbox, handle, { ack: "durable" });
    assert.equal(await told(well, "three"), "accepted");
    await well.dispatcher.idle();
    assert.deepEqual(await remembered(well.store), ["one", "two", "three"]);
    assert.deepEqual(postbox.words, []);
  });

  it("does not keep its node from what waits for others, however much waits for it", async () => {
    const memory = new SharedMemory();
    const ill = node(memory, new Postbox(), () => undefined, { ack: "durable" });
    const gate = fallIll(ill);
    const enqueue = async (id: string, bot: string): Promise<void> => {
      const xml = `<message from='${id}@example.com/x' to='${bot}'><body>${id}</body></message>`;
      const payload = { bot, xml };
      await ill.store.commit([{ enqueue: { queue: "inbox", id, key: `${bot} ${id}@example.com`, payload } }]);
    };
    for (let count = 0; count < 120; count += 1) await enqueue(`person${count}`, "echo@bots.example");
    await enqueue("last", "gone@bots.example");
    await ill.dispatcher.takeRevived();
    await ill.dispatcher.idle();
    const { waiting, dead } = await ill.store.counts("inbox");
    assert.deepEqual({ waiting, dead }, { waiting: 120, dead: 1 }, "one is for a bot that is gone");
    gate.ready = true;
    for (let page = 0; page < 2; page += 1) {
      await ill.dispatcher.takeRevived();
      await ill.dispatcher.idle();
    }
    assert.equal((await ill.store.counts("inbox")).waiting, 0);
  });
});

import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { Inbox } from "../../src/dispatch/inbox.ts";
import { BotGate } from "../../src/dispatch/index.ts";
import {
  MemoryStore,
  type QueueEntry,
  type QueueName,
  StoreFullError,
  StoreIoError,
  type Write,
} from "../../src/store/index.ts";
import { chat, ERROR, only, turns, type World } from "./support.ts";

/** A store that fails to commit what ends the handling of a stanza. */
class FailingStore extends MemoryStore {
  failures = 0;
  error: Error = new StoreIoError("the disk fails");

  override commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    if (!writes.some((write) => "complete" in write) || this.failures === 0) return super.commit(writes);
    this.failures -= 1;
    return Promise.reject(this.error);
  }
}

/** A bot that remembers what it hears. */
function listener(store: MemoryStore): World {
  return only(
    async (ctx) => {
      const heard = (await ctx.storage.get<string[]>("heard")) ?? [];
      ctx.storage.set("heard", [...heard, ctx.body as string]);
    },
    { store, ack: "durable" },
  );
}

async function settle(t: TestContext, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (let turn = 0; turn < 10; turn += 1) await turns();
    t.mock.timers.tick(1_000);
  }
}

const heard = async (store: MemoryStore) => (await store.get("bot echo@bots.example", "heard"))?.value;

describe("a store that fails while a stanza is handled", () => {
  for (const error of [new StoreIoError("the disk fails"), new StoreFullError("the disk is full")]) {
    it(`is waited for where the stanza was acknowledged, and so is its turn (${error.name})`, async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const store = new FailingStore();
      store.failures = 3;
      store.error = error;
      const at = listener(store);
      for (const body of ["one", "two"])
        assert.equal((await at.dispatcher.dispatch(chat(body), { id: body })).kind, "accepted");
      await settle(t, 5);
      assert.deepEqual(await heard(store), ["one", "two"]);
      assert.deepEqual(await store.entries("inbox"), []);
      const failures = at.log.filter(({ level }) => level === ERROR).map(({ msg }) => msg);
      assert.deepEqual(
        failures.map((msg) => /\d+ ms/.exec(msg)?.[0]),
        ["250 ms", "500 ms", "1000 ms"],
      );
    });
  }

  it("has a bot that is switched off turn away the same stanza as often", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new FailingStore();
    store.failures = 1;
    const at = listener(store);
    const gate = new BotGate();
    gate.disabled = true;
    at.mount.put({ ...at.bot("echo"), gate });
    assert.equal((await at.dispatcher.dispatch(chat("one"), { id: "one" })).kind, "accepted");
    await settle(t, 2);
    assert.equal(store.failures, 0);
    assert.deepEqual(await store.entries("inbox"), []);
    assert.equal(await heard(store), undefined);
  });

  it("leaves what was acknowledged to the next process when this one ends meanwhile", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = new FailingStore();
    store.failures = Number.POSITIVE_INFINITY;
    const at = listener(store);
    await at.dispatcher.dispatch(chat("one"), { id: "one" });
    await settle(t, 2);
    at.dispatcher.abort();
    await at.dispatcher.idle();
    assert.equal(await heard(store), undefined);
    assert.deepEqual(await store.counts("inbox"), { waiting: 1, dead: 0 });
    store.failures = 0;
    const next = listener(store);
    assert.equal(await next.dispatcher.recover(), 1);
    await next.dispatcher.idle();
    assert.deepEqual(await heard(store), ["one"]);
  });
});

/** A store that does not give back what it holds, or does not take the note that it is tried again. */
class ForgetfulStore extends MemoryStore {
  failures = { find: 0, retry: 0 };

  override find(queue: QueueName, id: string): Promise<QueueEntry | undefined> {
    return this.#fails("find") ? failed() : super.find(queue, id);
  }

  override commit(writes: readonly Write[]): Promise<readonly (number | undefined)[]> {
    return writes.some((write) => "retry" in write) && this.#fails("retry") ? failed() : super.commit(writes);
  }

  #fails(operation: "find" | "retry"): boolean {
    if (this.failures[operation] === 0) return false;
    this.failures[operation] -= 1;
    return true;
  }
}

const failed = () => Promise.reject(new StoreIoError("the disk fails"));

/** A store with two stanzas of one conversation that a process has acknowledged, and not handled. */
async function leftBehind(): Promise<ForgetfulStore> {
  const store = new ForgetfulStore();
  const inbox = new Inbox(store);
  for (const body of ["one", "two"])
    await inbox.add(body, "echo@bots.example", "echo@bots.example juliet@example.com", chat(body));
  return store;
}

describe("a store that fails while a stanza from before is taken up", () => {
  for (const operation of ["find", "retry"] as const) {
    it(`is waited for, and what comes later waits its turn (${operation})`, async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const store = await leftBehind();
      store.failures[operation] = 3;
      const at = listener(store);
      assert.equal(await at.dispatcher.recover(), 2);
      void at.dispatcher.dispatch(chat("three"), { id: "three" });
      await settle(t, 1);
      assert.equal(await heard(store), undefined, "as long as the store fails");
      await settle(t, 4);
      assert.deepEqual(await heard(store), ["one", "two", "three"]);
      assert.deepEqual(await store.entries("inbox"), []);
      const failures = at.log.filter(({ level }) => level === ERROR).map(({ msg }) => msg);
      assert.deepEqual(
        failures.map((msg) => /\d+ ms/.exec(msg)?.[0]),
        ["250 ms", "500 ms", "1000 ms"],
      );
    });
  }

  it("leaves all of it to the next process when this one ends meanwhile", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const store = await leftBehind();
    store.failures.find = 1;
    const at = listener(store);
    await at.dispatcher.recover();
    await turns();
    at.dispatcher.abort();
    await at.dispatcher.idle();
    assert.equal(await heard(store), undefined);
    const next = listener(store);
    assert.equal(await next.dispatcher.recover(), 2);
    await next.dispatcher.idle();
    assert.deepEqual(await heard(store), ["one", "two"]);
  });
});

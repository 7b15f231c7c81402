import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { MemoryStore, StoreFullError, StoreIoError, type Write } from "../../src/store/index.ts";
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
function listener(store: FailingStore): World {
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

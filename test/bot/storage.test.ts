import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BufferedStorage } from "../../src/bot/index.ts";
import { ConflictError, MemoryStore } from "../../src/store/index.ts";

describe("BufferedStorage", () => {
  it("keeps its areas apart from each other and from the author's own keys, and commits all of them", async () => {
    const store = new MemoryStore();
    const storage = new BufferedStorage(store, "echo@bots.example");
    storage.set("a", 1);
    storage.area("sessions").set("a", 2);
    storage.area("dialogs").set("a", 3);
    storage.add({ put: { collection: "elsewhere", key: "a", value: 4 } });
    assert.equal(await storage.area("sessions").get("a"), 2);
    assert.equal(await storage.get("a"), 1);
    await store.commit(storage.conclude());
    const later = new BufferedStorage(store, "echo@bots.example");
    assert.deepEqual(
      [await later.get("a"), await later.area("sessions").get("a"), await later.area("dialogs").get("a")],
      [1, 2, 3],
    );
    assert.equal((await store.get("elsewhere", "a"))?.value, 4);
    assert.equal(await new BufferedStorage(store, "other@bots.example").area("sessions").get("a"), undefined);
  });

  it("has values vanish by the clock that it is given", async () => {
    let now = 1_000;
    const clock = { now: () => now, after: () => () => undefined };
    const store = new MemoryStore({ clock: clock.now });
    const storage = new BufferedStorage(store, "echo@bots.example", clock);
    storage.set("a", 1, { ttl: 500 });
    await store.commit(storage.conclude());
    now = 1_499;
    assert.equal(await new BufferedStorage(store, "echo@bots.example").get("a"), 1);
    now = 1_500;
    assert.equal(await new BufferedStorage(store, "echo@bots.example").get("a"), undefined);
  });

  it("commits what rests on what was read in a guarded area only while that is so", async () => {
    const store = new MemoryStore();
    const at = (): BufferedStorage => new BufferedStorage(store, "echo@bots.example");
    const [one, other] = [at(), at()];
    for (const each of [one, other]) {
      const area = each.area("sessions", { guarded: true });
      area.set("count", ((await area.get<number>("count")) ?? 0) + 1);
    }
    await store.commit(one.conclude());
    await assert.rejects(store.commit(other.conclude()), ConflictError);
    const again = at().area("sessions", { guarded: true });
    assert.equal(await again.get("count"), 1);
  });

  it("lets the last one win in an area that is not guarded", async () => {
    const store = new MemoryStore();
    const at = (): BufferedStorage => new BufferedStorage(store, "echo@bots.example");
    const [one, other] = [at(), at()];
    for (const [each, value] of [
      [one, 1],
      [other, 2],
    ] as const) {
      await each.area("settings").get("a");
      each.area("settings").set("a", value);
    }
    await store.commit(one.conclude());
    await store.commit(other.conclude());
    assert.equal(await at().area("settings").get("a"), 2);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BufferedStorage, defineBot, type OwnStorage, ownStorage } from "../../src/bot/index.ts";
import { verify } from "../../src/server/index.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { testbed } from "../../src/testkit/index.ts";
import { world } from "../dispatch/support.ts";

/** A store with its clock, and what the bot `echo` remembers in it. */
function remembering(): { storage: OwnStorage; store: MemoryStore; pass: (time: number) => void } {
  let now = 1_000;
  const store = new MemoryStore({ clock: () => now });
  const clock = { now: () => now, after: () => () => undefined };
  const storage = ownStorage({ ...world({ echo: () => undefined }).bot("echo"), store, clock });
  return {
    storage,
    store,
    pass(time) {
      now += time;
    },
  };
}

describe("what a bot remembers outside its handlers", () => {
  it("is what its handlers remember", async () => {
    const { storage, store } = remembering();
    await storage.set("a", { b: 1 });
    const handler = new BufferedStorage(store, "echo@bots.example");
    assert.deepEqual(await handler.get("a"), { b: 1 });
    handler.set("a", 2);
    await store.commit(handler.conclude());
    assert.equal(await storage.get("a"), 2);
    await storage.delete("a");
    assert.equal(await storage.get("a"), undefined);
  });

  it("vanishes when its time is over", async () => {
    const { storage, pass } = remembering();
    await storage.set("a", 1, { ttl: 500 });
    await storage.update("b", () => 1, { ttl: 500 });
    pass(499);
    assert.deepEqual([await storage.get("a"), await storage.get("b")], [1, 1]);
    pass(1);
    assert.deepEqual([await storage.get("a"), await storage.get("b")], [undefined, undefined]);
  });

  it("loses no update", async () => {
    const { storage } = remembering();
    const count = (): Promise<number> => storage.update<number>("n", (n = 0) => n + 1);
    const counts = await Promise.all(Array.from({ length: 10 }, count));
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.equal(await storage.get("n"), 10);
  });

  it("is set by web hooks and when the bot starts, through restarts", async () => {
    const bot = defineBot({
      name: "alerts",
      summary: "counts alerts",
      routes: (on) =>
        void on.hears("how many", async (ctx) => {
          const [alerts, starts] = await Promise.all(
            ["alerts", "starts"].map((key) => ctx.storage.get<number>(key)),
          );
          return `${alerts} ${starts}`;
        }),
      async start({ storage }) {
        await storage.update<number>("starts", (starts = 0) => starts + 1);
      },
      web(app, { storage }) {
        app.post("/", verify.bearer("secret"), async (c) => {
          await storage.update<number>("alerts", (count = 0) => count + 1);
          return c.body(null, 204);
        });
      },
    });
    await using bed = await testbed(bot);
    const call = { method: "POST", headers: { authorization: "Bearer secret" } };
    assert.equal((await bed.calls("/bots/alerts/", call)).status, 204);
    await bed.restart();
    await bed.calls("/bots/alerts/", call);
    (await bed.alice.says("how many")).expect("2 2");
  });
});

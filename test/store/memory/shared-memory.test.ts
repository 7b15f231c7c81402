import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConflictError, SharedMemory, type Write } from "../../../src/store/index.ts";
import { leaseConformance } from "../conformance/leases.ts";
import { conformance } from "../conformance.ts";
import { TestClock } from "../support/clock.ts";

const HELLO: Write = { enqueue: { queue: "inbox", id: "a", key: "juliet", payload: "hello" } };

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("a node of a SharedMemory", () => {
  conformance(async (options) => new SharedMemory(options).open());
  leaseConformance(async (leaseDuration) => {
    const memory = new SharedMemory({ leaseDuration });
    return {
      open: async () => {
        const store = memory.open();
        return { store, pause: () => store.pause(), resume: () => store.resume() };
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  });

  it("keeps its key through a pause that is short, and loses it in one that is not, though nobody took it", async () => {
    const clock = new TestClock();
    const memory = new SharedMemory({ clock: clock.read, leaseDuration: 1_000 });
    const [one, other] = [memory.open(), memory.open()];
    const claim = await one.leases.claim("inbox", "juliet");
    assert.ok(claim);
    one.pause();
    clock.now += 999;
    assert.equal(await other.leases.claim("inbox", "juliet"), undefined);
    one.resume();
    assert.ok(one.leases.isHeld(claim.lease));
    clock.now += 10_000;
    assert.ok(one.leases.isHeld(claim.lease), "a node that runs is not silent");
    one.pause();
    clock.now += 1_000;
    one.resume();
    assert.ok(!one.leases.isHeld(claim.lease));
    await assert.rejects(one.commit([{ fence: claim.lease }, HELLO]), ConflictError);
    const again = await one.leases.claim("inbox", "juliet");
    assert.ok(again && again.lease.token > claim.lease.token);
  });

  it("that stands still hears no answer, not even to what was done, before it goes on", async () => {
    const memory = new SharedMemory();
    const [one, other] = [memory.open(), memory.open()];
    let heard = 0;
    const asked = one.commit([HELLO]).then(() => (heard += 1));
    one.pause();
    const later = one.find("inbox", "a").then(() => (heard += 1));
    await settled();
    assert.equal(heard, 0);
    assert.equal((await other.counts("inbox")).waiting, 1);
    one.resume();
    await Promise.all([asked, later]);
    assert.equal(heard, 2);
  });

  it("that has crashed leaves its keys to others when it has been silent for too long; one that is closed, at once", async () => {
    const clock = new TestClock();
    const memory = new SharedMemory({ clock: clock.read, leaseDuration: 1_000 });
    const [one, second, third] = [memory.open(), memory.open(), memory.open()];
    await one.leases.claim("inbox", "juliet");
    await one.commit([HELLO]);
    one.crash();
    assert.deepEqual(await second.heads("inbox", { limit: 10 }), []);
    clock.now += 1_000;
    assert.deepEqual(
      (await second.heads("inbox", { limit: 10 })).map(({ id }) => id),
      ["a"],
    );
    assert.equal((await second.leases.claim("inbox", "juliet"))?.head?.id, "a");
    const woken: string[] = [];
    third.leases.listen((queue) => void woken.push(queue));
    await second.close();
    assert.ok(await third.leases.claim("inbox", "juliet"));
    await settled();
    assert.ok(woken.includes("inbox"));
  });
});

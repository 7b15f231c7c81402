import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { LaneFullError, Lanes } from "../../src/dispatch/lanes.ts";
import { turns } from "./support.ts";

/** Adds a task where there is room, as the dispatcher does. */
function run(lanes: Lanes, key: string | object, task: () => void | Promise<void>): boolean {
  lanes.assertRoom(key);
  return lanes.add(key, task);
}

describe("Lanes", () => {
  it("keeps the order of a key and runs keys side by side, whatever is sync, async, or queued from inside", async () => {
    const job = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      mode: fc.constantFrom("sync", "async", "nesting"),
      turns: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 40 }), async (jobs) => {
        const lanes = new Lanes();
        const begun: Record<string, number[]> = { a: [], b: [], c: [] };
        const queued: Record<string, number[]> = { a: [], b: [], c: [] };
        const running = new Set<string>();
        let next = 0;
        const add = (key: string, mode: string, wait: number): void => {
          const id = next++;
          queued[key]?.push(id);
          run(lanes, key, () => {
            assert.ok(!running.has(key), "two tasks of one key at a time");
            begun[key]?.push(id);
            if (mode === "nesting") add(key, "sync", 0);
            if (mode !== "async") return undefined;
            running.add(key);
            return (async () => {
              for (let turn = 0; turn < wait; turn += 1) await turns();
              running.delete(key);
            })();
          });
        };
        for (const { key, mode, turns: wait } of jobs) add(key, mode, wait);
        while (lanes.pending > 0) await turns();
        assert.deepEqual(begun, queued);
        assert.equal(lanes.keys, 0);
      }),
      { numRuns: 60 },
    );
  });

  it("starts a task at once where nothing of its key is at work", () => {
    const lanes = new Lanes();
    const never = new Promise<void>(() => undefined);
    assert.equal(
      run(lanes, "a", () => never),
      true,
    );
    assert.equal(
      run(lanes, "a", () => undefined),
      false,
    );
    assert.equal(
      run(lanes, "b", () => undefined),
      true,
    );
    assert.equal(
      run(lanes, {}, () => never),
      true,
    );
    assert.equal(
      run(lanes, {}, () => never),
      true,
    );
    assert.equal(lanes.pending, 4);
  });

  it("holds nothing for a key that has no work", async () => {
    const lanes = new Lanes();
    for (let index = 0; index < 5_000; index += 1) {
      run(lanes, `conversation ${index}`, () => (index % 2 === 0 ? undefined : Promise.resolve()));
    }
    await turns();
    assert.equal(lanes.keys, 0);
    assert.equal(lanes.pending, 0);
  });

  it("does not grow the stack with tasks that end at once", async () => {
    const lanes = new Lanes({ perLane: 50_000, total: 50_000 });
    const gate = Promise.withResolvers<void>();
    let done = 0;
    run(lanes, "a", () => gate.promise);
    for (let index = 0; index < 30_000; index += 1) {
      run(lanes, "a", () => {
        done += 1;
      });
    }
    gate.resolve();
    await turns();
    assert.equal(done, 30_000);
    assert.equal(lanes.keys, 0);
  });

  it("lets no more wait in a lane than it may, at its edge and at none", () => {
    const never = new Promise<void>(() => undefined);
    for (const perLane of [0, 1, 3]) {
      const lanes = new Lanes({ perLane });
      run(lanes, "a", () => never);
      for (let index = 0; index < perLane; index += 1) run(lanes, "a", () => undefined);
      assert.throws(() => run(lanes, "a", () => undefined), LaneFullError);
      assert.equal(
        run(lanes, "b", () => undefined),
        true,
      );
      assert.equal(lanes.pending, 1 + perLane);
    }
  });

  it("lets no more be at work in all lanes than may, and takes some again when some are through", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lanes = new Lanes({ total: 2 });
    for (const [index, { promise }] of gates.entries()) run(lanes, `${index}`, () => promise);
    assert.throws(() => run(lanes, "other", () => undefined), LaneFullError);
    gates[0]?.resolve();
    await turns();
    assert.equal(
      run(lanes, "other", () => undefined),
      true,
    );
    assert.throws(() => run(new Lanes({ total: 0 }), "a", () => undefined), LaneFullError);
  });

  it("tells whether somebody waits in a lane for the one who is at work", async () => {
    const lanes = new Lanes();
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    run(lanes, "a", () => gates[0]?.promise);
    const seen = [lanes.isAwaited("a"), lanes.isAwaited("b")];
    run(lanes, "a", () => gates[1]?.promise);
    seen.push(lanes.isAwaited("a"));
    gates[0]?.resolve();
    await turns();
    seen.push(lanes.isAwaited("a"));
    gates[1]?.resolve();
    assert.deepEqual(seen, [false, false, true, false]);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Slots } from "../../src/outbound/slots.ts";

test("no more are in than there are places, all get in by turns, and who aborts never does", async () => {
  const steps = fc.array(fc.constantFrom("ask", "leave", "abort"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      steps,
      fc.infiniteStream(fc.nat(99)),
      async (size, plan, picks) => {
        const slots = new Slots(size);
        const inside: number[] = [];
        const entered: number[] = [];
        const aborted = new Set<number>();
        const waiting = new Map<number, AbortController>();
        let next = 0;
        const settle = async (): Promise<void> => {
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        };
        for (const step of plan) {
          if (step === "ask") {
            const id = next++;
            const controller = new AbortController();
            waiting.set(id, controller);
            slots.acquire(controller.signal).then(
              () => {
                waiting.delete(id);
                entered.push(id);
                inside.push(id);
              },
              () => waiting.delete(id),
            );
          } else if (step === "leave" && inside.length > 0) {
            inside.shift();
            slots.release();
          } else if (step === "abort" && waiting.size > 0) {
            const ids = [...waiting.keys()];
            const id = ids[(picks.next().value ?? 0) % ids.length] as number;
            aborted.add(id);
            waiting.get(id)?.abort();
          }
          await settle();
          assert.ok(inside.length <= size);
          assert.equal(
            waiting.size === 0 || inside.length === size,
            true,
            "nobody waits while there is a place",
          );
        }
        while (inside.length > 0) {
          inside.shift();
          slots.release();
          await settle();
        }
        const expected = Array.from({ length: next }, (_, id) => id).filter((id) => !aborted.has(id));
        assert.deepEqual(entered, expected);
      },
    ),
    { numRuns: 300 },
  );
});

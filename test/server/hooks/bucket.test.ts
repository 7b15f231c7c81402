import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Bucket } from "../../../src/server/hooks/bucket.ts";

test("never lets more pass than the burst and what the time adds, and what it says to wait is enough", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: -10, max: 500 }), { maxLength: 100 }),
      (perSecond, burst, pauses) => {
        let now = 0;
        const bucket = new Bucket({ perSecond, burst }, () => now);
        let passed = 0;
        let latest = 0;
        for (const pause of pauses) {
          now += pause;
          latest = Math.max(latest, now);
          const wait = bucket.take();
          if (wait === 0) {
            passed += 1;
            continue;
          }
          now += wait;
          latest = Math.max(latest, now);
          assert.equal(bucket.take(), 0, "after the wait it is its turn");
          passed += 1;
        }
        // A clock that goes back and forth again adds what it went twice.
        const gained = pauses.filter((pause) => pause < 0).reduce((sum, pause) => sum - pause, 0);
        assert.ok(passed <= burst + ((latest + gained) / 1000) * perSecond + 1e-6);
      },
    ),
  );
});

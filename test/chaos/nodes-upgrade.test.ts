import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { needsProsody } from "../prosody/support.ts";
import { more, survive } from "./support/site.ts";

/** How often all nodes are replaced; more for a long run: `RESTANZA_NODE_UPGRADES=20 npm test`. */
const UPGRADES = Number(process.env["RESTANZA_NODE_UPGRADES"] ?? 1);

describe("three nodes on PostgreSQL behind nginx, upgraded under load", needsProsody, () => {
  test(`${UPGRADES} times each is stopped and replaced, one after another: nothing is lost, reordered or doubled`, async (t) => {
    await survive(t, true, async ({ nodes, accounts }) => {
      for (let upgrade = 0; upgrade < UPGRADES; upgrade += 1) {
        for (const node of nodes) {
          await more(accounts);
          assert.equal(await node.stop(), 0);
          await node.startAgain();
        }
      }
    });
  });
});

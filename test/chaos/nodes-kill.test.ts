import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { needsProsody } from "../prosody/support.ts";
import { LEASE_DURATION, more, type Site, survive } from "./support/site.ts";

/** How often a node is killed; more for a long run: `RESTANZA_NODE_KILLS=100 npm test`. */
const NODE_KILLS = Number(process.env["RESTANZA_NODE_KILLS"] ?? 2);
/** How often PostgreSQL is killed; more for a long run: `RESTANZA_POSTGRES_KILLS=50 npm test`. */
const POSTGRES_KILLS = Number(process.env["RESTANZA_POSTGRES_KILLS"] ?? 2);
/** How often a node stands still for longer than its lease; more for a long run: `RESTANZA_NODE_PAUSES=10 npm test`. */
const PAUSES = Number(process.env["RESTANZA_NODE_PAUSES"] ?? 1);
type Trouble = (site: Site) => Promise<void>;

const killNode: Trouble = async ({ nodes }) => {
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  await node?.kill();
  await sleep(Math.random() * 500);
  await node?.startAgain();
};

const killPostgres: Trouble = async ({ postgres }) => {
  await postgres.kill();
  await sleep(Math.random() * 500);
  await postgres.startAgain();
};

const pause: Trouble = async ({ nodes }) => {
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  node?.pause();
  await sleep(LEASE_DURATION * 1.5);
  node?.resume();
};

/*
 * Callbacks go to the nodes in turn, so that each conversation is all over them.
 *
 * A confirmation is seen twice when Prosody took it, and the node that sent it was killed, or could not reach the store, before
 * it had noted that: whoever takes the conversation over sends it again, with the same id.
 */
describe("three nodes on PostgreSQL behind nginx, all of them killed and paused", needsProsody, () => {
  test(`${NODE_KILLS} nodes, ${POSTGRES_KILLS} times PostgreSQL, ${PAUSES} pauses past the lease: nothing is lost, reordered or doubled`, async (t) => {
    const troubles = [
      ...Array<Trouble>(NODE_KILLS).fill(killNode),
      ...Array<Trouble>(POSTGRES_KILLS).fill(killPostgres),
      ...Array<Trouble>(PAUSES).fill(pause),
    ]
      .map((trouble) => ({ trouble, rank: Math.random() }))
      .sort((one, other) => one.rank - other.rank);
    await survive(t, false, async (site) => {
      for (const { trouble } of troubles) {
        await more(site.accounts);
        await trouble(site);
        for (const node of site.nodes) assert.ok(node.alive, "nothing but a kill ends a node");
      }
    });
  });
});

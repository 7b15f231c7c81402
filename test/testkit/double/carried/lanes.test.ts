import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { el } from "../../../../src/stanza/index.ts";
import type { Job } from "../../../../src/testkit/double/carried/job.ts";
import { type LaneLimits, Lanes } from "../../../../src/testkit/double/carried/lanes.ts";

const WIDE: LaneLimits = { connections: 64, queue: 100, queuePerConversation: 100, queueBytes: 1_000 };

function job(id: string, key = "a", iq = false): Job {
  return {
    id,
    key,
    iq,
    stanza: el(iq ? "iq" : "message"),
    origin: { send: () => undefined },
    url: "",
    headers: {},
    body: "x",
    bytes: 1,
    arrived: 0,
    attempts: 0,
    turn: 0,
    written: undefined,
    keptSince: undefined,
    ownFailures: 0,
  };
}

/** Lanes, and the ids of the jobs in the order in which they were started. */
function started(limits: Partial<LaneLimits> = {}): { lanes: Lanes; ids: string[] } {
  const ids: string[] = [];
  const lanes = new Lanes({ ...WIDE, ...limits }, ({ id }) => void ids.push(id));
  return { lanes, ids };
}

describe("the lanes of mod_restanza_callback", () => {
  test("a conversation has one message under way, others and IQs do not wait for it", () => {
    const { lanes, ids } = started();
    const first = job("a1");
    for (const each of [first, job("a2"), job("b1", "b"), job("iq", "a", true)]) lanes.add(each);
    assert.deepEqual(ids, ["a1", "b1", "iq"]);
    lanes.finished(first);
    assert.deepEqual(ids, ["a1", "b1", "iq", "a2"]);
    assert.equal(lanes.waiting, 0);
  });

  test("an eighth of the connections is kept for IQs", () => {
    const { lanes, ids } = started({ connections: 8 });
    for (let at = 0; at < 8; at += 1) lanes.add(job(`m${at}`, `k${at}`));
    assert.equal(ids.length, 7);
    lanes.add(job("iq", "k0", true));
    assert.equal(ids.at(-1), "iq");
    assert.equal(lanes.add(job("late", "k9", true)), undefined);
    assert.equal(ids.length, 8);
  });

  test("a limit that keeps a job out is named", () => {
    const fill = (limits: Partial<LaneLimits>, ...jobs: Job[]) => {
      const { lanes } = started(limits);
      return jobs.map((each) => lanes.add(each)).at(-1);
    };
    const two = [job("1"), job("2")] as const;
    assert.equal(fill({ queue: 1 }, ...two, job("3", "a")), "restanza_callback_queue");
    assert.equal(fill({ queue: 1 }, ...two, job("3", "b")), undefined, "it can start at once");
    assert.equal(
      fill({ queuePerConversation: 1 }, ...two, job("3")),
      "restanza_callback_queue_per_conversation",
    );
    assert.equal(fill({ queueBytes: 1 }, ...two, job("3")), "restanza_callback_queue_bytes");
  });

  test("while paused nothing starts but one at a time, and what failed keeps its place", () => {
    const { lanes, ids } = started();
    lanes.paused = true;
    for (const each of [job("a1"), job("a2"), job("b1", "b")]) lanes.add(each);
    assert.deepEqual(ids, []);
    const tried = lanes.startOne();
    assert.ok(tried);
    lanes.putBack(tried, false);
    assert.deepEqual([lanes.startOne()?.id, ids], ["b1", ["a1", "b1"]]);
    lanes.paused = false;
    lanes.pump();
    assert.deepEqual(ids, ["a1", "b1", "a1"], "the first of a conversation first");
  });

  test("a conversation rests until it is woken, and no longer than that", () => {
    const { lanes, ids } = started();
    const first = job("a1");
    lanes.add(first);
    lanes.add(job("a2"));
    lanes.putBack(first, true);
    lanes.add(job("b1", "b"));
    lanes.wake("b");
    assert.deepEqual(ids, ["a1", "b1"]);
    lanes.wake("a");
    assert.deepEqual(ids, ["a1", "b1", "a1"]);
  });

  test("what is over is taken from the head of what has nothing under way", () => {
    const { lanes, ids } = started();
    lanes.add(job("under way"));
    lanes.add(job("behind it"));
    lanes.paused = true;
    for (const id of ["old1", "old2", "new", "old3"]) lanes.add(job(id, "b"));
    const over = lanes.takeOver(({ id }) => id.startsWith("old") || id === "behind it");
    assert.deepEqual(
      over.map(({ id }) => id),
      ["old1", "old2"],
    );
    assert.equal(lanes.waiting, 3);
    lanes.paused = false;
    lanes.pump();
    assert.deepEqual(ids, ["under way", "new"]);
  });
});

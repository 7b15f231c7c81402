import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Shares } from "../../../src/outbound/files/shares.ts";

const NEVER = new AbortController().signal;

describe("shares of places", () => {
  test("are given in the order of asking to who has room left, past who has not", async () => {
    const places = new Shares(3);
    const entered: string[] = [];
    const ask = async (name: string, key: string): Promise<() => void> => {
      const release = await places.acquire([{ key, most: 2 }], NEVER);
      entered.push(name);
      return release;
    };
    const releases = await Promise.all([ask("a1", "a"), ask("a2", "a")]);
    const [a3, b1, b2, a4] = [ask("a3", "a"), ask("b1", "b"), ask("b2", "b"), ask("a4", "a")];
    const first = await b1;
    assert.deepEqual(entered, ["a1", "a2", "b1"]);
    first();
    const second = await b2;
    releases[0]?.();
    const third = await a3;
    assert.deepEqual(entered, ["a1", "a2", "b1", "b2", "a3"]);
    for (const release of [second, third]) release();
    (await a4)();
    releases[1]?.();
    const again = await Promise.all([ask("a5", "a"), ask("a6", "a"), ask("b3", "b")]);
    assert.equal(again.length, 3, "all came back");
  });

  test("are not waited for any more once the signal says so", async () => {
    const places = new Shares(1);
    const release = await places.acquire([], NEVER);
    const enough = new AbortController();
    const waiting = places.acquire([], enough.signal);
    enough.abort(new Error("enough"));
    await assert.rejects(waiting, /^Error: enough$/);
    await assert.rejects(places.acquire([], enough.signal), /^Error: enough$/);
    release();
    (await places.acquire([], NEVER))();
  });
});

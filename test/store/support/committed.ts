import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Store } from "../../../src/store/index.ts";

/** Conversations that commit at once. */
export const LANES = 6;
/** How many entries of a conversation stay in the queue. */
export const BACKLOG = 4;

/** The last commit of each conversation that was acknowledged. */
export type Acknowledged = Map<number, number>;

/** A process that commits until it is killed. */
export class Committer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly acknowledged: Acknowledged;
  #count = 0;
  #watch: { readonly count: number; readonly reached: () => void } | undefined;

  /** @param script which program, of those that commit; `store` is the file or the URL that it is given. */
  constructor(script: URL, store: string, acknowledged: Acknowledged = new Map()) {
    this.acknowledged = acknowledged;
    this.#child = spawn(process.execPath, [fileURLToPath(script), store], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { stdout } = this.#child;
    assert.ok(stdout);
    createInterface({ input: stdout }).on("line", (line) => {
      const [lane = Number.NaN, number = Number.NaN] = line.split(" ").map(Number);
      acknowledged.set(lane, number);
      this.#count += 1;
      if (this.#count === this.#watch?.count) this.#watch.reached();
    });
    this.#ended = once(this.#child, "close");
  }

  /** Waits until so many more commits were acknowledged. */
  async after(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watch = { count: this.#count + count, reached: resolve };
    const ended = this.#ended.then(() => assert.fail("the committer ended by itself"));
    await Promise.race([promise, ended]);
    ended.catch(() => undefined);
  }

  /** Kills it in the middle of whatever it does, and waits until everything that it said was heard. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** Checks that everything acknowledged is there, that each commit is there as a whole, and that the order was kept. */
export async function checkCommitted(store: Store, acknowledged: Acknowledged): Promise<void> {
  const entries = await store.entries("inbox", { limit: LANES * (BACKLOG + 1) });
  for (let lane = 0; lane < LANES; lane += 1) {
    const key = `lane${lane}`;
    const number = Number((await store.get("first", key))?.value ?? 0);
    const known = acknowledged.get(lane) ?? 0;
    assert.ok(number >= known, `${key}: ${known} was acknowledged, ${number} is there`);
    assert.ok(number <= known + 1, `${key}: ${number} is there, though ${known + 1} was not acknowledged`);
    assert.equal(Number((await store.get("second", key))?.value ?? 0), number, `${key}: half a commit`);
    const expected = Array.from({ length: Math.min(number, BACKLOG) }, (_, index) =>
      number < BACKLOG ? index + 1 : number - BACKLOG + index + 1,
    );
    assert.deepEqual(
      entries.filter((entry) => entry.key === key).map(({ payload }) => payload),
      expected,
      `${key}: the queue`,
    );
    // What was killed before it could say so was committed all the same.
    acknowledged.set(lane, number);
  }
  const heads = await store.heads("inbox", { limit: LANES });
  for (const { key, payload } of heads) {
    assert.equal(payload, entries.find((entry) => entry.key === key)?.payload, `${key}: the head`);
  }
}

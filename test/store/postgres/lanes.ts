import assert from "node:assert/strict";
import { ConflictError, type Store, StoreIoError } from "../../../src/store/index.ts";
import { laneCommit } from "../support/commit-forever.ts";
import { type Acknowledged, LANES } from "../support/committed.ts";

/** Several conversations that commit one after the other through whatever happens to the server, until they are told to stop. */
export class Lanes {
  readonly acknowledged: Acknowledged = new Map();
  /** Commits whose fate was unknown, and how many of them had happened. */
  unknown = 0;
  happened = 0;
  readonly #store: Store;
  readonly #done: Promise<unknown>;
  #count = 0;
  #watch: { readonly count: number; readonly reached: () => void } | undefined;
  #stopped = false;

  constructor(store: Store) {
    this.#store = store;
    this.#done = Promise.all(Array.from({ length: LANES }, (_, lane) => this.#run(lane)));
    this.#done.catch(() => undefined);
  }

  /** Waits until so many more commits were acknowledged. */
  async after(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watch = { count: this.#count + count, reached: resolve };
    await Promise.race([promise, this.#done]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(lane: number): Promise<void> {
    let [done, version] = await this.#state(lane);
    while (!this.#stopped) {
      try {
        [version] = (await this.#store.commit(laneCommit(lane, done + 1, version))) as [number];
        done += 1;
      } catch (error) {
        const isUnknown = error instanceof StoreIoError && error.message.includes("may turn out");
        if (isUnknown) this.unknown += 1;
        // A commit whose fate was unknown may have happened later than it was looked for.
        else assert.ok(error instanceof StoreIoError || error instanceof ConflictError, String(error));
        const before = done;
        [done, version] = await this.#state(lane);
        assert.ok(done === before || done === before + 1, `lane ${lane} was at ${before}, and is at ${done}`);
        if (done === before) continue;
        this.happened += 1;
      }
      this.acknowledged.set(lane, done);
      this.#count += 1;
      if (this.#watch && this.#count >= this.#watch.count) this.#watch.reached();
    }
  }

  /** Asks until the server answers. */
  async #state(lane: number): Promise<[done: number, version: number]> {
    for (;;) {
      try {
        const record = await this.#store.get("first", `lane${lane}`);
        return [Number(record?.value ?? 0), record?.version ?? 0];
      } catch (error) {
        assert.ok(error instanceof StoreIoError, String(error));
      }
    }
  }
}

import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { ConflictError, type Store } from "../store/index.ts";

const COLLECTION = "nodes";

/** Where it is kept which life this is: from the start of the first node until the end of the last. */
const LIFE = { collection: "life of the nodes", key: "life" };

/** How often a node says that it is there, within the time after which the others believe that it is gone. */
const BEATS = 3;

/**
 * The nodes that share a store, each by a record that it renews and that expires when it has been silent for as long as its
 * leases last. Where the store is this process's alone, it is alone.
 */
export class Nodes {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #onBeat: () => Promise<void>;
  readonly #key = randomUUID();
  #beating: NodeJS.Timeout | undefined;

  /** @param onBeat what else to do each time. */
  constructor(store: Store, log: Logger, onBeat: () => Promise<void>) {
    this.#store = store;
    this.#log = log;
    this.#onBeat = onBeat;
  }

  /**
   * Says from now on that this node is there.
   *
   * @returns a name for the time from the start of the first node until the end of the last: the same for all that are there together.
   */
  async join(): Promise<string> {
    const { leases } = this.#store;
    const life = randomUUID();
    if (leases === undefined) return life;
    await this.#put(leases.duration);
    const shared = await this.#live(life, leases.duration);
    this.#beating = setInterval(() => {
      Promise.all([this.#put(leases.duration), this.#live(shared, leases.duration), this.#onBeat()]).catch(
        (error: unknown) =>
          this.#log.warn({ err: error }, "the other nodes could not be told that this one is there"),
      );
    }, leases.duration / BEATS);
    return shared;
  }

  /**
   * Says that this node is gone.
   *
   * @returns whether no other one is left. Of two that end at once both may be told so, but never none.
   */
  async leave(): Promise<boolean> {
    if (this.#store.leases === undefined) return true;
    clearInterval(this.#beating);
    try {
      await this.#store.commit([{ delete: { collection: COLLECTION, key: this.#key } }]);
      const isLast = (await this.#store.list(COLLECTION, { limit: 1 })).length === 0;
      if (isLast) await this.#store.commit([{ delete: LIFE }]);
      return isLast;
    } catch (error) {
      // A bot that stays in its rooms although nobody serves it does less harm than one that is taken out of them.
      this.#log.warn({ err: error }, "it is not known whether other nodes are left");
      return false;
    }
  }

  /** Has the life go on, or begin where there is none. @returns which it is. */
  async #live(wanted: string, duration: number): Promise<string> {
    for (;;) {
      const record = await this.#store.get(LIFE.collection, LIFE.key);
      const value = (record?.value as string | undefined) ?? wanted;
      const put = { ...LIFE, value, expires: Date.now() + duration, ifVersion: record?.version ?? 0 };
      try {
        await this.#store.commit([{ put }]);
        return value;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  async #put(life: number): Promise<void> {
    const expires = Date.now() + life;
    await this.#store.commit([{ put: { collection: COLLECTION, key: this.#key, value: null, expires } }]);
  }
}

import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Store } from "../store/index.ts";

const COLLECTION = "nodes";

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

  /** Says from now on that this node is there. */
  async join(): Promise<void> {
    const { leases } = this.#store;
    if (leases === undefined) return;
    await this.#put(leases.duration);
    this.#beating = setInterval(() => {
      Promise.all([this.#put(leases.duration), this.#onBeat()]).catch((error: unknown) =>
        this.#log.warn({ err: error }, "the other nodes could not be told that this one is there"),
      );
    }, leases.duration / BEATS);
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
      return (await this.#store.list(COLLECTION, { limit: 1 })).length === 0;
    } catch (error) {
      // A bot that stays in its rooms although nobody serves it does less harm than one that is taken out of them.
      this.#log.warn({ err: error }, "it is not known whether other nodes are left");
      return false;
    }
  }

  async #put(life: number): Promise<void> {
    const expires = Date.now() + life;
    await this.#store.commit([{ put: { collection: COLLECTION, key: this.#key, value: null, expires } }]);
  }
}

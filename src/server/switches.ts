import type { Store } from "../store/index.ts";

/** Which bots of a mount are switched off, as all nodes know it. */
export class Switches {
  readonly #collection: string;
  readonly #store: Pick<Store, "get" | "commit"> | undefined;

  /** @param store default: they are forgotten when the process ends. */
  constructor(domain: string, store: Pick<Store, "get" | "commit"> | undefined) {
    this.#collection = `disabled ${domain}`;
    this.#store = store;
  }

  /** Whether the store says that a bot is off; `undefined` where there is no store. */
  async isOff(name: string): Promise<boolean | undefined> {
    return this.#store && (await this.#store.get(this.#collection, name)) !== undefined;
  }

  async set(name: string, off: boolean): Promise<void> {
    const place = { collection: this.#collection, key: name };
    await this.#store?.commit([off ? { put: { ...place, value: true } } : { delete: place }]);
  }
}

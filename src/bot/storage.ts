import type { JsonValue, Store, Write } from "../store/index.ts";

/** How to keep a value. */
export interface StorageOptions {
  /** After how many milliseconds it vanishes; default: never. */
  readonly ttl?: number;
}

/**
 * What a bot remembers, by keys of its own choosing.
 *
 * What a handler sets is kept when the handler is through, together with the note that its stanza is handled, all or
 * nothing: a handler that fails, or whose process ends, has set nothing, and one that is run again starts from what was before.
 * Handlers of one conversation run one after another, so a key that belongs to one conversation never loses an update;
 * of a key that several conversations share, the last one to be through wins.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 *
 * defineBot({
 *   name: "counter",
 *   summary: "counts what you say",
 *   routes(bot) {
 *     bot.on("message:body", async (ctx) => {
 *       const key = String(ctx.from.bare);
 *       const count = ((await ctx.storage.get<number>(key)) ?? 0) + 1;
 *       ctx.storage.set(key, count);
 *       return `That was number ${count}.`;
 *     });
 *   },
 * });
 * ```
 */
export interface Storage {
  /** The value under a key, what this handler has set included; `undefined` where there is none. */
  get<Value extends JsonValue = JsonValue>(key: string): Promise<Value | undefined>;
  set(key: string, value: JsonValue, options?: StorageOptions): void;
  delete(key: string): void;
}

/** @internal The storage of one bot, as one handler sees it: what it changes waits until it is through. */
export class BufferedStorage implements Storage {
  readonly #store: Pick<Store, "get">;
  readonly #collection: string;
  readonly #changes = new Map<string, Write>();

  constructor(store: Pick<Store, "get">, bot: string) {
    this.#store = store;
    this.#collection = `bot ${bot}`;
  }

  async get<Value extends JsonValue>(key: string): Promise<Value | undefined> {
    const change = this.#changes.get(key);
    if (change === undefined)
      return (await this.#store.get(this.#collection, key))?.value as Value | undefined;
    // A copy, as the store would give: what is set is what it was at that moment.
    return "put" in change ? (structuredClone(change.put.value) as Value) : undefined;
  }

  set(key: string, value: JsonValue, { ttl }: StorageOptions = {}): void {
    const expires = ttl === undefined ? undefined : Date.now() + ttl;
    this.#changes.set(key, {
      put: { collection: this.#collection, key, value: structuredClone(value), expires },
    });
  }

  delete(key: string): void {
    this.#changes.set(key, { delete: { collection: this.#collection, key } });
  }

  /** What has been changed, to be committed. */
  get writes(): readonly Write[] {
    return [...this.#changes.values()];
  }
}

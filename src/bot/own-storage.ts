import { ConflictError, type JsonValue, type Store, SYSTEM_CLOCK } from "../store/index.ts";
import type { BotHandle } from "./bot-handle.ts";
import { MOST_TRIES, type StorageOptions, storageOf } from "./storage.ts";

/**
 * What a bot remembers, outside its handlers: in web hooks, and in `start`, `health` and `stop`. It has the keys of `ctx.storage`. A change is
 * safe in the store once its promise resolves, whatever becomes of what follows it.
 */
export interface OwnStorage {
  /** The value under a key; `undefined` where there is none. */
  get<Value extends JsonValue = JsonValue>(key: string): Promise<Value | undefined>;
  /** @throws StoreError when it could not be kept. */
  set(key: string, value: JsonValue, options?: StorageOptions): Promise<void>;
  /** @throws StoreError when it could not be done. */
  delete(key: string): Promise<void>;
  /**
   * Sets what is made of the value that there is. Of several updates at the same time none is lost; a handler that sets the same key by
   * `ctx.storage` wins if it is through later.
   *
   * @param change is asked again where somebody else was faster.
   * @returns what was set.
   * @throws StoreError when it could not be kept.
   * @example
   * ```ts
   * import { defineBot, verify } from "restanza";
   *
   * defineBot({
   *   name: "alerts",
   *   summary: "counts alerts",
   *   routes: (bot) => void bot.hears("how many", async (ctx) => String((await ctx.storage.get("alerts")) ?? 0)),
   *   web(app, { storage }) {
   *     app.post("/", verify.bearer("secret"), async (c) => {
   *       await storage.update<number>("alerts", (count = 0) => count + 1);
   *       return c.body(null, 204);
   *     });
   *   },
   * });
   * ```
   */
  update<Value extends JsonValue = JsonValue>(
    key: string,
    change: (value: Value | undefined) => Value,
    options?: StorageOptions,
  ): Promise<Value>;
}

/** @internal What a bot remembers, with its own hands on the store. */
export function ownStorage({ jid, store, clock = SYSTEM_CLOCK }: BotHandle): OwnStorage {
  const collection = storageOf(jid.toString());
  const kept = (): Pick<Store, "get" | "commit"> => {
    if (store === undefined) throw new Error(`${jid} has nothing to keep its storage in`);
    return store;
  };
  const put = (key: string, value: JsonValue, { ttl }: StorageOptions, ifVersion?: number) =>
    kept().commit([
      {
        put: {
          collection,
          key,
          value,
          expires: ttl === undefined ? undefined : clock.now() + ttl,
          ifVersion,
        },
      },
    ]);
  return {
    async get<Value extends JsonValue>(key: string) {
      return (await store?.get(collection, key))?.value as Value | undefined;
    },
    async set(key, value, options = {}) {
      await put(key, value, options);
    },
    async delete(key) {
      await kept().commit([{ delete: { collection, key } }]);
    },
    async update<Value extends JsonValue>(
      key: string,
      change: (value: Value | undefined) => Value,
      options: StorageOptions = {},
    ) {
      for (let tries = 1; ; tries += 1) {
        const record = await kept().get(collection, key);
        const value = change(record?.value as Value | undefined);
        try {
          await put(key, value, options, record?.version ?? 0);
          return value;
        } catch (error) {
          if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
        }
      }
    },
  };
}

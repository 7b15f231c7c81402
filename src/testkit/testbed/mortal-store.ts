import type { Store } from "../../store/index.ts";
import type { Activity } from "./activity.ts";

/** A store as one process sees it: when the process is killed it hears nothing of it any more, while what it holds stays. */
export function mortalStore(store: Store, activity: Activity, isOver: () => boolean): Store {
  const watched =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isOver()) return await new Promise<never>(() => undefined);
      activity.note();
      return await call.apply(store, args);
    };
  return {
    leases: undefined,
    get: watched(store.get),
    list: watched(store.list),
    commit: watched(store.commit),
    heads: watched(store.heads),
    nextAt: watched(store.nextAt),
    find: watched(store.find),
    entries: watched(store.entries),
    counts: watched(store.counts),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

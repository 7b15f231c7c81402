import type { EntriesOptions, QueueEntry, QueueName, Store, Write } from "../../store/index.ts";
import type { Channel, Procedures } from "./channel.ts";

/** What a bot's process may do with the store: all, but of the inbox it sees what is its own. */
export function storeProcedures(
  store: Store,
  bot: string,
  onCommit: (writes: readonly Write[]) => void,
): Procedures {
  const entries = async (queue: QueueName, options: EntriesOptions = {}): Promise<readonly QueueEntry[]> => {
    const { limit = 100 } = options;
    const own: QueueEntry[] = [];
    for (let { after } = options; ; ) {
      const page = await store.entries(queue, { ...options, limit, ...(after !== undefined && { after }) });
      own.push(...page.filter(({ payload }) => isOf(payload, bot)));
      after = page.at(-1)?.sequence;
      if (page.length < limit || own.length >= limit) return own.slice(0, limit);
    }
  };
  return {
    "store.get": store.get.bind(store),
    "store.list": store.list.bind(store),
    "store.heads": store.heads.bind(store),
    "store.nextAt": store.nextAt.bind(store),
    "store.find": store.find.bind(store),
    "store.counts": store.counts.bind(store),
    "store.entries": entries,
    "store.commit": async (writes: readonly Write[]) => {
      const result = await store.commit(writes);
      onCommit(writes);
      return result;
    },
  };
}

function isOf(payload: QueueEntry["payload"], bot: string): boolean {
  return typeof payload === "object" && payload !== null && "bot" in payload && payload["bot"] === bot;
}

/** The store of the other process. */
export function remoteStore(channel: Channel): Store {
  const close = async (): Promise<void> => undefined;
  return {
    get: (...args) => channel.call("store.get", ...args),
    list: (...args) => channel.call("store.list", ...args),
    commit: (...args) => channel.call("store.commit", ...args),
    heads: (...args) => channel.call("store.heads", ...args),
    nextAt: (...args) => channel.call("store.nextAt", ...args),
    find: (...args) => channel.call("store.find", ...args),
    entries: (...args) => channel.call("store.entries", ...args),
    counts: (...args) => channel.call("store.counts", ...args),
    close,
    [Symbol.asyncDispose]: close,
  };
}

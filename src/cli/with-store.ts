import { loadStore, openStore } from "../server/index.ts";
import type { Store } from "../store/index.ts";

/** Finds the configuration file, if there is one. */
export type ConfigFile = () => Promise<string | undefined>;

/** Opens the configured store beside a running server, works with it, and closes it. */
export async function withStore<Result>(
  configFile: ConfigFile,
  work: (store: Store, location: string) => Promise<Result>,
): Promise<Result> {
  const location = await loadStore(await configFile(), process.env);
  // The idle connections of a store let the process end, also in the middle of a command.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await using store = await openStore(location, { beside: true });
    return await work(store, location);
  } finally {
    clearInterval(alive);
  }
}

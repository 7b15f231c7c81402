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
  await using store = await openStore(location, { beside: true });
  return await work(store, location);
}

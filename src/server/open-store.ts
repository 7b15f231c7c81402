import type { Logger } from "pino";
import { PostgresStore, SqliteStore, type Store } from "../store/index.ts";
import { isPostgresUrl } from "./store-location.ts";

/** How to open a store. */
export interface OpenStoreOptions {
  /**
   * Beside the process that serves from a file, to look at it or to mend something, as commands do. Such a file is neither
   * made nor brought up to date. Default `false`.
   */
  readonly beside?: boolean;
  /** How long a process may be silent before others take its conversations over, in milliseconds. For PostgreSQL. */
  readonly leaseDuration?: number;
  readonly log?: Logger;
}

/**
 * Opens the place where state is kept: a file for SQLite, or a database of PostgreSQL.
 *
 * @param store `store` of the configuration: the path of a file, or a `postgres://` URL.
 * @throws StoreError when it cannot be opened, with what to do about it and without a password.
 */
export async function openStore(
  store: string,
  { beside = false, leaseDuration, log }: OpenStoreOptions = {},
): Promise<Store> {
  if (isPostgresUrl(store))
    return await PostgresStore.open({
      url: store,
      ...(leaseDuration !== undefined && { leaseDuration }),
      ...(log && { log }),
    });
  return await SqliteStore.open({ file: store, shared: beside, ...(log && { log }) });
}

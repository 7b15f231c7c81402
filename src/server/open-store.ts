import type { Logger } from "pino";
import { SqliteStore, type Store, StoreError } from "../store/index.ts";
import { isPostgresUrl } from "./store-location.ts";

/** How to open a store. */
export interface OpenStoreOptions {
  /**
   * Beside the processes that serve, to look at it or to mend something, as commands do. Such a store is neither made nor
   * brought up to date. Default `false`.
   */
  readonly beside?: boolean;
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
  { beside = false, log }: OpenStoreOptions = {},
): Promise<Store> {
  if (isPostgresUrl(store))
    throw new StoreError("this restanza has no engine for PostgreSQL yet; give the path of a file");
  return await SqliteStore.open({ file: store, shared: beside, ...(log && { log }) });
}

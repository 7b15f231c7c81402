import type { Logger } from "pino";
import type { StoreOptions } from "../store.ts";

/** How to open a {@link SqliteStore}. */
export interface SqliteStoreOptions extends StoreOptions {
  /**
   * The file, on a local disk; it is created with mode 0600, its directory with 0700. While the store is open there are
   * others beside it (`-wal`, `-shm`), which belong to it, and one that stays (`-lock`).
   */
  readonly file: string;
  /**
   * Beside the process that owns it, to look at it or to mend something, as commands do while the server runs. Neither
   * creates the file nor brings it up to date. Default `false`: this process is the owner, of which there is one.
   */
  readonly shared?: boolean;
  /**
   * How large the file may become, in bytes. What would make it larger is rejected with {@link StoreFullError}; what
   * takes away is let through. Default: as large as the disk.
   */
  readonly maxBytes?: number;
  /** How often what has expired is swept out, in milliseconds. Default 60,000. */
  readonly sweepEvery?: number;
  /** Where it is told that sweeping failed. Default: nowhere. */
  readonly log?: Logger;
  /** @internal Fails the disk in tests: how many commits yet, and with which result code of SQLite. */
  readonly faults?: Int32Array;
}

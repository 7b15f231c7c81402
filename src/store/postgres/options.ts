import type { Logger } from "pino";
import type { StoreOptions } from "../store.ts";

/** How to open a {@link PostgresStore}. */
export interface PostgresStoreOptions extends StoreOptions {
  /**
   * The database, as `postgresql://user:password@host:port/database`, with `sslmode` and the like behind a `?`. Its encoding is
   * UTF8, and its user may create a schema. Between restanza and the server there may be a pooler that keeps a connection to a
   * session, and none that shares it.
   */
  readonly url: string;
  /** The schema in which everything is kept. It is created, and is this store's alone. Default `restanza`. */
  readonly schema?: string;
  /** How long this process may be silent before others take its keys over, in milliseconds. Default 10,000. */
  readonly leaseDuration?: number;
  /** How many connections there are at most, besides the one that listens. Default 8, at least 2. */
  readonly poolSize?: number;
  /** How long an answer of the server is waited for, in milliseconds. Default 15,000. */
  readonly timeout?: number;
  /** How long to go on trying while the server cannot be reached, in milliseconds. Default 5,000. */
  readonly patience?: number;
  /** How often what has expired is swept out, in milliseconds. Default 60,000. */
  readonly sweepEvery?: number;
  /** Where it is told that renewing, listening or sweeping failed. Default: nowhere. */
  readonly log?: Logger;
}

/** @internal Options with their defaults. */
export type Settled = Required<Omit<PostgresStoreOptions, "clock" | "log">> & {
  readonly log: Logger | undefined;
};

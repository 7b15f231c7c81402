import type { DatabaseSync, StatementSync } from "node:sqlite";
import { prepareAll } from "./statements.ts";

/** @internal Forgets what has expired, a bounded number at a time so that commits are not held up. */
export class Sweeper {
  readonly #db: DatabaseSync;
  readonly #sql: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = prepareAll(db, SQL);
  }

  /** @returns how many rows it were, of `limit` at most. */
  sweep(limit: number, now: number): number {
    const records = Number(this.#sql.records.run(now, limit).changes);
    const remembered = Number(this.#sql.remembered.run(now, limit - records).changes);
    // What has become empty is given back to the file system, as far as it was not used again in between.
    this.#db.exec(`PRAGMA incremental_vacuum(${limit})`);
    return records + remembered;
  }
}

const SQL = {
  records: `
    DELETE FROM records WHERE rowid IN (
      SELECT rowid FROM records INDEXED BY records_by_expiry WHERE expires IS NOT NULL AND expires <= ? LIMIT ?)`,
  remembered: `
    DELETE FROM remembered WHERE (queue, id) IN (
      SELECT queue, id FROM remembered INDEXED BY remembered_by_time WHERE until <= ? LIMIT ?)`,
} as const;

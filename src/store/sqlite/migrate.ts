import type { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** @internal Brings a database up to date, each step whole or not at all. */
export function migrate(db: DatabaseSync, from: number, steps: readonly string[] = MIGRATIONS): void {
  for (let step = from; step < steps.length; step += 1) {
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(steps[step] as string);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${step + 1}`);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

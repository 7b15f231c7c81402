import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { errorOf, failureOf } from "./failure.ts";

/** How many problems are told of at most. */
const MOST = 20;

/**
 * Looks through the whole file of a {@link SqliteStore}, whether or not a process has it open: every page, every index, and
 * whether each conversation has its first entry. It takes a while for a large file, and holds nothing up.
 *
 * @returns what is wrong, 20 problems at most; nothing where all is well.
 * @throws {@link StoreError} when there is no such store, or it cannot be read.
 * @example
 * ```ts
 * import { checkSqliteStore } from "restanza/store";
 *
 * const problems = checkSqliteStore("/var/lib/restanza/store.sqlite");
 * ```
 */
export function checkSqliteStore(file: string): readonly string[] {
  if (!existsSync(file)) throw new StoreError(`there is no store ${file} to look through`);
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      const problems = db
        .prepare(`PRAGMA integrity_check(${MOST})`)
        .all()
        .map((row) => String(Object.values(row)[0]));
      if (problems.length !== 1 || problems[0] !== "ok") return problems;
      return headless(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw errorOf(failureOf(error, file));
  }
}

/** Conversations whose entries would wait for ever, or overtake each other. */
function headless(db: DatabaseSync): string[] {
  return db
    .prepare(
      `SELECT queue, key FROM entries WHERE state = 'waiting' GROUP BY queue, key
       HAVING sum(head) <> 1 OR min(sequence) <> max(CASE head WHEN 1 THEN sequence END) LIMIT ${MOST}`,
    )
    .all()
    .map(
      ({ queue, key }) => `the conversation ${JSON.stringify(key)} of the ${queue} has no right first entry`,
    );
}

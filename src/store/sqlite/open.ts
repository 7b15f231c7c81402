import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreDamagedError, StoreError, StoreVersionError } from "../errors.ts";
import { MEND } from "./failure.ts";
import { createFile } from "./file.ts";
import { takeLock } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** How long to wait for a process beside this one that is writing, in milliseconds. */
const PATIENCE = 5000;

/** What the log of changes may grow to before it is carried over into the file, in pages; and what it may keep, in bytes. */
const CHECKPOINT = { pages: 1000, keptBytes: 16 * 1024 * 1024 };

/** @internal A file of a store, opened. */
export interface OpenFile extends Disposable {
  readonly db: DatabaseSync;
}

/**
 * @internal Opens the file of a store, creates it where there is none, and brings it up to date.
 *
 * @param shared beside the process that owns it: no lock, no check, no migration.
 * @throws StoreInUseError, StoreDamagedError, StoreVersionError, and what SQLite throws.
 */
export function openFile(file: string, shared: boolean): OpenFile {
  using stack = new DisposableStack();
  if (shared) {
    if (!existsSync(file))
      throw new StoreError(
        `there is no store ${file}; a server makes it when it starts, so see whether it has this path`,
      );
  } else {
    stack.use(takeLock(file));
    createFile(file);
  }
  const db = stack.use(new DatabaseSync(file, { timeout: PATIENCE }));
  const schema = schemaOf(db, file);
  if (shared) {
    if (schema !== MIGRATIONS.length) throw new StoreVersionError(foreignSchema(file, schema));
  } else checkPages(db, file);
  // Takes effect in an empty file only, before anything is written to it.
  db.exec("PRAGMA auto_vacuum = INCREMENTAL");
  if (pragma(db, "journal_mode = WAL") !== "wal") {
    throw new StoreError(
      `the store ${file} cannot have a write-ahead log; put it on a local disk, not on a network file system`,
    );
  }
  db.exec("PRAGMA synchronous = FULL");
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT.pages}`);
  db.exec(`PRAGMA journal_size_limit = ${CHECKPOINT.keptBytes}`);
  if (!shared) migrate(db, schema);
  const held = stack.move();
  return { db, [Symbol.dispose]: () => held.dispose() };
}

/** @internal The value of a pragma of SQLite. */
export function pragma(db: DatabaseSync, text: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${text}`).get() ?? {})[0];
}

function schemaOf(db: DatabaseSync, file: string): number {
  const application = pragma(db, "application_id");
  const schema = Number(pragma(db, "user_version"));
  const empty = db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (application !== APPLICATION_ID && !(empty && application === 0)) {
    throw new StoreDamagedError(
      `${file} is a database of another program, not a store of restanza; name another file`,
    );
  }
  if (schema > MIGRATIONS.length) throw new StoreVersionError(foreignSchema(file, schema));
  return schema;
}

function foreignSchema(file: string, schema: number): string {
  const numbers = `it has schema ${schema}, and this restanza knows ${MIGRATIONS.length}`;
  return schema > MIGRATIONS.length
    ? `the store ${file} was written by a newer restanza: ${numbers}; run that one, or put back a backup from before the upgrade`
    : `the store ${file} was written by an older restanza: ${numbers}; start this one as its owner once, which brings it up to date`;
}

function checkPages(db: DatabaseSync, file: string): void {
  const problems = db
    .prepare("PRAGMA quick_check(3)")
    .all()
    .map((row) => Object.values(row)[0]);
  if (problems.length === 1 && problems[0] === "ok") return;
  throw new StoreDamagedError(`the store ${file} is damaged: ${problems.join("; ")}. ${MEND}`);
}

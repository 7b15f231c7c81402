import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { errorOf, failureOf } from "./failure.ts";
import { createFile, syncFolder } from "./file.ts";

/**
 * Copies the file of a {@link SqliteStore} as it is at one moment, whether or not a process has it open, without holding that
 * up. The copy is complete and on the disk, or it is not there. To restore it, stop restanza, move the file with its
 * `-wal` and `-shm` away, and put the copy in its place.
 *
 * @param file the store's.
 * @param copy a file that does not exist; it gets mode 0600.
 * @throws {@link StoreError} when there is no such store, the copy exists, or it cannot be written.
 * @example
 * ```ts
 * import { backupSqliteStore } from "restanza/store";
 *
 * await backupSqliteStore("/var/lib/restanza/store.sqlite", "/var/backups/restanza.sqlite");
 * ```
 */
export async function backupSqliteStore(file: string, copy: string): Promise<void> {
  const target = resolve(copy);
  if (!existsSync(file)) throw new StoreError(`there is no store ${file} to back up`);
  if (existsSync(target))
    throw new StoreError(`${target} exists; name a file that does not, nothing is overwritten`);
  const partial = `${target}.partial`;
  try {
    rmSync(partial, { force: true });
    createFile(partial);
    const source = new DatabaseSync(file, { readOnly: true });
    try {
      // In one step: between two, a commit of another connection would make it begin anew, without end.
      await backup(source, partial, { rate: 0x7fffffff });
    } finally {
      source.close();
    }
    syncFile(partial);
    renameSync(partial, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(partial, { force: true });
    throw errorOf(failureOf(error, `${file} (being copied to ${target})`));
  }
}

function syncFile(file: string): void {
  const handle = openSync(file, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

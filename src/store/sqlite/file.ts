import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/**
 * @internal Creates an empty file that only its owner may read, and its directory, unless there is one. SQLite gives its
 * other files the mode of this one.
 *
 * A file that exists is not even opened: closing it again would take away the locks that this process has on it (fcntl).
 */
export function createFile(file: string): void {
  const folder = dirname(file);
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  syncFolder(folder);
  // Up to the directory that holds the first one that was made, or a power cut could take them all.
  for (let each = folder; made !== undefined && each.length >= made.length; each = dirname(each)) {
    syncFolder(dirname(each));
  }
}

/** @internal Makes the names in a directory survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

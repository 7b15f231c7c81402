import { DatabaseSync } from "node:sqlite";
import { StoreInUseError } from "../errors.ts";
import { resultCode, SQLITE } from "./failure.ts";
import { createFile } from "./file.ts";

/**
 * @internal Takes a store for this process: an exclusive lock on an empty database beside the file, which the kernel releases
 * however the process ends. The file itself stays open to others, who may look at it and back it up.
 *
 * @throws StoreInUseError when another process has it.
 */
export function takeLock(file: string): Disposable {
  const name = `${file}-lock`;
  createFile(name);
  const lock = new DatabaseSync(name, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (resultCode(error) !== SQLITE.busy) throw error;
    throw new StoreInUseError(
      `the store ${file} is in use already, by another process or by this one ("fuser ${name}" tells which); stop that one first, or give each a ` +
        "file of its own",
    );
  }
  return { [Symbol.dispose]: () => lock.close() };
}

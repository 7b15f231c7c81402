import { expectVersion, fenceConflict, stateConflict } from "../conflicts.ts";
import { dueAt } from "../entry-times.ts";
import { StoreError } from "../errors.ts";
import type { PreparedWrite } from "../prepare.ts";
import type { EntryState } from "../queues.ts";
import { longName, shortName } from "./names.ts";

/** @internal A write as `commit_1` reads it. */
export function encode(write: PreparedWrite): unknown[] {
  switch (write.kind) {
    case "put": {
      const { kind, collection, key, json, expires, ifVersion } = write;
      return [
        kind,
        shortName(collection),
        shortName(key),
        longName(key),
        json,
        expires ?? null,
        ifVersion ?? null,
      ];
    }
    case "delete":
      return [write.kind, shortName(write.collection), shortName(write.key), write.ifVersion ?? null];
    case "check":
      return [write.kind, shortName(write.collection), shortName(write.key), write.version];
    case "fence":
      return [write.kind, write.queue, shortName(write.key), write.token];
    case "enqueue": {
      const { kind, queue, id, key, json, priority, notBefore, expires } = write;
      return [
        ...[kind, queue, shortName(id), shortName(key), json, longName(id), longName(key)],
        ...[priority, notBefore, expires ?? null, dueAt(notBefore, expires)],
      ];
    }
    case "retry":
      return [write.kind, write.queue, shortName(write.id), write.error, write.notBefore];
    case "bury":
      return [write.kind, write.queue, shortName(write.id), write.error];
    default:
      return [write.kind, write.queue, shortName(write.id)];
  }
}

/** @internal The error for a write that `commit_1` has refused: `found` is the version or the state that was there. */
export function conflictOf(write: PreparedWrite, index: number, found: string): StoreError {
  if (write.kind === "fence") return fenceConflict(index, write);
  if (write.kind === "enqueue")
    return new StoreError("an entry to queue was refused, which cannot be: please report it");
  if (!("collection" in write)) {
    const needed = write.kind === "revive" || write.kind === "drop" ? "dead" : "waiting";
    return stateConflict(index, write, needed, found === "" ? undefined : (found as EntryState));
  }
  try {
    expectVersion(index, write, write.kind === "check" ? write.version : write.ifVersion, Number(found));
  } catch (error) {
    return error as StoreError;
  }
  return new StoreError("a write without a condition was refused, which cannot be: please report it");
}

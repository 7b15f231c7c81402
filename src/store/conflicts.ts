import { ConflictError } from "./errors.ts";
import type { Lease } from "./leases.ts";
import type { EntryState } from "./queues.ts";
import type { EntryId } from "./writes.ts";

/** @internal Refuses a commit whose record does not have the version that was expected, 0 being none. */
export function expectVersion(
  index: number,
  { collection, key }: { readonly collection: string; readonly key: string },
  expected: number | undefined,
  found: number,
): void {
  if (expected === undefined || expected === found) return;
  const what = `the record ${JSON.stringify(key)} of ${JSON.stringify(collection)}`;
  const wanted =
    expected === 0 ? "and was expected to be missing" : `and was expected to have version ${expected}`;
  throw new ConflictError(index, `${what} ${found === 0 ? "is missing" : `has version ${found}`}, ${wanted}`);
}

/** @internal The refusal of a commit whose entry is not there in the state that the change needs. */
export function stateConflict(
  index: number,
  { queue, id }: EntryId,
  needed: EntryState,
  found: EntryState | undefined,
): ConflictError {
  const what = `the entry ${JSON.stringify(id)} of the ${queue}`;
  return new ConflictError(
    index,
    found === undefined
      ? `${what} is not there: it was never queued, or somebody else has completed it`
      : `${what} is ${found}, not ${needed}`,
  );
}

/** @internal The refusal of a commit whose lease is not this process's any more. */
export function fenceConflict(index: number, { queue, key }: Lease): ConflictError {
  return new ConflictError(
    index,
    `the lease of ${JSON.stringify(key)} in the ${queue} has ended: this process was silent for too long, and another may have taken over`,
  );
}

import { ConflictError, type Write } from "../store/index.ts";

/** Thrown when the handling of a stanza rests on what somebody else has changed meanwhile. Nothing was committed. */
export class StaleStateError extends Error {
  override name = "StaleStateError";
  /** Which record that is. */
  readonly record: string;

  constructor(record: string, cause: ConflictError) {
    super(
      `what the handler had read was changed by another conversation before it was through, and again each time it was tried anew: ${cause.problem}; give each conversation a key of its own, or be quicker about a shared one`,
      { cause },
    );
    this.record = record;
  }
}

/**
 * What a failed commit means. A conflict over a record says that the handler can start anew from what there is now; one over
 * anything else, such as a lease that was lost or an entry that is gone, says that its work is not wanted any more.
 *
 * @param writes what the commit began with: what the handler has changed.
 */
export function commitFailure(error: unknown, writes: readonly Write[]): unknown {
  if (!(error instanceof ConflictError)) return error;
  const write = writes[error.index];
  if (write === undefined) return error;
  // A timer that was to be cancelled has become due meanwhile.
  if ("complete" in write) return new StaleStateError(`${write.complete.queue} ${write.complete.id}`, error);
  const record =
    "put" in write
      ? write.put
      : "delete" in write
        ? write.delete
        : "check" in write
          ? write.check
          : undefined;
  return record === undefined ? error : new StaleStateError(`${record.collection} ${record.key}`, error);
}

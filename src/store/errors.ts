/** Thrown when a store cannot do what it was asked for. Its kinds say what to do; this one is for whatever has no kind. */
export class StoreError extends Error {
  override name = "StoreError";
}

/** Thrown when a condition of a commit does not hold: somebody else was faster. Nothing was changed. */
export class ConflictError extends StoreError {
  override name = "ConflictError";
  /** Which of the writes it was, from 0. */
  readonly index: number;
  /** What was found. */
  readonly problem: string;

  constructor(index: number, problem: string) {
    super(
      `write ${index} of a commit conflicts: ${problem}; nothing was changed, read again and decide anew`,
    );
    this.index = index;
    this.problem = problem;
  }
}

/** Thrown when there is no room for a commit. Nothing was changed; the store goes on as soon as there is room. */
export class StoreFullError extends StoreError {
  override name = "StoreFullError";
}

/** Thrown when the disk has failed. The store goes on as soon as the disk does. */
export class StoreIoError extends StoreError {
  override name = "StoreIoError";
}

/** Thrown when another process has the store. */
export class StoreInUseError extends StoreError {
  override name = "StoreInUseError";
}

/** Thrown when what is stored is damaged, or is no store at all. Nothing was deleted or changed. */
export class StoreDamagedError extends StoreError {
  override name = "StoreDamagedError";
}

/** Thrown when a store was written by a newer restanza, or is to be read by one that is newer than its owner. */
export class StoreVersionError extends StoreError {
  override name = "StoreVersionError";
}

/** Thrown when a store is used after it was closed. */
export class StoreClosedError extends StoreError {
  override name = "StoreClosedError";

  constructor() {
    super("the store is closed; nothing may use it once its close() was called");
  }
}

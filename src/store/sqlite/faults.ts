/**
 * @internal Lets a test fail the disk where a real one would: at the moment of a commit. Shared with the worker: how
 * often yet, and with which result code of SQLite.
 */
export function strike(faults: Int32Array | undefined): void {
  if (faults === undefined || Atomics.load(faults, 0) === 0) return;
  Atomics.sub(faults, 0, 1);
  throw Object.assign(new Error("injected fault"), { errcode: Atomics.load(faults, 1) });
}

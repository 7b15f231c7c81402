/** @internal When an entry may be handed out: once its time has come, or once it has expired. */
export function dueAt(notBefore: number, expires: number | undefined): number {
  return expires === undefined ? notBefore : Math.min(notBefore, expires);
}

/** @internal Default of {@link StoreOptions.queueMemory}: 24 hours. */
export const QUEUE_MEMORY = 24 * 60 * 60 * 1000;

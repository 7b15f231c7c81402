import type { Logger } from "pino";
import type { Refusal, RefusalReason } from "../callback/index.ts";

/**
 * Logs refused callbacks: the first for a reason at once, then one in `interval` with the number left out, so that
 * whoever sends rubbish cannot fill the disk.
 */
export class RefusalLog {
  readonly #log: Logger;
  readonly #interval: number;
  readonly #now: () => number;
  readonly #last = new Map<RefusalReason, { at: number; quiet: number }>();

  /** @param interval in milliseconds. */
  constructor(log: Logger, interval = 10_000, now: () => number = Date.now) {
    this.#log = log;
    this.#interval = interval;
    this.#now = now;
  }

  refused(refusal: Refusal): void {
    const { reason, message, cause } = refusal;
    const now = this.#now();
    const last = this.#last.get(reason);
    if (last && now - last.at < this.#interval) {
      last.quiet += 1;
      return;
    }
    this.#last.set(reason, { at: now, quiet: 0 });
    const unlogged = last?.quiet ? { alsoRefused: last.quiet } : {};
    if (reason === "failed") this.#log.error({ reason, ...unlogged, err: cause }, message);
    else this.#log.warn({ reason, ...unlogged }, message);
  }
}

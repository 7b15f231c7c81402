import type { Write } from "../store/index.ts";
import { type Delivery, logged } from "./delivery.ts";
import type { DueWork } from "./due-work.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import type { Tenure } from "./tenure.ts";

/** What of the inbox failed, and on what condition that may be noted. */
export interface Failed {
  /** The id under which the inbox holds it. */
  readonly id: string;
  readonly error: unknown;
  readonly delivery: Delivery;
  readonly tenure: Tenure | undefined;
}

/** Keeps what has failed for good for somebody to look at. It never rejects: where the store fails too, it is handled again. */
export async function putAside(
  { id, error, delivery, tenure }: Failed,
  { inbox }: HandlingEnvironment,
  along: readonly Write[] = [],
): Promise<void> {
  try {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await inbox.bury(id, reason, [...(tenure?.fence ?? []), ...along]);
    tenure?.committed();
  } catch (failure) {
    tenure?.endedBy(failure);
    if (tenure?.isOver) return;
    delivery.bot.log.error(
      logged(delivery, failure),
      "a stanza whose handler failed could not be put aside, and will be handled again",
    );
  }
}

/**
 * A timer is tried again later, so that its conversation does not wait for it; nobody has asked, so nobody is told. It never
 * rejects.
 */
export async function putOff(due: DueWork, failed: Failed, environment: HandlingEnvironment): Promise<void> {
  const { id, error, delivery, tenure } = failed;
  const { log } = delivery.bot;
  try {
    const { again, writes } = await due.failed(environment);
    log.error(
      { err: error, id },
      again ? "a timer has failed, and is tried again" : "a timer has failed, and is put aside",
    );
    if (!again) return await putAside(failed, environment, writes);
    await environment.inbox.complete(id, [...(tenure?.fence ?? []), ...writes]);
    tenure?.committed();
  } catch (failure) {
    if (tenure?.endedBy(failure)) return;
    log.error({ err: failure, id }, "a timer that has failed could not be put off, and runs again");
  }
}

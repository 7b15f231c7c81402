import pRetry from "p-retry";
import type { BotHandle } from "../../bot/index.ts";
import { RestError } from "../../outbound/index.ts";
import { StanzaError } from "../../stanza/index.ts";
import { StoreError } from "../../store/index.ts";

/** Whose attempt it is. */
type Who = Pick<BotHandle, "name" | "log">;

/** Has a bot start or stop something, and logs where it cannot. It never rejects. */
export async function attempt(
  { name, log }: Who,
  what: "start" | "stop",
  ending: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (ending.aborted && what === "start") return;
    log.error({ err: error }, `${name} failed to ${what}`);
  }
}

/** Has a bot start something, again and again while Prosody or the store is away, until the end. It never rejects. */
export async function attemptUntilDone(
  who: Who,
  ending: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  await attempt(who, "start", ending, () =>
    pRetry(run, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 250,
      maxTimeout: 5_000,
      factor: 2,
      randomize: true,
      signal: ending,
      shouldRetry: ({ error }) => isPassing(error),
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (ending.aborted) return;
        who.log.warn({ err: error, attempt: attemptNumber }, `${who.name} could not start yet`);
      },
    }),
  );
}

/** Whether trying again may help: Prosody is away, or a room is not to be had yet. */
function isPassing(error: Error): boolean {
  if (error instanceof StanzaError) return error.type === "wait" || error.condition === "item-not-found";
  return error instanceof StoreError || (error instanceof RestError && error.retryable);
}

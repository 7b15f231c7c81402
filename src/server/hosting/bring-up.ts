import pRetry from "p-retry";
import { SetupError } from "../../bot/index.ts";
import type { BotVersion } from "../bot-version.ts";

/** What {@link bringUp} takes besides the bot. */
export interface BringUpOptions {
  /** How long its first `setup` may take, in milliseconds; default 10,000. Any other may take the bot's `timeout`. */
  readonly patience: number | undefined;
  /** Told when it is set up, and before that, once, when it has to be tried again. */
  readonly onChange: () => void;
  /** Told when it is set up, where the first try was not enough. */
  readonly onAwake: () => void;
}

/** How long a start waits for one bot, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Sets a bot up, unless it is. Where its `setup` fails it is tried again until it works, or until the bot is ended.
 *
 * @returns whether the first try was enough.
 * @throws whatever else is wrong with it.
 */
export async function bringUp(
  bot: BotVersion,
  { patience = PATIENCE, onChange, onAwake }: BringUpOptions,
): Promise<boolean> {
  const { signal } = bot;
  const { name, log } = bot.handle;
  const first = Promise.withResolvers<boolean>();
  let tried = 0;
  const setUp = async (): Promise<void> => {
    if (!bot.isSetUp) await bot.setUp(tried === 0 ? patience : undefined);
  };
  const up = pRetry(setUp, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 500,
    maxTimeout: 60_000,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof SetupError,
    onFailedAttempt: ({ error, attemptNumber }) => {
      if (signal.aborted || !(error instanceof SetupError)) return;
      log.error({ err: error, attempt: attemptNumber }, `${name} is paused until it can be set up`);
      if (tried === 0) onChange();
      tried = attemptNumber;
      first.resolve(false);
    },
  }).then(onChange);
  up.then(
    () => (tried === 0 ? first.resolve(true) : onAwake()),
    (error: unknown) => {
      if (tried > 0 && !signal.aborted)
        log.error({ err: error }, `${name} cannot be set up, and is not tried again`);
      first.reject(error);
    },
  );
  return await first.promise;
}

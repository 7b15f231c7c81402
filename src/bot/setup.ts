import type { Logger } from "pino";
import { type Bot, buildBot, type ConfiguredBot, configOf, DEFAULT_TIMEOUT } from "./define-bot.ts";
import type { MaybePromise } from "./middleware.ts";

/** Takes what is to be closed when a bot's resources are not needed any more; the newest is closed first. */
export interface Cleanup {
  /** Has a resource disposed of, and returns it. */
  use<Resource extends AsyncDisposable | Disposable>(resource: Resource): Resource;
  /** Has something done. */
  defer(work: () => MaybePromise<void>): void;
}

/** What a bot's `setup` is given besides its configuration. */
export interface SetupContext {
  /** The bot's log; every line names it. */
  readonly log: Logger;
  /** Fires when the resources are not needed any more, and when `setup` is out of time, which is the bot's `timeout`. */
  readonly signal: AbortSignal;
  /** Closes what was made, also where `setup` fails after that. */
  readonly cleanup: Cleanup;
}

/** A bot's `setup` has failed; the `cause` tells why. It may work later, as what it needs may only be away. */
export class SetupError extends Error {
  override name = "SetupError";
}

/** A bot with its configuration and its resources, which are disposed of together with it, once. */
export interface SetUpBot extends AsyncDisposable {
  readonly configured: ConfiguredBot;
}

/** What {@link setUpBot} takes. */
export interface SetUpOptions {
  readonly log: Logger;
  /** Ends a setup that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** How long `setup` may take, in milliseconds; default: the bot's `timeout`. */
  readonly timeout?: number | undefined;
}

/**
 * Checks a bot's configuration, makes its resources, and builds its routes on them.
 *
 * @throws ZodError when the configuration does not fit the bot's schema; {@link SetupError} when its `setup` fails or is not through in
 * time. Nothing of what it had made is left then.
 * @example
 * ```ts
 * import { defineBot, setUpBot } from "restanza";
 * import { pino } from "pino";
 *
 * const bot = defineBot({
 *   name: "counter",
 *   summary: "counts",
 *   setup: () => new Map<string, number>(),
 *   routes(on, _config, counts) {
 *     on.hears("count", () => String(counts.size));
 *   },
 * });
 *
 * await using ready = await setUpBot(bot, {}, { log: pino() });
 * console.log(ready.configured.name);
 * ```
 */
export async function setUpBot(
  bot: Bot,
  input: unknown,
  { log, signal, timeout }: SetUpOptions,
): Promise<SetUpBot> {
  const config = configOf(bot, input);
  const life = new AbortController();
  const end = (): void => life.abort(signal?.reason);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  const stack = new AsyncDisposableStack();
  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", end);
    life.abort();
    await stack.disposeAsync();
  };
  const setup = (async () => await bot.setup?.(config, { log, signal: life.signal, cleanup: stack }))();
  try {
    const resources = await inTime(setup, life, timeout ?? bot.timeout ?? DEFAULT_TIMEOUT);
    return { configured: buildBot(bot, config, resources), [Symbol.asyncDispose]: close };
  } catch (error) {
    // One that was given up may still be at it: what it has made by then is closed when it is through.
    const closed = setup
      .catch(() => undefined)
      .then(close)
      .catch((err: unknown) => log.error({ err }, `what ${bot.name} has set up cannot be closed`));
    if (!life.signal.aborted) await closed;
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(`${bot.name} cannot be set up: ${error.message}`, { cause: error.cause });
  }
}

/** @throws {@link SetupError} where it fails, or is not through. */
async function inTime(setup: Promise<unknown>, life: AbortController, timeout: number): Promise<unknown> {
  const over = Promise.withResolvers<never>();
  life.signal.addEventListener("abort", () => over.reject(life.signal.reason), { once: true });
  if (life.signal.aborted) over.reject(life.signal.reason);
  const timer = setTimeout(() => life.abort(new Error(`it was not through after ${timeout} ms`)), timeout);
  try {
    return await Promise.race([setup, over.promise]);
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

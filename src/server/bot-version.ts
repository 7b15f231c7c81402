import {
  type Bot,
  type BotHandle,
  type ConfiguredBot,
  commandsOf,
  dormantBot,
  inspectRoutes,
  type Profile,
  type SetUpBot,
  setUpBot,
} from "../bot/index.ts";
import type { BotGate } from "../dispatch/index.ts";
import { type BotWeb, botWeb } from "./hooks/index.ts";
import { unknownGroups } from "./permissions-config.ts";

/**
 * One version of a bot on its mount. It is set up when it is to work, anew each time, and dormant before that and after its end: then
 * it has neither routes nor resources.
 */
export class BotVersion {
  readonly handle: BotHandle;
  /** The same for all versions of the bot. */
  readonly gate: BotGate;
  /** What it shows of itself. */
  readonly profile: Profile;
  readonly #bot: Bot;
  readonly #config: unknown;
  readonly #dormant: { readonly configured: ConfiguredBot; readonly web: BotWeb | undefined };
  #awake: { readonly bot: SetUpBot; readonly web: BotWeb | undefined } | undefined;
  #life = new AbortController();
  #inspected = false;

  /** @throws ZodError when the configuration does not fit the bot's schema. */
  constructor(bot: Bot, config: unknown, handle: BotHandle, gate: BotGate, profile: Profile) {
    this.#bot = bot;
    this.#config = config;
    this.handle = handle;
    this.gate = gate;
    this.profile = profile;
    const configured = dormantBot(bot, config);
    this.#dormant = { configured, web: botWeb(configured, handle) };
  }

  /** What it does: nothing where it is not set up. */
  get configured(): ConfiguredBot {
    return this.#awake?.bot.configured ?? this.#dormant.configured;
  }

  /** Its web hooks; `undefined` where it has none. */
  get web(): BotWeb | undefined {
    return this.#awake === undefined ? this.#dormant.web : this.#awake.web;
  }

  get isSetUp(): boolean {
    return this.#awake !== undefined;
  }

  /** Whether it needs more than itself to be set up, so that this may fail. */
  get hasSetup(): boolean {
    return this.#bot.setup !== undefined;
  }

  /** Fires when it is ended, and is another afterwards. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /**
   * Makes its resources, its routes and its web hooks.
   *
   * @param timeout how long that may take, in milliseconds; default: the bot's `timeout`.
   * @throws SetupError when its `setup` fails; whatever its `routes` or `web` throw.
   */
  async setUp(timeout?: number): Promise<void> {
    const { signal } = this;
    const bot = await setUpBot(this.#bot, this.#config, { log: this.handle.log, signal, timeout });
    try {
      signal.throwIfAborted();
      this.#awake = { bot, web: botWeb(bot.configured, this.handle) };
    } catch (error) {
      await this.#close(bot);
      throw error;
    }
    if (this.#inspected) return;
    this.#inspected = true;
    const groups = this.handle.permissions?.config.groups;
    for (const message of unknownGroups({ groups }, commandsOf(bot.configured.routes)))
      this.handle.log.warn(message);
    for (const { message, ...problem } of inspectRoutes(bot.configured.routes))
      this.handle.log.warn(problem, message);
  }

  /** Closes its resources, and ends a setup that is under way. It never rejects. */
  async end(): Promise<void> {
    this.#life.abort();
    this.#life = new AbortController();
    const awake = this.#awake;
    this.#awake = undefined;
    if (awake !== undefined) await this.#close(awake.bot);
  }

  async #close(bot: SetUpBot): Promise<void> {
    const { timeout, name } = bot.configured;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`not after ${timeout} ms`)), timeout);
    try {
      await Promise.race([bot[Symbol.asyncDispose](), late.promise]);
    } catch (error) {
      this.handle.log.error({ err: error }, `what ${name} has set up cannot be closed`);
    } finally {
      clearTimeout(timer);
    }
  }
}

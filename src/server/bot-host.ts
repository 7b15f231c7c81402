import pRetry from "p-retry";
import type { Logger } from "pino";
import {
  type Bot,
  type BotHandle,
  type ConfiguredBot,
  configureBot,
  inspectRoutes,
  type RoomSender,
  Rooms,
  type Sender,
} from "../bot/index.ts";
import type { Mount } from "../dispatch/index.ts";
import { RestError } from "../outbound/index.ts";
import { Jid, StanzaError } from "../stanza/index.ts";
import type { MountConfig } from "./config.ts";

/** What a {@link BotHost} takes. */
export interface BotHostOptions {
  readonly mount: Mount;
  readonly sender: Sender;
  /** Sends what joins and leaves rooms: past the queue, as the bot has to know whether it is in, and tries again itself. */
  readonly roomSender: RoomSender;
  readonly log: Logger;
  /** The bot at the domain itself. */
  readonly host: string | undefined;
  /** Rooms to join at the start, by bot. */
  readonly rooms: MountConfig["rooms"];
}

/** The bots of one mount from their loading to their end. */
export class BotHost {
  readonly #options: BotHostOptions;
  readonly #bots = new Map<string, { readonly configured: ConfiguredBot; readonly handle: BotHandle }>();
  readonly #stopping = new AbortController();
  #started = false;

  constructor(options: BotHostOptions) {
    this.#options = options;
  }

  /**
   * Puts a bot at its address, in the place of an older one of its name, which is stopped.
   *
   * @throws ZodError when its configuration does not fit its schema; the older one stays then.
   */
  async put(bot: Bot, config: unknown): Promise<void> {
    const configured = configureBot(bot, config);
    const older = this.#bots.get(bot.name);
    const handle = this.#handle(bot.name, older?.handle.rooms);
    for (const { message, ...problem } of inspectRoutes(configured.routes)) handle.log.warn(problem, message);
    this.#bots.set(bot.name, { configured, handle });
    this.#options.mount.put({ ...handle, ...configured });
    if (!this.#started) return;
    if (older) await this.#guard(older.handle, "stop", () => older.configured.stop(older.handle));
    await this.#guard(handle, "start", () => configured.start(handle));
  }

  /** Lets every bot begin, and joins the rooms; goes on trying while Prosody is away. */
  start(): void {
    this.#started = true;
    for (const [name, { configured, handle }] of this.#bots) {
      void this.#begin(handle, () => configured.start(handle));
      for (const room of this.#options.rooms[name] ?? []) {
        const jid = Jid.parse(room);
        void this.#begin(handle, () => handle.rooms.join(jid.bare, jid.resource));
      }
    }
  }

  /** Lets every bot end, and leaves the rooms. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (!this.#started) return;
    for (const { configured, handle } of this.#bots.values()) {
      await this.#guard(handle, "stop", async () => {
        await configured.stop(handle);
        for (const room of handle.rooms.joined) await handle.rooms.leave(Jid.parse(room));
      });
    }
  }

  #handle(name: string, rooms: Rooms | undefined): BotHandle {
    const { mount, sender, roomSender, log, host } = this.#options;
    const jid = name === host ? Jid.of(undefined, mount.domain) : Jid.of(name, mount.domain);
    return {
      name,
      jid,
      sender,
      directory: mount,
      log: log.child({ bot: jid.toString() }),
      rooms: rooms ?? new Rooms(jid, roomSender),
    };
  }

  async #begin(handle: BotHandle, step: () => Promise<void>): Promise<void> {
    await this.#guard(handle, "start", () =>
      pRetry(step, {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 250,
        maxTimeout: 5_000,
        factor: 2,
        randomize: true,
        signal: this.#stopping.signal,
        shouldRetry: ({ error }) => isPassing(error),
        onFailedAttempt: ({ error, attemptNumber }) => {
          handle.log.warn({ err: error, attempt: attemptNumber }, `${handle.name} could not start yet`);
        },
      }),
    );
  }

  async #guard(handle: BotHandle, hook: "start" | "stop", run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (this.#stopping.signal.aborted && hook === "start") return;
      handle.log.error({ err: error }, `${handle.name} failed to ${hook}`);
    }
  }
}

/** Whether trying again may help: Prosody is away, or a room is not to be had yet. */
function isPassing(error: Error): boolean {
  if (error instanceof StanzaError) return error.type === "wait" || error.condition === "item-not-found";
  return error instanceof RestError && error.retryable;
}

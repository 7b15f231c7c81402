import type { z } from "zod";
import type { Downloaded, DownloadOptions, FileToSend, Queries } from "../outbound/index.ts";
import type { Jid, Message, Presence } from "../stanza/index.ts";
import type { JsonValue } from "../store/index.ts";
import type { SharedFile } from "../xep/index.ts";
import type { Sent } from "./answering.ts";
import type { BotHandle } from "./bot-handle.ts";
import type { BreakerOptions } from "./breaker-options.ts";
import { callsOf } from "./calls.ts";
import { commandsOf } from "./commands/collect.ts";
import type { Command } from "./commands/command.ts";
import { withCommands } from "./commands/with-commands.ts";
import { Composer } from "./composer.ts";
import { type ContactOptions, type ContactRules, contactRules } from "./contacts/index.ts";
import type { Context } from "./context.ts";
import { shareNames } from "./dialog/index.ts";
import { fetchFile, NO_FILES } from "./files/index.ts";
import type { Catalogues } from "./i18n/catalogues.ts";
import { type FrameworkText, type FrameworkTexts, frameworkTexts } from "./i18n/framework.ts";
import type { RateLimit } from "./manners/rate-limit.ts";
import type { MaybePromise } from "./middleware.ts";
import { type OwnStorage, ownStorage } from "./own-storage.ts";
import type { ProfileDefinition } from "./profile/index.ts";
import type { InvitationPolicy, RoomsSettings } from "./rooms/index.ts";
import { type SendFileOptions, type SendOwnOptions, sendOwn, sendOwnFile } from "./send-own.ts";
import type { SetupContext } from "./setup.ts";
import { standIn } from "./stand-in.ts";
import {
  keptReply,
  REMIND,
  type Remindable,
  type Reminder,
  setOwnTimer,
  type Timetable,
  timetable,
  type When,
} from "./time/index.ts";
import type { WebApp } from "./web.ts";

/** What a started bot can do of its own accord. */
export interface StartedBot<Config, Resources = unknown> extends BotHandle {
  readonly config: Config;
  /** What its `setup` has made; `undefined` where it has none. */
  readonly resources: Resources;
  /** What it can ask others, as `ctx.calls` has it. */
  readonly calls: Queries;
  /** What it remembers, by the keys of `ctx.storage`. */
  readonly storage: OwnStorage;
  /** Sends something to anybody, from the bot's own address; words go as a message of type chat, or groupchat to a room that it is in. */
  send(to: Jid | string, content: string | Message | Presence, options?: SendOwnOptions): Promise<Sent>;
  /**
   * Says something later to anybody: once, through restarts. A handler there finds it among its `ctx.reminders`.
   *
   * @throws TypeError when `when` is no time; JidError when `to` is no JID; {@link TooManyTimersError}.
   */
  remind(to: Jid | string, when: When, what: Remindable): Promise<Reminder>;
  /** Sets a timer that the bot defines by `bot.timer(name, …)`, in the conversation with somebody; it throws as `remind` does. */
  schedule(to: Jid | string, name: string, when: When, data?: JsonValue): Promise<Reminder>;
  /** Uploads a file, and sends it to anybody. @throws {@link UploadError} */
  sendFile(to: Jid | string, file: FileToSend, options?: SendFileOptions): Promise<SharedFile>;
  /** Downloads a file, as `ctx.download` does. @throws {@link DownloadError} */
  download(file: string | SharedFile, options?: DownloadOptions): Promise<Downloaded>;
}

/** What {@link defineBot} takes. */
export interface BotDefinition<
  Schema extends z.ZodType = z.ZodType<Record<never, never>>,
  Resources = undefined,
> {
  /** The localpart of the bot's address: lower-case letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** What it does, in one line for people. */
  readonly summary: string;
  /** What it shows of itself, such as a picture; default: its name, its summary, and a picture drawn from its name. */
  readonly profile?: ProfileDefinition;
  /** Who may see when it is there, and how it greets them; default: everybody, and without a word. */
  readonly contacts?: ContactOptions;
  /** Describes the bot's own configuration; default: it has none. */
  readonly config?: Schema;
  /** How long one stanza may take, in milliseconds; default 60,000, at most 2,147,483,647 (24 days). */
  readonly timeout?: number;
  /** How many stanzas it handles at once; others wait in the order in which they came. Default 100. */
  readonly concurrency?: number;
  /**
   * Whether its handlers run in a process of their own, so that a loop without an end, a crash or a leak of theirs harms no other bot.
   * A process that does not answer for the bot's `timeout` is killed; one that has ended is started again. `memory` is the most that its
   * JavaScript may take, in MiB; more ends the process. Default: they run in the process of the server.
   */
  readonly isolate?: boolean | { readonly memory?: number | undefined };
  /** When it is paused because it fails again and again; `false` for never. */
  readonly breaker?: BreakerOptions | false;
  /**
   * When Prosody is told that a message or presence has arrived.
   *
   * `inline` (the default): with the answer, where that comes within the deadline; a process that ends before it has not
   * taken the stanza, and its sender is told. `durable`: at once, when the stanza is written down; a process that ends before it is
   * handled has the next one handle it, and everything is answered by POST.
   */
  readonly ack?: "inline" | "durable";
  /**
   * How much people may ask of it, `help` included; of several limits the tightest counts. Default: as much as they like, since to count costs a
   * write a message.
   */
  readonly rateLimit?: RateLimit | readonly RateLimit[];
  /** What it says where restanza speaks for it, by language, in the place of restanza's English and German. */
  readonly texts?: FrameworkTexts;
  /** How it is with rooms: whose invitations it follows. */
  readonly rooms?: RoomsSettings;
  /**
   * Makes what the bot works with, such as a connection to a database, before anything else of it runs; what it returns is handed to
   * `routes`, and is `resources` of what the other hooks are given. Write it above them: TypeScript reads its type from there.
   *
   * Runs each time the bot is loaded or switched on. Where it fails it is tried again, and whoever writes to the bot meanwhile is told
   * that it is not well. Give what has to be closed to `cleanup`.
   */
  setup?(config: z.output<Schema>, context: SetupContext): MaybePromise<Resources>;
  /** Adds the handlers. Runs each time the bot is loaded or switched on. */
  routes(bot: Composer<Context>, config: z.output<Schema>, resources: Resources): void;
  /**
   * Adds web hooks, and runs whenever the bot is loaded: `/` of the app is `/bots/NAME/` on the server that the operator has
   * configured as `web`.
   */
  web?(app: WebApp, bot: StartedBot<z.output<Schema>, Resources>): void;
  /** Runs once the server can send: the place to join rooms, or to say hello. */
  start?(bot: StartedBot<z.output<Schema>, Resources>): MaybePromise<void>;
  /**
   * Asked after `start` when the bot takes the place of an older version of itself: where it returns `false` or throws, the older one
   * goes on. Default: it is well once it has started.
   */
  health?(bot: StartedBot<z.output<Schema>, Resources>): MaybePromise<boolean>;
  /** Runs before the bot is unloaded. */
  stop?(bot: StartedBot<z.output<Schema>, Resources>): MaybePromise<void>;
}

/** A bot as a value, not yet configured: {@link configureBot} makes it one that handles stanzas. */
export interface Bot<Schema extends z.ZodType = z.ZodType, Resources = unknown>
  extends BotDefinition<Schema, Resources> {
  readonly [botBrand]: true;
}

const botBrand: unique symbol = Symbol.for("restanza.bot");

/** How long a bot may take over one stanza unless it says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT = 60_000;

/** How many stanzas a bot handles at once unless it says otherwise. */
export const DEFAULT_CONCURRENCY = 100;

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Defines a bot.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 *
 * export default defineBot({
 *   name: "shout",
 *   summary: "Says everything louder",
 *   routes(bot) {
 *     bot.on("message:body", (ctx) => ctx.body.toUpperCase());
 *   },
 * });
 * ```
 * @throws TypeError when the name cannot be the localpart of an address, or the policy for contacts is none.
 * @throws RangeError when the timeout or the concurrency cannot be one.
 */
export function defineBot<Schema extends z.ZodType = z.ZodType<Record<never, never>>, Resources = undefined>(
  definition: BotDefinition<Schema, Resources>,
): Bot<Schema, Resources> {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(definition.name)) {
    throw new TypeError(
      `a bot cannot be called ${JSON.stringify(definition.name)}: its name is the localpart of its address, so use lower-case letters, digits, ".", "_" and "-"`,
    );
  }
  const { timeout = DEFAULT_TIMEOUT } = definition;
  // A timer that is set for longer than that goes off at once.
  if (!(timeout >= 1 && timeout <= LONGEST_TIMEOUT)) {
    throw new RangeError(
      `the bot ${definition.name} cannot have the timeout ${timeout}: give milliseconds from 1 to ${LONGEST_TIMEOUT}`,
    );
  }
  const { concurrency = DEFAULT_CONCURRENCY } = definition;
  if (!(concurrency >= 1)) {
    throw new RangeError(
      `the bot ${definition.name} cannot have the concurrency ${concurrency}: give how many stanzas it handles at once, 1 or more`,
    );
  }
  contactRules(definition.contacts);
  return Object.freeze({ ...definition, [botBrand]: true as const });
}

function limitedTo(limits: RateLimit | readonly RateLimit[], routes: Composer<Context>): Composer<Context> {
  const limitedRoutes = new Composer<Context>();
  limitedRoutes.limit(limits, routes);
  return limitedRoutes;
}

/** Whether a value was made by {@link defineBot}; true across copies of the package. */
export function isBot(value: unknown): value is Bot {
  return typeof value === "object" && value !== null && botBrand in value;
}

/** A bot with its configuration, ready to handle stanzas. */
export interface ConfiguredBot {
  readonly name: string;
  readonly summary: string;
  /** In milliseconds. */
  readonly timeout: number;
  readonly concurrency: number;
  readonly breaker: BreakerOptions | false;
  readonly ack: "inline" | "durable";
  /** @internal Who may be its contact. */
  readonly contactRules: ContactRules;
  /** What it says where restanza speaks for it; `undefined` for restanza's own words. */
  readonly texts: Catalogues<FrameworkText> | undefined;
  /** Whose invitations into rooms it follows. */
  readonly invitations: InvitationPolicy | undefined;
  readonly routes: Composer<Context>;
  /** Its commands, those that all bots have included. */
  readonly commands: readonly Command<never>[];
  /** @internal What it does at its times. */
  readonly timetable: Timetable;
  /** Adds the web hooks; `undefined` where it has none. */
  readonly web: ((app: WebApp, bot: BotHandle) => void) | undefined;
  start(bot: BotHandle): Promise<void>;
  /** @throws where it is not well. */
  health(bot: BotHandle): Promise<void>;
  stop(bot: BotHandle): Promise<void>;
}

/**
 * Checks a bot's configuration and builds its routes, to be looked at: its `setup` does not run. {@link setUpBot} makes a bot that works.
 *
 * @param resources default: where the bot has a `setup`, a stand-in that has whatever is asked of it and does nothing.
 * @throws ZodError when the configuration does not fit the bot's schema.
 */
export function configureBot(bot: Bot, input: unknown = {}, resources?: unknown): ConfiguredBot {
  return buildBot(bot, configOf(bot, input), resources ?? (bot.setup && standIn()));
}

/** @internal What its schema makes of a bot's configuration. @throws ZodError */
export function configOf(bot: Bot, input: unknown = {}): unknown {
  return bot.config === undefined ? {} : bot.config.parse(input);
}

/** @internal A bot that does nothing, as its resources are not there. @throws ZodError */
export function dormantBot(bot: Bot, input: unknown): ConfiguredBot {
  const dormant: Bot = { ...bot, routes: () => undefined };
  return { ...buildBot(dormant, configOf(bot, input), undefined), web: bot.web && (() => undefined) };
}

/** @internal Builds the routes of a bot on its resources. */
export function buildBot(bot: Bot, config: unknown, resources: unknown): ConfiguredBot {
  const texts = bot.texts && frameworkTexts(bot.texts);
  const own = new Composer<Context>();
  bot.routes(own, config, resources);
  const all = withCommands(own, texts);
  const routes = bot.rateLimit === undefined ? all : limitedTo(bot.rateLimit, all);
  shareNames(routes);
  const started = (handle: BotHandle): StartedBot<unknown> => ({
    ...handle,
    config,
    resources,
    calls: callsOf(handle),
    storage: ownStorage(handle),
    send: (to, content, options) => sendOwn(handle, to, content, options),
    remind: async (to, when, what) => await setOwnTimer(handle, to, REMIND, when, keptReply(what)),
    schedule: (to, name, when, data = null) => setOwnTimer(handle, to, name, when, data),
    sendFile: (to, file, options) => sendOwnFile(handle, to, file, options),
    download: (file, options = {}) => fetchFile(handle.files ?? NO_FILES, file, options),
  });
  return {
    name: bot.name,
    summary: bot.summary,
    timeout: bot.timeout ?? DEFAULT_TIMEOUT,
    concurrency: bot.concurrency ?? DEFAULT_CONCURRENCY,
    breaker: bot.breaker ?? {},
    ack: bot.ack ?? "inline",
    contactRules: contactRules(bot.contacts),
    texts,
    invitations: bot.rooms?.invitations,
    routes,
    // Its own come first in menus.
    commands: [...new Set([...commandsOf(own), ...commandsOf(routes)])],
    timetable: timetable(routes),
    web: bot.web && ((app, handle) => bot.web?.(app, started(handle))),
    start: async (handle) => await bot.start?.(started(handle)),
    health: async (handle) => {
      if ((await bot.health?.(started(handle))) === false)
        throw new Error(`${bot.name} says that it is not well`);
    },
    stop: async (handle) => await bot.stop?.(started(handle)),
  };
}

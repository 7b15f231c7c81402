import { randomUUID } from "node:crypto";
import pRetry from "p-retry";
import type { Logger } from "pino";
import {
  type Bot,
  type BotControl,
  BotControlError,
  type BotHandle,
  type BotState,
  type ContactPolicy,
  type Contacts,
  contactRules,
  decorate,
  type Files,
  Identity,
  Occupants,
  Peers,
  type Permissions,
  type Profile,
  type ProfileDefinition,
  presenting,
  profileOf,
  type RoomSender,
  Rooms,
  type Sender,
  SetupError,
  showInRooms,
} from "../bot/index.ts";
import { BotGate, type Mount } from "../dispatch/index.ts";
import { RestError } from "../outbound/index.ts";
import { PepNotifier } from "../services/index.ts";
import { Jid, type Presence, StanzaError } from "../stanza/index.ts";
import { type Clock, type Store, StoreError } from "../store/index.ts";
import { botContacts } from "./bot-contacts.ts";
import { botFeatures } from "./bot-features.ts";
import { BotVersion } from "./bot-version.ts";
import type { MountConfig } from "./config.ts";
import type { FoundWeb } from "./hooks/index.ts";
import { IsolatedBots, type IsolationOptions } from "./isolation/index.ts";
import { RoomKeeping } from "./room-keeping.ts";
import { Switches } from "./switches.ts";

/** What a {@link BotHost} takes. */
export interface BotHostOptions {
  readonly mount: Mount;
  readonly sender: Sender;
  /** Sends what joins and leaves rooms: past the queue, as the bot has to know whether it is in, and tries again itself. */
  readonly roomSender: RoomSender;
  readonly log: Logger;
  /** Where it is kept which rooms the bots are in; default: nowhere. */
  readonly store?: Store | undefined;
  /** Who may run which commands; default: nobody is an admin. */
  readonly permissions?: Permissions | undefined;
  /** Loads a bot anew from its files; default: there are none. */
  readonly reload?: ((name: string) => Promise<void>) | undefined;
  /** The bot at the domain itself. */
  readonly host: string | undefined;
  /** Rooms to join at the start, by bot. */
  readonly rooms: MountConfig["rooms"];
  /** Where the bots' files go; default: nowhere. */
  readonly files?: Files | undefined;
  /** Default: the real time. */
  readonly clock?: Clock | undefined;
  /** What bots show of themselves in the place of what they have for it, by bot; default: nothing else. */
  readonly profiles?: Readonly<Record<string, ProfileDefinition>> | undefined;
  /** Who may be a contact of which bot, in the place of what it says itself. */
  readonly contacts?: Readonly<Record<string, ContactPolicy>> | undefined;
  /** How bots come to a process of their own; default: all work in this one. */
  readonly isolation?: IsolationOptions | undefined;
  /** Told that a bot has come to work after the start, with its own times. */
  readonly onAwake?: (() => Promise<void>) | undefined;
  /** How long the start waits for one bot's `setup`, in milliseconds; one that takes longer is tried again while the others run. Default 10,000. */
  readonly patience?: number | undefined;
}

/** The bots of one mount from their loading to their end. */
export class BotHost implements BotControl {
  /** Given what a room has refused a bot with on the spot, to be dispatched; without it the bots are not told. */
  onRefused: ((stanza: Presence) => void) | undefined;
  readonly reload: BotControl["reload"];
  readonly #options: BotHostOptions;
  readonly #switches: Switches;
  readonly #keeping: RoomKeeping;
  /** Settles when no bot is being switched on or off; it never rejects. */
  #switching = Promise.resolve();
  readonly #bots = new Map<string, BotVersion>();
  /** Those in processes of their own. */
  readonly #isolated: IsolatedBots;
  readonly #stopping = new AbortController();
  /** Of restanza, on all its nodes, once it has begun. */
  #life: string | undefined;
  #started = false;

  constructor(options: BotHostOptions) {
    this.#options = options;
    this.#switches = new Switches(options.mount.domain, options.store);
    this.#keeping = new RoomKeeping(options);
    this.#isolated = new IsolatedBots(options);
    const { reload, host } = options;
    this.reload =
      reload &&
      (async (name) => {
        if (this.#isolated.handle(name) === undefined) this.#known(name);
        // It would wait for the handler that waits for it.
        if (name === host) throw new BotControlError("controlSelfReload", { bot: name });
        await reload(name);
      });
  }

  /**
   * Puts a bot at its address, in the place of an older one of its name, which is stopped. One whose `setup` fails is there all the same,
   * and is set up as soon as that works.
   *
   * @throws ZodError when its configuration does not fit its schema, and Error when it takes the place of an older one and is not set
   * up, does not start or is not well; the older one goes on then.
   */
  async put(bot: Bot, config: unknown): Promise<void> {
    if (this.#isolated.takes(bot)) {
      const isOff = (await this.#switches.isOff(bot.name)) === true;
      const handle = this.#handle(bot.name, profileOf(bot, this.#options.profiles?.[bot.name]), undefined);
      return await this.#isolated.put(bot, config, handle, isOff);
    }
    const older = this.#bots.get(bot.name);
    const profile = profileOf(bot, this.#options.profiles?.[bot.name]);
    const handle = this.#handle(bot.name, profile, older?.handle);
    const { clock } = this.#options;
    const gate =
      older?.gate ?? new BotGate({ log: handle.log, clock, onPause: () => this.#announce(handle) });
    const newer = new BotVersion(bot, config, handle, gate, profile);
    if (older === undefined) gate.disabled = (await this.#switches.isOff(bot.name)) === true;
    // What is wrong with it shows while the older one is still at work.
    if (!newer.hasSetup) await newer.setUp();
    if (this.#started && older && gate.state !== "disabled") return await this.#exchange(older, newer);
    await older?.end();
    if (gate.state === "disabled") return this.#install(newer);
    const isSetUp = await this.#bringUp(newer);
    if (this.#started && isSetUp) await this.#guard(handle, "start", () => newer.configured.start(handle));
  }

  #install(bot: BotVersion): void {
    const { handle, configured, gate } = bot;
    this.#bots.set(handle.name, bot);
    if (handle.identity.show(bot.profile, botFeatures(configured.routes)))
      showInRooms(handle).catch((error: unknown) => {
        handle.log.warn({ err: error }, "the rooms do not see yet what the bot shows of itself");
      });
    gate.configure(configured);
    gate.ready = bot.isSetUp;
    const policy = this.#options.contacts?.[handle.name];
    const { judge } = policy === undefined ? configured.contactRules : contactRules({ policy });
    handle.contacts.configure({ ...configured.contactRules, judge }, configured.texts);
    this.#options.mount.put({ ...handle, ...configured, gate });
    this.#isolated.tellOthers();
    gate.open();
    if (this.#life === undefined) return;
    handle.contacts.begin(this.#life);
    this.#announce(handle);
  }

  /**
   * Sets a bot up, unless it is, and lets it in. Where its `setup` fails it is tried again until it works, while the others run.
   *
   * @returns whether that was through at the first try.
   * @throws whatever else is wrong with it.
   */
  async #bringUp(bot: BotVersion): Promise<boolean> {
    const { handle, signal } = bot;
    const first = Promise.withResolvers<boolean>();
    let tried = 0;
    const attempt = async (): Promise<void> => {
      if (!bot.isSetUp) await bot.setUp(tried === 0 ? (this.#options.patience ?? PATIENCE) : undefined);
    };
    const up = pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 500,
      maxTimeout: 60_000,
      factor: 2,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof SetupError,
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (signal.aborted || !(error instanceof SetupError)) return;
        handle.log.error(
          { err: error, attempt: attemptNumber },
          `${handle.name} is paused until it can be set up`,
        );
        if (tried === 0) this.#install(bot);
        tried = attemptNumber;
        first.resolve(false);
      },
    }).then(() => this.#install(bot));
    up.then(
      () => (tried === 0 ? first.resolve(true) : this.#awake(bot)),
      (error: unknown) => {
        if (tried > 0 && !signal.aborted)
          handle.log.error({ err: error }, `${handle.name} cannot be set up, and is not tried again`);
        first.reject(error);
      },
    );
    return await first.promise;
  }

  /** A bot that was asleep begins. */
  #awake(bot: BotVersion): void {
    bot.handle.log.info(`${bot.handle.name} is set up`);
    if (!this.#started) return;
    this.#startBot(bot);
    this.#options.onAwake?.().catch((error: unknown) => {
      bot.handle.log.error({ err: error }, `the times of ${bot.handle.name} could not be planned`);
    });
  }

  /** Ends the older version, whose handlers finish first, and has the newer one begin; what comes meanwhile waits. */
  async #exchange(older: BotVersion, newer: BotVersion): Promise<void> {
    await older.gate.drain();
    await this.#finish(older);
    try {
      if (!newer.isSetUp) await newer.setUp();
      await newer.configured.start(newer.handle);
      await newer.configured.health(newer.handle);
    } catch (error) {
      await this.#finish(newer);
      await this.#guard(older.handle, "start", async () => {
        if (await this.#bringUp(older)) await older.configured.start(older.handle);
      });
      throw new Error(`${newer.handle.name} does not start, so the one from before goes on`, {
        cause: error,
      });
    }
    this.#install(newer);
  }

  /** Has a bot stop, where it had begun, and closes what it had. */
  async #finish(bot: BotVersion): Promise<void> {
    if (bot.isSetUp) await this.#guard(bot.handle, "stop", () => bot.configured.stop(bot.handle));
    await bot.end();
  }

  /** The web hooks of a bot; `undefined` where there is no such bot here, or it has none. */
  web(name: string): FoundWeb | undefined {
    const bot = this.#bots.get(name);
    if (bot === undefined) return this.#isolated.web(name);
    return bot?.web && { ...bot.web, open: this.#started && !bot.gate.isAsleep };
  }

  /** The bots that have web hooks. */
  get callable(): string[] {
    return [
      ...[...this.#bots.values()].flatMap(({ web, handle }) => (web === undefined ? [] : [handle.name])),
      ...this.#isolated.callable,
    ];
  }

  /**
   * Lets every bot begin, joins the rooms, and tells the contacts; goes on trying while Prosody is away.
   *
   * @param life names the time from the start of the first node until the end of the last. Default: it begins now.
   */
  start(life: string = randomUUID()): void {
    this.#started = true;
    this.#life = life;
    this.#isolated.start(life);
    for (const { handle, gate } of this.#bots.values()) {
      handle.contacts.begin(life);
      // Whom nobody sees does not say that nobody sees it.
      if (gate.state !== "disabled") this.#announce(handle);
    }
    for (const bot of this.#bots.values()) if (!bot.gate.isAsleep) this.#startBot(bot);
  }

  #startBot({ configured, handle }: BotVersion): void {
    void this.#begin(handle, () => configured.start(handle));
    void this.#begin(handle, () => handle.rooms.load()).then(() =>
      this.#begin(handle, () => this.#keeping.enter(handle)),
    );
  }

  /** Tells the contacts of a bot what it is like, once it has begun. */
  #announce(handle: BotHandle): void {
    if (this.#life !== undefined) void this.#begin(handle, () => handle.contacts.announce());
  }

  contacts(name: string): Contacts {
    return (this.#isolated.handle(name) ?? this.#known(name).handle).contacts;
  }

  states(): ReadonlyMap<string, BotState> {
    return new Map([
      ...[...this.#bots.values()].map(({ handle, gate }) => [handle.name, gate.state] as const),
      ...this.#isolated.states,
    ]);
  }

  async disable(name: string): Promise<void> {
    await this.#turn(name, true);
  }

  async enable(name: string): Promise<void> {
    await this.#turn(name, false);
  }

  /** Learns which bots were switched off or on at other nodes. */
  async refreshStates(): Promise<void> {
    for (const [name, bot] of this.#bots) {
      const off = await this.#switches.isOff(name);
      if (off !== undefined) this.#apply(bot, off);
    }
    for (const [name] of this.#isolated.states) {
      const off = await this.#switches.isOff(name);
      if (off !== undefined) this.#isolated.turn(name, off);
    }
  }

  async #turn(name: string, off: boolean): Promise<void> {
    const isIsolated = this.#isolated.handle(name) !== undefined;
    const bot = isIsolated ? undefined : this.#known(name);
    if (name === this.#options.host) throw new BotControlError("controlSelfOff", { bot: name });
    await this.#switches.set(name, off);
    if (bot === undefined) this.#isolated.turn(name, off);
    else this.#apply(bot, off);
  }

  #known(name: string): BotVersion {
    const bot = this.#bots.get(name);
    if (bot === undefined) throw new BotControlError("controlUnknown", { bot: name });
    return bot;
  }

  #apply({ handle: { name }, gate }: BotVersion, off: boolean): void {
    if ((gate.state === "disabled") === off) return;
    gate.disabled = off;
    if (!this.#started) return;
    this.#switching = this.#switching.then(async () => {
      const bot = this.#bots.get(name);
      // It may have been switched back meanwhile.
      if (bot === undefined || this.#stopping.signal.aborted || (gate.state === "disabled") !== off) return;
      bot.handle.log.info(off ? "it was switched off" : "it was switched on");
      if (!off)
        return await this.#guard(bot.handle, "start", async () => {
          if (await this.#bringUp(bot)) this.#awake(bot);
        });
      await gate.drain();
      await this.#finish(bot);
      await this.#guard(bot.handle, "stop", () => this.#keeping.depart(bot.handle));
      this.#install(bot);
    });
  }

  /** Learns which rooms the bots have come into, or are out of, on other nodes. */
  async refreshRooms(): Promise<void> {
    for (const { handle } of this.#bots.values()) await handle.rooms.load();
  }

  /** Prosody has started, so that its rooms may know none of the bots, and nobody was told who has gone with it. */
  prosodyStarted(): void {
    this.#keeping.checkAll();
    for (const { handle, gate } of this.#bots.values())
      if (!gate.isAsleep) void this.#begin(handle, () => handle.contacts.probe());
    this.#isolated.prosodyStarted();
  }

  /** Lets every bot end; the last node leaves the rooms too, to be back in them at the next start. */
  async stop(isLast: boolean): Promise<void> {
    this.#stopping.abort();
    const stopped = this.#isolated.stop(isLast);
    await this.#switching;
    for (const bot of this.#bots.values()) {
      const { handle, gate } = bot;
      if (this.#started)
        await this.#guard(handle, "stop", async () => {
          if (!gate.isAsleep) await bot.configured.stop(handle);
          this.#keeping.stop();
          if (!isLast) return;
          await handle.rooms.load();
          await handle.rooms.departAll();
        });
    }
    this.#life = undefined;
    await stopped;
    await Promise.all(
      [...this.#bots.values()].map(({ handle }) =>
        this.#guard(handle, "stop", async () => {
          if (isLast) await handle.contacts.depart();
          else handle.contacts.end();
        }),
      ),
    );
    await this.close();
  }

  /** Closes what the bots have set up, whether or not they have begun, and sets up nothing more. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...[...this.#bots.values()].map((bot) => bot.end()), this.#isolated.close()]);
  }

  /** Ends handlers in other processes that are still at work, as their timeout would. */
  abort(): void {
    this.#isolated.abort();
  }

  #handle(name: string, profile: Profile, older: BotHandle | undefined): BotHandle {
    const { mount, sender, roomSender, log, host, permissions } = this.#options;
    const jid = name === host ? Jid.of(undefined, mount.domain) : Jid.of(name, mount.domain);
    const identity = older?.identity ?? new Identity(jid, profile, botFeatures(undefined));
    const own = presenting(sender, { identity });
    const botLog = log.child({ bot: jid.toString() });
    const occupants = older?.occupants ?? new Occupants();
    return {
      name,
      jid,
      identity,
      peers: older?.peers ?? this.#peers(name, jid, own),
      sender: own,
      directory: mount,
      files: this.#options.files,
      clock: this.#options.clock,
      store: this.#options.store,
      onTimer: (due) => mount.onTimer?.(due),
      control: name === host ? this : undefined,
      log: botLog,
      contacts:
        older?.contacts ??
        botContacts(
          { name, jid, sender: own, identity, log: botLog },
          {
            store: this.#options.store,
            clock: this.#options.clock,
            direct: roomSender,
            state: () => this.#bots.get(name)?.gate.state ?? "running",
            host: () => (host === undefined ? undefined : this.#bots.get(host)?.handle),
          },
        ),
      rooms:
        older?.rooms ??
        new Rooms(jid, presentingInRooms(roomSender, identity), this.#options.store, {
          clock: this.#options.clock,
          occupants,
          log: log.child({ bot: jid.toString() }),
          onBounce: (stanza) => this.onRefused?.(stanza),
        }),
      occupants,
      permissions,
    };
  }

  /** What the clients of others can do; those that want to are told what the bot shows of itself. */
  #peers(name: string, jid: Jid, sender: Sender): Peers {
    const notifier = new PepNotifier();
    return new Peers(jid, {
      ask: (request, timeout) => sender.iq(request, { timeout }),
      clock: this.#options.clock,
      onPresence: (from, available) => {
        const bot = this.#bots.get(name);
        if (!available) notifier.gone(from);
        else if (bot !== undefined && !bot.gate.isAsleep && !bot.handle.rooms.has(from))
          void notifier.available(bot.handle, from);
      },
    });
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
          if (this.#stopping.signal.aborted) return;
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

/** Past the queue, presence is decorated too. */
function presentingInRooms(sender: RoomSender, identity: Identity): RoomSender {
  return {
    send: (stanza) => sender.send(stanza.kind === "presence" ? decorate(stanza, { identity }) : stanza),
    iq: (stanza, options) => sender.iq(stanza, options),
  };
}

/** How long the start waits for one bot, in milliseconds. */
const PATIENCE = 10_000;

/** Whether trying again may help: Prosody is away, or a room is not to be had yet. */
function isPassing(error: Error): boolean {
  if (error instanceof StanzaError) return error.type === "wait" || error.condition === "item-not-found";
  return error instanceof StoreError || (error instanceof RestError && error.retryable);
}

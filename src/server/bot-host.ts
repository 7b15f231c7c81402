import { randomUUID } from "node:crypto";
import {
  type Bot,
  type BotControl,
  BotControlError,
  type BotHandle,
  type BotState,
  type ContactPolicy,
  type Contacts,
  type ProfileDefinition,
  profileOf,
} from "../bot/index.ts";
import type { Presence } from "../stanza/index.ts";
import type { FoundWeb } from "./hooks/index.ts";
import { botHandle, Course, LocalBot, type Wiring } from "./hosting/index.ts";
import { IsolatedBots, type IsolationOptions } from "./isolation/index.ts";
import { RoomKeeping, type RoomKeepingOptions } from "./room-keeping.ts";
import { Switches } from "./switches.ts";

/** What a {@link BotHost} takes. */
export interface BotHostOptions extends Wiring, Pick<RoomKeepingOptions, "rooms"> {
  /** Loads a bot anew from its files; default: there are none. */
  readonly reload?: ((name: string) => Promise<void>) | undefined;
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

/** The bots of one mount from their loading to their end, and what an admin does with them. */
export class BotHost implements BotControl {
  /** Given what a room has refused a bot with on the spot, to be dispatched; without it the bots are not told. */
  onRefused: ((stanza: Presence) => void) | undefined;
  readonly reload: BotControl["reload"];
  readonly #options: BotHostOptions;
  readonly #switches: Switches;
  readonly #keeping: RoomKeeping;
  readonly #course = new Course();
  readonly #bots = new Map<string, LocalBot>();
  /** Those in processes of their own. */
  readonly #isolated: IsolatedBots;

  constructor(options: BotHostOptions) {
    this.#options = options;
    this.#switches = new Switches(options.mount.domain, options.store);
    this.#keeping = new RoomKeeping(options);
    this.#isolated = new IsolatedBots(options);
    const { reload, host } = options;
    this.reload =
      reload &&
      (async (name) => {
        this.#known(name);
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
    const { name } = bot;
    const profile = profileOf(bot, this.#options.profiles?.[name]);
    const known = this.#bots.get(name);
    if (known !== undefined) {
      if (this.#isolated.takes(bot))
        known.handle.log.warn(
          `isolate is of use from the next start of restanza; until then ${name} stays in its process`,
        );
      return await known.put(bot, config, profile);
    }
    const isOff = (await this.#switches.isOff(name)) === true;
    const handle = botHandle(name, profile, this.#options, {
      control: this,
      find: (other) => this.#bots.get(other),
      onRefused: (stanza) => this.onRefused?.(stanza),
    });
    if (this.#isolated.takes(bot)) return await this.#isolated.put(bot, config, handle, isOff);
    const { mount, contacts, patience, onAwake } = this.#options;
    const local = new LocalBot(handle, {
      mount,
      course: this.#course,
      keeping: this.#keeping,
      policy: contacts?.[name],
      patience,
      onAwake,
      onInstalled: () => {
        this.#bots.set(name, local);
        this.#isolated.tellOthers();
      },
    });
    local.gate.disabled = isOff;
    await local.put(bot, config, profile);
  }

  /** The web hooks of a bot; `undefined` where there is no such bot here, or it has none. */
  web(name: string): FoundWeb | undefined {
    const bot = this.#bots.get(name);
    return bot === undefined ? this.#isolated.web(name) : bot.web;
  }

  /** The bots that have web hooks. */
  get callable(): string[] {
    const local = [...this.#bots].flatMap(([name, { web }]) => (web === undefined ? [] : [name]));
    return [...local, ...this.#isolated.callable];
  }

  states(): ReadonlyMap<string, BotState> {
    const local = [...this.#bots].map(([name, { gate }]) => [name, gate.state] as const);
    return new Map([...local, ...this.#isolated.states]);
  }

  contacts(name: string): Contacts {
    return this.#known(name).contacts;
  }

  /** @throws BotControlError when there is no such bot. */
  #known(name: string): BotHandle {
    const handle = this.#bots.get(name)?.handle ?? this.#isolated.handle(name);
    if (handle === undefined) throw new BotControlError("controlUnknown", { bot: name });
    return handle;
  }

  async disable(name: string): Promise<void> {
    await this.#turn(name, true);
  }

  async enable(name: string): Promise<void> {
    await this.#turn(name, false);
  }

  async #turn(name: string, off: boolean): Promise<void> {
    this.#known(name);
    if (name === this.#options.host) throw new BotControlError("controlSelfOff", { bot: name });
    await this.#switches.set(name, off);
    this.#apply(name, off);
  }

  #apply(name: string, off: boolean): void {
    const bot = this.#bots.get(name);
    if (bot === undefined) this.#isolated.turn(name, off);
    else bot.turn(off);
  }

  /** Learns which bots were switched off or on at other nodes. */
  async refreshStates(): Promise<void> {
    for (const name of this.states().keys()) {
      const off = await this.#switches.isOff(name);
      if (off !== undefined) this.#apply(name, off);
    }
  }

  /** Learns which rooms the bots have come into, or are out of, on other nodes. */
  async refreshRooms(): Promise<void> {
    for (const { handle } of this.#bots.values()) await handle.rooms.load();
  }

  /**
   * Lets every bot begin, joins the rooms, and tells the contacts; goes on trying while Prosody is away.
   *
   * @param life names the time from the start of the first node until the end of the last. Default: it begins now.
   */
  start(life: string = randomUUID()): void {
    this.#course.begin(life);
    this.#isolated.start(life);
    for (const bot of this.#bots.values()) bot.start(life);
  }

  /** Prosody has started, so that its rooms may know none of the bots, and nobody was told who has gone with it. */
  prosodyStarted(): void {
    this.#keeping.checkAll();
    for (const bot of this.#bots.values()) bot.prosodyStarted();
    this.#isolated.prosodyStarted();
  }

  /** Lets every bot end; the last node leaves the rooms too, to be back in them at the next start. */
  async stop(isLast: boolean): Promise<void> {
    this.#course.end();
    this.#keeping.stop();
    const stopped = this.#isolated.stop(isLast);
    for (const bot of this.#bots.values()) await bot.stop(isLast);
    await stopped;
    await Promise.all([...this.#bots.values()].map((bot) => bot.depart(isLast)));
    await this.close();
  }

  /** Closes what the bots have set up, whether or not they have begun, and sets up nothing more. */
  async close(): Promise<void> {
    this.#course.end();
    await Promise.all([...[...this.#bots.values()].map((bot) => bot.close()), this.#isolated.close()]);
  }

  /** Ends handlers in other processes that are still at work, as their timeout would. */
  abort(): void {
    this.#isolated.abort();
  }
}

import {
  type BotHandle,
  type Command,
  type ConfiguredBot,
  commandsOf,
  type Directory,
  type DirectoryEntry,
} from "../bot/index.ts";
import type { Jid, Stanza } from "../stanza/index.ts";
import type { QueueEntry } from "../store/index.ts";
import type { Arrival } from "./arrival.ts";
import type { BotGate } from "./gate.ts";
import type { Outcome } from "./outcome.ts";

/** A bot that is at work in a process of its own, which has all that a dispatcher has here. */
export interface RemoteBot {
  /** Whether the process is there. */
  readonly isUp: boolean;
  /** Whether as much waits for it as may. */
  readonly isFull: boolean;
  /** Brings a stanza to it; where the process ends over that, this is told as a crash, or as a timeout. */
  dispatch(stanza: Stanza, arrival: Arrival): Promise<Outcome>;
  /** Says that something is being written down for the next process, which takes it up before anything is brought to it. */
  expect(writing: Promise<unknown>): void;
  /** Gives it a timer that is due, which it takes out of the queue. */
  takeDue(entry: QueueEntry): Promise<void>;
}

/** A bot at its address on a mount. */
export interface MountedBot
  extends BotHandle,
    Pick<ConfiguredBot, "summary" | "timeout" | "ack" | "routes" | "timetable"> {
  /** The way into it; default: it is always open. */
  readonly gate?: BotGate | undefined;
  /** Where it is at work; default: here. */
  readonly remote?: RemoteBot | undefined;
}

/** Which bots answer for addresses that no bot is named after. */
export interface MountRoles {
  /** The bot at the domain itself. */
  readonly host?: string | undefined;
  /** The bot at every localpart that is no bot's name. */
  readonly catchAll?: string | undefined;
}

/** The bots of one domain: a component, or a virtual host. */
export class Mount implements Directory {
  readonly domain: string;
  /** Told when a timer is due that a bot has set in answer to nothing; default: it is found when the timers are next looked through. */
  onTimer: ((due: number) => void) | undefined;
  readonly #roles: MountRoles;
  readonly #bots = new Map<string, MountedBot>();

  constructor(domain: string, roles: MountRoles = {}) {
    this.domain = domain;
    this.#roles = roles;
  }

  /** Adds a bot, in the place of an older one of its name. */
  put(bot: MountedBot): void {
    this.#bots.set(bot.name, bot);
  }

  remove(name: string): void {
    this.#bots.delete(name);
  }

  get(name: string): MountedBot | undefined {
    return this.#bots.get(name);
  }

  get bots(): Iterable<MountedBot> {
    return this.#bots.values();
  }

  /** The bot that an address belongs to. */
  resolve(to: Jid): MountedBot | undefined {
    const { host, catchAll } = this.#roles;
    if (to.local === undefined) return host === undefined ? undefined : this.#bots.get(host);
    const named = this.#bots.get(to.local);
    // The host's own bot has one address, so that nobody takes it for two contacts.
    if (named && named.name !== host) return named;
    return catchAll === undefined ? undefined : this.#bots.get(catchAll);
  }

  /** Whether an address is a bot's own, and not one that the catch-all stands in for. */
  isBot({ local }: Jid): boolean {
    return local === undefined ? this.#roles.host !== undefined : this.#bots.has(local);
  }

  commands(name: string): readonly Command<never>[] {
    const bot = this.#bots.get(name);
    return bot?.commands ?? (bot === undefined ? [] : commandsOf(bot.routes));
  }

  list(): readonly DirectoryEntry[] {
    return [...this.#bots.values()]
      .map(({ name, summary, jid, identity }) => ({ name, summary, jid, nick: identity.profile.nick }))
      .sort((one, other) => one.name.localeCompare(other.name, "en"));
  }
}

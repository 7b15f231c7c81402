import type { Contacts } from "./contacts/index.ts";

/** What a bot is doing: its handlers run, an admin has switched it off, or it is paused because it fails. */
export type BotState = "running" | "disabled" | "paused";

/** What the host's own bot can do with the bots of its mount. Each throws an Error with words for an admin where it cannot. */
export interface BotControl {
  /** By the names of the bots. */
  states(): ReadonlyMap<string, BotState>;
  /** Switches a bot off, also on other nodes and after a restart: its handlers finish, then its `stop` runs. */
  disable(name: string): Promise<void>;
  /** Switches it on again, with its `start`. */
  enable(name: string): Promise<void>;
  /** The contacts of a bot, and who wants to be one. */
  contacts(name: string): Contacts;
  /** Loads it anew from its files, in this process; `undefined` where bots do not come from files. */
  readonly reload: ((name: string) => Promise<void>) | undefined;
}

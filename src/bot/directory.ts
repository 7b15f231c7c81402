import type { Jid } from "../stanza/index.ts";
import type { Command } from "./commands/command.ts";

/** What anybody may know of a bot. */
export interface DirectoryEntry {
  readonly name: string;
  /** What it goes by in lists of contacts. */
  readonly nick: string;
  readonly summary: string;
  readonly jid: Jid;
}

/** The bots of one mount, in the order of their names. */
export interface Directory {
  list(): readonly DirectoryEntry[];
  /** All commands of one of them, also those that not everybody may run. */
  commands(name: string): readonly Command<never>[];
}

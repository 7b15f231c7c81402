import type { Jid } from "../stanza/index.ts";

/** What anybody may know of a bot. */
export interface DirectoryEntry {
  readonly name: string;
  readonly summary: string;
  readonly jid: Jid;
}

/** The bots of one mount, in the order of their names. */
export interface Directory {
  list(): readonly DirectoryEntry[];
}

/** A stanza that was acknowledged before its handler was through. */
export interface JournalEntry {
  readonly id: string;
  /** The bare JID of the bot. */
  readonly bot: string;
  /** The stanza as XML. */
  readonly xml: string;
  /** When it was acknowledged, in milliseconds since 1970. */
  readonly since: number;
}

/** Keeps stanzas from their acknowledgement until they are handled. */
export interface Journal {
  /** Resolves once the entry would survive what the journal promises to survive. */
  add(entry: JournalEntry): void | Promise<void>;
  /** Forgets an entry: its stanza is handled. */
  done(id: string): void | Promise<void>;
  /** What is not handled yet, oldest first. */
  pending(): Iterable<JournalEntry>;
}

/** A journal that lives as long as the process. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, JournalEntry>();

  add(entry: JournalEntry): void {
    this.#entries.set(entry.id, entry);
  }

  done(id: string): void {
    this.#entries.delete(id);
  }

  pending(): Iterable<JournalEntry> {
    return this.#entries.values();
  }
}

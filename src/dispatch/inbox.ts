import type { Stanza } from "../stanza/index.ts";
import { writeXml } from "../stanza/index.ts";
import type { QueueEntry, Store, Write } from "../store/index.ts";

/** A stanza that was acknowledged before it was handled. */
export interface InboxEntry {
  readonly id: string;
  /** The address of the bot. */
  readonly bot: string;
  /** The conversation that it is part of. */
  readonly conversation: string;
  /** The stanza as XML. */
  readonly xml: string;
  /** How many processes have ended over it. */
  readonly attempts: number;
}

const QUEUE = "inbox";
const PAGE = 1_000;

/** Keeps stanzas from their acknowledgement until they are handled, through the end of the process and its next start. */
export class Inbox {
  readonly #store: Store;
  /** What this process is at work on: all else that waits is from an earlier one, or was given another chance. */
  readonly #held = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Writes a stanza down; once it resolves the stanza may be acknowledged.
   *
   * @param id an id that the stanza would have again if it came again.
   * @returns whether it is new; one that has been here before must not be handled again.
   */
  async add(id: string, bot: string, conversation: string, stanza: Stanza): Promise<boolean> {
    const payload = { bot, xml: writeXml(stanza.element) };
    const known = this.#held.has(id);
    this.#held.add(id);
    try {
      const [sequence] = await this.#store.commit([
        { enqueue: { queue: QUEUE, id, key: conversation, payload } },
      ]);
      if (sequence !== undefined) return true;
    } catch (error) {
      if (!known) this.#held.delete(id);
      throw error;
    }
    if (!known) this.#held.delete(id);
    return false;
  }

  /** The stanza is handled: it is forgotten together with what its handling wrote, in one commit. */
  async complete(id: string, writes: readonly Write[]): Promise<void> {
    await this.#store.commit([...writes, { complete: { queue: QUEUE, id } }]);
    this.#held.delete(id);
  }

  /** Handling it failed for good. It is kept for somebody to look at, and holds nothing up. */
  async bury(id: string, error: string, along: readonly Write[] = []): Promise<void> {
    await this.#store.commit([...along, { bury: { queue: QUEUE, id, error } }]);
    this.#held.delete(id);
  }

  /** Notes that a stanza is tried again, since a process ended over it. */
  async retry(id: string, error: string, along: readonly Write[] = []): Promise<void> {
    await this.#store.commit([...along, { retry: { queue: QUEUE, id, error, notBefore: 0 } }]);
  }

  /** The entry of this id, while it waits. */
  async find(id: string): Promise<InboxEntry | undefined> {
    const entry = await this.#store.find(QUEUE, id);
    return entry?.state === "waiting" ? readEntry(entry) : undefined;
  }

  /** This process is not at work on a stanza any more, whatever became of it. */
  letGo(id: string): void {
    this.#held.delete(id);
  }

  /** What waits for this process to take it, oldest first; from then on it is at work on it. */
  async *takeWaiting(): AsyncGenerator<InboxEntry, void> {
    let after = 0;
    for (;;) {
      const page = await this.#store.entries(QUEUE, { state: "waiting", after, limit: PAGE });
      for (const entry of page) {
        if (this.#held.has(entry.id)) continue;
        this.#held.add(entry.id);
        yield readEntry(entry);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.sequence;
    }
  }

  /** Commits what a handler wrote whose stanza is not in here. */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#store.commit(writes);
  }
}

/** What an entry of the inbox holds. */
export function readEntry({ id, key, payload, attempts }: QueueEntry): InboxEntry {
  const { bot, xml } = payload as { readonly bot: string; readonly xml: string };
  return { id, bot, conversation: key, xml, attempts };
}

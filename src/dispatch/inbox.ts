import type { TimerPayload } from "../bot/index.ts";
import type { Stanza } from "../stanza/index.ts";
import { writeXml } from "../stanza/index.ts";
import { ConflictError, type JsonValue, type QueueEntry, type Store, type Write } from "../store/index.ts";

/** A stanza that was acknowledged before it was handled. */
export interface InboxEntry {
  readonly id: string;
  /** The address of the bot. */
  readonly bot: string;
  /** The conversation that it is part of. */
  readonly conversation: string;
  /** The stanza as XML. */
  readonly xml: string;
  /** What is due, where it is no stanza that has come but a timer. */
  readonly timer: TimerPayload["timer"] | undefined;
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
  readonly #onTimer: (due: number) => void;

  /** @param onTimer told when a timer is due that has been set together with something that is kept here. */
  constructor(store: Store, onTimer: (due: number) => void = () => undefined) {
    this.#store = store;
    this.#onTimer = onTimer;
  }

  /**
   * Takes a timer that is due out of its queue.
   *
   * @returns whether it is here now; `false` where somebody else has been quicker.
   */
  async takeTimer({ id, payload }: QueueEntry): Promise<boolean> {
    const { conversation, ...rest } = payload as unknown as TimerPayload;
    this.#held.add(id);
    try {
      const [, sequence] = await this.#store.commit([
        { complete: { queue: "timers", id } },
        { enqueue: { queue: QUEUE, id, key: conversation, payload: rest as unknown as JsonValue } },
      ]);
      if (sequence !== undefined) return true;
    } catch (error) {
      this.#held.delete(id);
      if (error instanceof ConflictError) return false;
      throw error;
    }
    this.#held.delete(id);
    return false;
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
    await this.#commit([...writes, { complete: { queue: QUEUE, id } }]);
    this.#held.delete(id);
  }

  /** Handling it failed for good. It is kept for somebody to look at, and holds nothing up. */
  async bury(id: string, error: string, along: readonly Write[] = []): Promise<void> {
    await this.#commit([...along, { bury: { queue: QUEUE, id, error } }]);
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
  async *takeWaiting(isHere: (entry: InboxEntry) => boolean): AsyncGenerator<InboxEntry, void> {
    let after = 0;
    for (;;) {
      const page = await this.#store.entries(QUEUE, { state: "waiting", after, limit: PAGE });
      for (const entry of page) {
        const read = readEntry(entry);
        if (this.#held.has(entry.id) || !isHere(read)) continue;
        this.#held.add(entry.id);
        yield read;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.sequence;
    }
  }

  /** Commits what a handler wrote whose stanza is not in here. */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#commit(writes);
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    await this.#store.commit(writes);
    for (const write of writes)
      if ("enqueue" in write && write.enqueue.queue === "timers") this.#onTimer(write.enqueue.notBefore ?? 0);
  }
}

/** What an entry of the inbox holds. */
export function readEntry({ id, key, payload, attempts }: QueueEntry): InboxEntry {
  const { bot, xml, timer } = payload as unknown as Omit<TimerPayload, "timer"> & Partial<TimerPayload>;
  return { id, bot, conversation: key, xml, timer, attempts };
}

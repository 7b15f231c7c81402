import type { Logger } from "pino";
import { Jid } from "../stanza/index.ts";
import type { QueueEntry, Store } from "../store/index.ts";
import { type Absences, isUnwell } from "./absences.ts";
import type { Claims } from "./claims.ts";
import { type Inbox, type InboxEntry, readEntry } from "./inbox.ts";
import type { InboxWork } from "./inbox-work.ts";
import type { Lanes } from "./lanes.ts";
import type { MountedBot } from "./mount.ts";

/** What a {@link Backlog} is made with. */
export interface BacklogOptions {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly lanes: Lanes;
  readonly work: InboxWork;
  readonly absences: Absences;
  /** Where several nodes share the store. */
  readonly claims: Claims | undefined;
  /** The bot that an address belongs to. */
  readonly resolve: (to: Jid) => MountedBot | undefined;
  readonly log: Logger | undefined;
}

/** How many conversations are taken over at once. */
const PAGE = 100;

/** Looks for what waits in the inbox and nobody is at work on, and has it handled in the turn of its conversation. */
export class Backlog {
  readonly #options: BacklogOptions;
  #looking: Promise<number> | undefined;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /**
   * Takes what waits here; where several nodes share the store, conversations that none of them has, a page at a time.
   *
   * @param attempted whether an earlier process has been at it.
   * @returns how many stanzas that is, or how many conversations.
   */
  take(attempted: boolean): Promise<number> {
    const { claims, absences } = this.#options;
    return absences.end(() => (claims === undefined ? this.#takeWaiting(attempted) : this.#takeOver(claims)));
  }

  async #takeWaiting(attempted: boolean): Promise<number> {
    const { inbox, lanes, work, resolve, absences } = this.#options;
    let count = 0;
    const isHere = (entry: InboxEntry): boolean => {
      const bot = resolve(Jid.parse(entry.bot));
      if (bot?.remote !== undefined) return false;
      if (bot === undefined || !isUnwell(bot)) return true;
      absences.found(bot);
      return false;
    };
    for await (const { id, conversation } of inbox.takeWaiting(isHere)) {
      count += 1;
      lanes.add(conversation, () => work.resume(id, attempted));
    }
    return count;
  }

  #takeOver(claims: Claims): Promise<number> {
    this.#looking ??= this.#takePage(claims).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #takePage(claims: Claims): Promise<number> {
    if (claims.retired) return 0;
    const { lanes, log } = this.#options;
    const busy = lanes.names;
    for (const conversation of claims.held.keys()) {
      if (!busy.has(conversation)) lanes.add(conversation, () => claims.giveBack(conversation));
    }
    const heads = await this.#headsOfTheWell();
    const through = heads.map(({ key }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      lanes.add(key, () => claims.takeOver(key).finally(resolve));
      return promise;
    });
    if (heads.length === PAGE)
      void Promise.all(through)
        .then(() => this.#takeOver(claims))
        .catch((error: unknown) => log?.error({ err: error }, "the inbox could not be read"));
    return heads.length;
  }

  /** The first of what waits in each conversation with a bot that is well here: the others may be so on another node. */
  async #headsOfTheWell(): Promise<readonly QueueEntry[]> {
    const { store, lanes, resolve } = this.#options;
    const found: QueueEntry[] = [];
    for (const skipKeys = lanes.names; ; ) {
      const limit = PAGE - found.length;
      const heads = await store.heads("inbox", { limit, skipKeys });
      found.push(...heads.filter((head) => !isUnwell(resolve(Jid.parse(readEntry(head).bot)))));
      if (heads.length < limit || found.length === PAGE) return found;
      for (const { key } of heads) skipKeys.add(key);
    }
  }
}

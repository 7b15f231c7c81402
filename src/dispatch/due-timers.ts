import type { TimerPayload } from "../bot/index.ts";
import { Jid } from "../stanza/index.ts";
import { type Clock, ConflictError, type QueueEntry, type Store } from "../store/index.ts";
import type { Claims } from "./claims.ts";
import type { Inbox } from "./inbox.ts";
import type { InboxWork } from "./inbox-work.ts";
import type { Lanes } from "./lanes.ts";
import type { MountedBot } from "./mount.ts";

/** What {@link DueTimers} are made with. */
export interface DueTimersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly lanes: Lanes;
  readonly work: InboxWork;
  /** Where several nodes share the store. */
  readonly claims: Claims | undefined;
  /** The bot that an address belongs to. */
  readonly resolve: (to: Jid) => MountedBot | undefined;
}

/** After how long it is looked again whether a bot can do what is due, in milliseconds. */
const WHILE_ASLEEP = 60_000;

/** Brings timers that are due to their bots. */
export class DueTimers {
  readonly #options: DueTimersOptions;

  constructor(options: DueTimersOptions) {
    this.#options = options;
  }

  /** A timer that is due goes through the inbox, as what has been acknowledged does: in its conversation's turn, once. */
  async take(entry: QueueEntry): Promise<void> {
    const { inbox, lanes, work, claims, resolve } = this.#options;
    const { conversation, bot: address } = entry.payload as unknown as TimerPayload;
    const bot = resolve(Jid.parse(address));
    if (bot?.gate?.isAsleep) return await this.#putOff(entry);
    if (bot?.remote !== undefined) return await bot.remote.takeDue(entry);
    if (!(await inbox.takeTimer(entry))) return;
    if (claims === undefined) return void lanes.add(conversation, () => work.resume(entry.id, false));
    inbox.letGo(entry.id);
    lanes.add(conversation, () => claims.takeOver(conversation));
  }

  /** The time of a bot that is switched off stands still; what is due meanwhile is late when it is back. */
  async #putOff({ id }: QueueEntry): Promise<void> {
    const { store, clock } = this.#options;
    const notBefore = clock.now() + WHILE_ASLEEP;
    try {
      await store.commit([{ retry: { queue: "timers", id, error: "its bot is switched off", notBefore } }]);
    } catch (error) {
      // Another node has taken it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

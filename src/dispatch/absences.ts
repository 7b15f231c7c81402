import { randomUUID } from "node:crypto";
import { Jid } from "../stanza/index.ts";
import { type Delivery, logged } from "./delivery.ts";
import type { Inbox } from "./inbox.ts";
import type { MountedBot } from "./mount.ts";
import { accepted, type Outcome, overloaded, unavailable } from "./outcome.ts";

/** What {@link Absences} are made with. */
export interface AbsencesOptions {
  readonly inbox: Inbox;
  /** Whether several nodes share the inbox, so that each looks there before it handles what comes. */
  readonly isShared: boolean;
  /** The bot that an address belongs to. */
  readonly resolve: (to: Jid) => MountedBot | undefined;
}

/** How many stanzas may wait for one bot. */
const MOST_WAITING = 1_000;

/** Whether a bot can handle nothing for now, and will be able to: its `setup` has failed, or its process is started again. */
export function isUnwell(bot: Pick<MountedBot, "gate"> | undefined): boolean {
  return bot?.gate?.isAsleep === true && bot.gate.state !== "disabled";
}

/** Has what was acknowledged wait in the inbox while its bot is not well. */
export class Absences {
  readonly #options: AbsencesOptions;
  /** The bots for which something waits, by their addresses: how much came while they were not well. */
  readonly #waiting = new Map<string, number>();
  readonly #writing = new Set<Promise<unknown>>();

  constructor(options: AbsencesOptions) {
    this.#options = options;
  }

  /** Whether a stanza is to wait: its bot is not well, or is again, and what has waited for it comes first. */
  takes({ stanza, bot }: Pick<Delivery, "stanza" | "bot">): boolean {
    if (stanza.kind === "iq") return false;
    if (isUnwell(bot)) return bot.ack === "durable";
    if (this.#waiting.size === 0 || this.#options.isShared || bot.remote !== undefined) return false;
    return this.#waiting.has(bot.jid.toString());
  }

  /** Writes a stanza down, to be handled later. */
  async keep(delivery: Delivery): Promise<Outcome> {
    const { inbox } = this.#options;
    const { bot, stanza, conversation, id = randomUUID() } = delivery;
    const address = bot.jid.toString();
    const count = this.#waiting.get(address) ?? 0;
    if (count >= MOST_WAITING) return overloaded;
    this.#waiting.set(address, count + 1);
    const writing = inbox.add(id, address, conversation, stanza).finally(() => {
      inbox.letGo(id);
      this.#writing.delete(writing);
    });
    this.#writing.add(writing);
    bot.remote?.expect(writing);
    try {
      await writing;
      return accepted;
    } catch (error) {
      bot.log.error(logged(delivery, error), "a stanza could not be journaled while its bot is not well");
      return unavailable;
    }
  }

  /** Says that the inbox holds something for a bot that is not well. */
  found(bot: MountedBot): void {
    const address = bot.jid.toString();
    this.#waiting.set(address, this.#waiting.get(address) ?? 0);
  }

  /**
   * Has what waits taken up, also what comes meanwhile for bots that are well again.
   *
   * @param takeUp takes up all that the inbox holds for such bots, and says how much that is.
   */
  async end(takeUp: () => Promise<number>): Promise<number> {
    for (let taken = 0; ; ) {
      const before = [...this.#waiting];
      await Promise.allSettled(this.#writing);
      taken += await takeUp();
      for (const [address, count] of before)
        if (this.#isWell(address) && this.#waiting.get(address) === count) this.#waiting.delete(address);
      if (![...this.#waiting.keys()].some((address) => this.#isWell(address))) return taken;
    }
  }

  #isWell(address: string): boolean {
    return !isUnwell(this.#options.resolve(Jid.parse(address)));
  }
}

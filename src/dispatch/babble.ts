import { Pacer } from "../outbound/index.ts";
import type { Jid, Message } from "../stanza/index.ts";
import type { Mount, MountedBot } from "./mount.ts";

/** How much one bot may say to another: more than that at once, and they answer each other without an end. */
const PACE = { perSecond: 1, burst: 300 };

/** How often to log it of one bot, in milliseconds. */
const LOG_EVERY = 60_000;

/**
 * Ends what bots of one restanza say to each other where each answers what the other says, in a chat or a room: once something is not
 * answered, there is nothing more to answer.
 */
export class Babble {
  readonly #mounts: ReadonlyMap<string, Mount>;
  readonly #pacer = new Pacer(PACE);
  readonly #logged = new WeakMap<MountedBot, number>();

  /** @param mounts by their domains. */
  constructor(mounts: ReadonlyMap<string, Mount>) {
    this.#mounts = mounts;
  }

  /** Counts what is said to a bot. @returns whether it comes from another one here that has said too much. */
  isTooMuch({ type }: Message, from: Jid, bot: MountedBot, now: number): boolean {
    const inRoom = type === "groupchat";
    if (!inRoom && !this.#isBot(from)) return false;
    const key = `${bot.jid} ${inRoom ? from : from.bare}`;
    if (this.#pacer.wait(key, now) === 0) {
      this.#pacer.take(key, now);
      return false;
    }
    // Whose nickname it is has to be sought, so only where it matters.
    if (inRoom && !this.#isNickOfOther(from, bot)) return false;
    if (now - (this.#logged.get(bot) ?? Number.NEGATIVE_INFINITY) >= LOG_EVERY) {
      this.#logged.set(bot, now);
      bot.log.warn(
        { from: String(from) },
        "two bots answer each other without an end, so one of them does not hear all of it: have it answer only what is meant for it, such as commands and mentions",
      );
    }
    return true;
  }

  #isBot(from: Jid): boolean {
    return this.#mounts.get(from.domain)?.isBot(from) === true;
  }

  #isNickOfOther(from: Jid, bot: MountedBot): boolean {
    for (const { bots } of this.#mounts.values())
      for (const { rooms } of bots)
        if (rooms !== bot.rooms && rooms.nick(from) === from.resource) return true;
    return false;
  }
}

import { type Chain, Composer, type Context, type MaybePromise } from "../bot/index.ts";
import { type Jid, type Stanza, StanzaError } from "../stanza/index.ts";
import { type Journal, MemoryJournal } from "../store/index.ts";
import { isFromRoom } from "../xep/index.ts";
import { CrashStreaks } from "./crash-streaks.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import { Handling, type HandlingEnvironment } from "./handling.ts";
import { LaneFullError, type LaneLimits, Lanes } from "./lanes.ts";
import type { Mount, MountedBot } from "./mount.ts";
import type { Outcome } from "./outcome.ts";

/** What a {@link Dispatcher} takes. */
export interface DispatcherOptions {
  readonly mounts: Iterable<Mount>;
  /** Runs for what a bot's own routes leave: what every entity of the network answers. */
  readonly fallback?: Composer<Context>;
  /**
   * How long a callback may stay unanswered while its handler is at work, in milliseconds; default 500. It bounds how
   * long a first reply waits for a second, and after it the bot is seen typing.
   */
  readonly deadline?: number;
  readonly limits?: LaneLimits;
  readonly journal?: Journal;
}

/** Brings each stanza to its bot, in order within a conversation, and tells what became of it. */
export class Dispatcher {
  readonly #mounts = new Map<string, Mount>();
  readonly #deadline: number;
  readonly #lanes: Lanes;
  readonly #environment: HandlingEnvironment;
  /** Handlers that are still at work, by when they are through. */
  readonly #working = new Map<Promise<void>, Handling>();

  constructor({
    mounts,
    fallback,
    deadline = 500,
    limits,
    journal = new MemoryJournal(),
  }: DispatcherOptions) {
    for (const mount of mounts) this.#mounts.set(mount.domain, mount);
    this.#deadline = deadline;
    this.#lanes = new Lanes(limits);
    const chain: Chain<Context> = (fallback ?? new Composer<Context>()).chain();
    this.#environment = { fallback: chain, journal, crashes: new CrashStreaks() };
  }

  /** The mount of a domain. */
  mount(domain: string): Mount | undefined {
    return this.#mounts.get(domain);
  }

  /** Whether a stanza is for a bot that is in the room from which it comes. */
  isFromJoinedRoom({ from, to }: Stanza): boolean {
    const bot = to && this.#mounts.get(to.domain)?.resolve(to);
    return from !== undefined && bot?.rooms.has(from) === true;
  }

  /** Resolves when every handler is through. */
  async idle(): Promise<void> {
    while (this.#working.size > 0 || this.#lanes.pending > 0) {
      await Promise.all(this.#working.keys());
      // A lane starts its next task in a later turn than the one in which the last ended.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Ends every handler that is still at work, as its timeout would: the sender is told, and its signal fires. */
  abort(): void {
    const reason = new HandlerTimeoutError("restanza is shutting down");
    for (const handling of this.#working.values()) handling.abort(reason);
  }

  /** Handles one stanza; resolves as soon as it is known how to answer the callback. */
  dispatch(stanza: Stanza): MaybePromise<Outcome> {
    const { from } = stanza;
    // A stanza without an address is to the account of its sender (RFC 6120 §10.3).
    const to = stanza.to ?? from?.bare;
    const bot = to && this.#mounts.get(to.domain)?.resolve(to);
    if (from === undefined || to === undefined || bot === undefined) return nobody(stanza, to);
    if (isEcho(stanza, from, bot)) return silent;
    // An answer comes back where the question was asked, so here it answers nothing.
    if (stanza.kind === "iq" && (stanza.type === "result" || stanza.type === "error")) return silent;
    return this.#schedule(stanza, from, bot);
  }

  #schedule(stanza: Stanza, from: Jid, bot: MountedBot): MaybePromise<Outcome> {
    const conversation = `${bot.jid} ${from.bare}`;
    // What another bot here says came by POST, which mod_rest has answered already: only an IQ waits for the callback.
    const inline = stanza.kind === "iq" || this.#mounts.get(from.domain)?.isBot(from) !== true;
    const handling = new Handling({ stanza, from, bot, conversation, inline }, this.#environment);
    // A ping must not wait for a slow conversation, and its answer is no part of one: an IQ has a lane of its own.
    const lane = stanza.kind === "iq" ? handling : conversation;
    try {
      this.#lanes.run(lane, () => this.#track(handling));
    } catch (error) {
      if (!(error instanceof LaneFullError)) throw error;
      bot.log.warn({ conversation }, `a stanza was turned away: ${error.message}`);
      return overloaded;
    }
    return handling.outcome(this.#deadline);
  }

  #track(handling: Handling): MaybePromise<void> {
    const running = handling.run();
    if (running === undefined) return undefined;
    this.#working.set(running, handling);
    return running.finally(() => this.#working.delete(running));
  }
}

/**
 * Whether a stanza is the bot's own, come back from a room, and so no news to it. That a room let it in under another
 * nickname is noted on the way; that it is out is news.
 */
function isEcho(stanza: Stanza, from: Jid, bot: MountedBot): boolean {
  const own = bot.rooms.isOwn(stanza);
  if (stanza.kind !== "presence" || !bot.rooms.has(from)) return own;
  bot.rooms.observe(stanza);
  if (bot.rooms.has(from)) return own || bot.rooms.isOwn(stanza);
  bot.log.warn({ room: String(from.bare), err: stanza.error }, "the bot is not in a room any more");
  return false;
}

/**
 * For an address that no bot has. A room gets no error, which would throw the bot out of it; presence is left without an answer, as
 * RFC 6121 §8.5.1 wants.
 */
function nobody(stanza: Stanza, to: Jid | undefined): Outcome {
  if (stanza.kind === "presence" || isFromRoom(stanza)) return silent;
  const text =
    to?.local === undefined ? undefined : `Nobody is called ${to.local} here; ${to.domain} may know who is.`;
  return { kind: "error", error: new StanzaError("service-unavailable", { text }) };
}

const silent: Outcome = { kind: "silent" };
const overloaded: Outcome = {
  kind: "error",
  error: new StanzaError("resource-constraint", {
    text: "Too much is waiting here. Please try again in a minute.",
  }),
};

import type { Logger } from "pino";
import { Composer, type Context, isMenuCall, type MaybePromise, planSchedules } from "../bot/index.ts";
import { type Jid, type Stanza, StanzaError } from "../stanza/index.ts";
import { type Clock, MemoryStore, type QueueEntry, type Store, SYSTEM_CLOCK } from "../store/index.ts";
import { isFromRoom } from "../xep/index.ts";
import { Absences, isUnwell } from "./absences.ts";
import type { Arrival } from "./arrival.ts";
import { Babble } from "./babble.ts";
import { Backlog } from "./backlog.ts";
import { Claims } from "./claims.ts";
import { CrashStreaks } from "./crash-streaks.ts";
import { DueTimers } from "./due-timers.ts";
import { Duplicates, type Fingerprint, fingerprint } from "./duplicates.ts";
import { isEcho } from "./echo.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import { Handling } from "./handling.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { Handlings } from "./handlings.ts";
import { Inbox, readEntry } from "./inbox.ts";
import { InboxWork } from "./inbox-work.ts";
import { LaneFullError, type LaneLimits, Lanes } from "./lanes.ts";
import type { Mount, MountedBot, RemoteBot } from "./mount.ts";
import { type Outcome, overloaded, silent } from "./outcome.ts";
import { Timers } from "./timers.ts";
import { Turns } from "./turns.ts";

/** What a {@link Dispatcher} takes. */
export interface DispatcherOptions {
  readonly mounts: Iterable<Mount>;
  /** Runs for what a bot's own routes leave: what every entity of the network answers. */
  readonly fallback?: Composer<Context>;
  /**
   * How long a callback may stay unanswered while its handler is at work, in milliseconds; default 500. It bounds how
   * long a first reply waits for a second, and after it the bot is seen typing. 0 has everything but answers to IQs go by POST,
   * however soon it is there.
   */
  readonly deadline?: number;
  readonly limits?: LaneLimits;
  /** Where state is kept; default: in memory, for as long as the process lives. */
  readonly store?: Store;
  /** What handlers go by; default: the real time. */
  readonly clock?: Clock;
  /** Told of what concerns no bot. */
  readonly log?: Logger;
}

/** How long to wait for another node, in milliseconds; and how much of the deadline at most. */
const PATIENCE = 100;
const PATIENT_PART = 1 / 4;

/** Brings each stanza to its bot, in order within a conversation, and tells what became of it. */
export class Dispatcher {
  readonly #mounts = new Map<string, Mount>();
  readonly #deadline: number;
  readonly #lanes: Lanes;
  readonly #environment: HandlingEnvironment;
  readonly #duplicates = new Duplicates();
  readonly #babble = new Babble(this.#mounts);
  /** Where several nodes share the store. */
  readonly #claims: Claims | undefined;
  readonly #handlings = new Handlings();
  readonly #inboxWork: InboxWork;
  readonly #absences: Absences;
  readonly #backlog: Backlog;
  readonly #timers: Timers;
  readonly #dueTimers: DueTimers;

  constructor({
    mounts,
    fallback,
    deadline = 500,
    limits,
    store = new MemoryStore(),
    clock = SYSTEM_CLOCK,
    log,
  }: DispatcherOptions) {
    for (const mount of mounts) this.#mounts.set(mount.domain, mount);
    this.#deadline = deadline;
    this.#lanes = new Lanes(limits);
    this.#timers = new Timers({ store, clock, log, take: (entry) => this.takeDue(entry) });
    const expect = (due: number): void => this.#timers.expect(due);
    for (const mount of this.#mounts.values()) mount.onTimer = expect;
    const inbox = new Inbox(store, expect);
    this.#environment = {
      fallback: (fallback ?? new Composer<Context>()).chain(),
      store,
      inbox,
      crashes: new CrashStreaks(undefined, undefined, () => clock.now()),
      clock,
      turns: new Turns(),
    };
    const resolve = (to: Jid): MountedBot | undefined => this.#resolve(to);
    const work = new InboxWork({ environment: this.#environment, handlings: this.#handlings, resolve, log });
    this.#inboxWork = work;
    const lanes = this.#lanes;
    const claims =
      store.leases &&
      new Claims({
        leases: store.leases,
        inbox,
        isAwaited: (conversation) => lanes.isAwaited(conversation),
        resume: (entry, lease) => work.takeUp(readEntry(entry), true, lease),
        patience: Math.min(PATIENCE, deadline * PATIENT_PART),
        clock,
        log,
      });
    this.#claims = claims;
    const absences = new Absences({ inbox, isShared: claims !== undefined, resolve });
    this.#absences = absences;
    this.#backlog = new Backlog({ store, inbox, lanes, work, absences, claims, resolve, log });
    this.#dueTimers = new DueTimers({ store, clock, inbox, lanes, work, claims, resolve });
  }

  /** The mount of a domain. */
  mount(domain: string): Mount | undefined {
    return this.#mounts.get(domain);
  }

  /** The bot that an address belongs to. */
  #resolve(to: Jid): MountedBot | undefined {
    return this.#mounts.get(to.domain)?.resolve(to);
  }

  /** Whether a stanza is for a bot that is in the room from which it comes. */
  isFromJoinedRoom({ from, to }: Stanza): boolean {
    const bot = to && this.#resolve(to);
    return from !== undefined && bot?.rooms.has(from) === true;
  }

  /** Resolves when every handler is through. */
  async idle(): Promise<void> {
    while (this.#handlings.size > 0 || this.#lanes.pending > 0) {
      await this.#handlings.through();
      // A lane starts its next task in a later turn than the one in which the last ended.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Ends every handler that is still at work, as its timeout would: the sender is told, and its signal fires. */
  abort(): void {
    this.#handlings.abort(new HandlerTimeoutError("restanza is shutting down"));
    this.#inboxWork.abort();
  }

  /**
   * Goes on with what an earlier process acknowledged and did not get to the end of. To be called before anything is
   * dispatched, so that what comes now is handled after it.
   *
   * @returns how many stanzas that is; where several nodes share the store, in how many conversations that none of them has.
   */
  recover(): Promise<number> {
    return this.#backlog.take(true);
  }

  /**
   * Handles what was put aside because its handler failed, and has been given another chance since, and what has waited for bots that were
   * not well; where several nodes share the store, also what another one left behind. To be called every few seconds.
   */
  async takeRevived(): Promise<void> {
    await this.#backlog.take(false);
  }

  /**
   * Begins to run what is due, once the schedules of the bots are planned; called again when bots have changed.
   *
   * @throws StoreError where they cannot be.
   */
  async startTimers(): Promise<void> {
    await this.planTimers();
    await this.#timers.stop();
    this.#timers.start();
  }

  /**
   * Plans the schedules of the bots that are at work here.
   *
   * @throws StoreError where they cannot be.
   */
  async planTimers(): Promise<void> {
    const { store, clock } = this.#environment;
    for (const { bots } of this.#mounts.values())
      for (const bot of bots)
        if (bot.gate?.isAsleep !== true && bot.remote === undefined)
          await planSchedules(store, bot, bot.timetable.schedules, clock.now());
  }

  /** Says that another process has set a timer, to be due at this time. */
  expectTimer(due: number): void {
    this.#timers.expect(due);
  }

  /** Leaves what becomes due to other nodes, or the next start. */
  async stopTimers(): Promise<void> {
    await this.#timers.stop();
  }

  /** A timer that is due goes through the inbox, as what has been acknowledged does: in its conversation's turn, once. */
  async takeDue(entry: QueueEntry): Promise<void> {
    await this.#dueTimers.take(entry);
  }

  /** Takes nothing over from other nodes any more, and leaves to them what waits. To be called before the last {@link idle}. */
  retire(): void {
    this.#claims?.retire();
  }

  /** Handles one stanza; resolves as soon as it is known how to answer the callback. */
  dispatch(stanza: Stanza, arrival: Arrival = {}): MaybePromise<Outcome> {
    const { from } = stanza;
    // A stanza without an address is to the account of its sender (RFC 6120 §10.3).
    const to = stanza.to ?? from?.bare;
    const bot = to && this.#resolve(to);
    if (from === undefined || to === undefined || bot === undefined) return nobody(stanza, to);
    if (bot.remote?.isUp) {
      if (bot.remote.isFull) return overloaded;
      // A process of its own does not know the nicknames of other bots.
      if (this.#isBabble(stanza, from, bot, this.#environment.clock.now())) return silent;
      return this.#bring(stanza, from, bot, bot.remote, arrival);
    }
    // Where several nodes share the store, what one of them has seen of a room is known to all once it is this stanza's turn.
    const isSeenNow = this.#claims === undefined || stanza.kind === "iq";
    if (isSeenNow && isEcho(stanza, from, bot, this.#racing(arrival))) return silent;
    // An answer comes back where the question was asked, so here it answers nothing.
    if (stanza.kind === "iq" && (stanza.type === "result" || stanza.type === "error")) return silent;
    return this.#schedule(stanza, from, bot, arrival);
  }

  /** Brings a stanza to a bot elsewhere. */
  async #bring(
    stanza: Stanza,
    from: Jid,
    bot: MountedBot,
    remote: RemoteBot,
    arrival: Arrival,
  ): Promise<Outcome> {
    const outcome = await remote.dispatch(stanza, arrival);
    const { id } = arrival;
    const isLost = outcome.kind === "crash" || outcome.kind === "timeout";
    if (!isLost || id === undefined || !this.#absences.takes({ stanza, bot })) return outcome;
    // The process that has ended over it may have written it down already: then that is known by its id.
    const conversation = `${bot.jid} ${from.bare}`;
    return this.#absences.keep({ stanza, from, bot, conversation, inline: true, id, seen: undefined });
  }

  /** Nothing says of stanzas that are known by their words alone in which order they were sent. */
  #racing({ window }: Arrival): number | undefined {
    return window === undefined ? undefined : this.#environment.clock.now();
  }

  #isBabble(stanza: Stanza, from: Jid, bot: MountedBot, now: number): boolean {
    return stanza.kind === "message" && this.#babble.isTooMuch(stanza, from, bot, now);
  }

  #schedule(stanza: Stanza, from: Jid, bot: MountedBot, arrival: Arrival): MaybePromise<Outcome> {
    const { id: given, repeated, window = 0 } = arrival;
    const now = this.#environment.clock.now();
    const seen = given === undefined ? fingerprint(stanza, window) : undefined;
    if (seen !== undefined && this.#duplicates.isRepeated(seen, now)) return silent;
    if (stanza.kind === "presence") bot.peers.observe(stanza, from);
    if (this.#isBabble(stanza, from, bot, now)) return silent;
    const id = given ?? (seen && `${seen.key} ${Math.floor(now / window)}`);
    const conversation = `${bot.jid} ${from.bare}`;
    // What another bot here says came by POST, which mod_rest has answered already: only an IQ waits for the callback.
    const hears = this.#deadline > 0 && this.#mounts.get(from.domain)?.isBot(from) !== true;
    const inline = stanza.kind === "iq" || hears;
    const racing = this.#racing(arrival);
    const delivery = { stanza, from, bot, conversation, inline, id, seen, racing };
    if (this.#absences.takes(delivery)) return this.#forgetting(seen, this.#absences.keep(delivery));
    const handling = new Handling(delivery, this.#environment);
    // A ping must not wait for a slow conversation, and its answer is no part of one: an IQ has a lane of its own. A command from a menu changes
    // what the bot remembers, as one that is said does.
    const isOrdered = stanza.kind !== "iq" || isMenuCall(stanza);
    const lane = isOrdered ? conversation : handling;
    try {
      this.#lanes.assertRoom(lane);
      bot.gate?.assertRoom();
      if (stanza.kind !== "iq" && (repeated || bot.ack === "durable")) void handling.hold();
      this.#lanes.add(lane, this.#task(handling, bot, isOrdered ? conversation : undefined));
    } catch (error) {
      if (!(error instanceof LaneFullError)) throw error;
      bot.log.warn({ conversation }, `a stanza was turned away: ${error.message}`);
      if (seen !== undefined) this.#duplicates.forget(seen);
      return overloaded;
    }
    return this.#forgetting(seen, handling.outcome(this.#deadline));
  }

  /** What was turned away may come again. */
  #forgetting(seen: Fingerprint | undefined, outcome: MaybePromise<Outcome>): MaybePromise<Outcome> {
    if (seen === undefined) return outcome;
    if (outcome instanceof Promise) return outcome.then((became) => this.#forgotten(seen, became));
    return this.#forgotten(seen, outcome);
  }

  #forgotten(seen: Fingerprint, outcome: Outcome): Outcome {
    if (outcome.kind === "unavailable" || outcome === overloaded) this.#duplicates.forget(seen);
    return outcome;
  }

  /** What handles a stanza when its turn has come; where several nodes share the store, in its turn among all of them. */
  #task(handling: Handling, bot: MountedBot, conversation: string | undefined): () => MaybePromise<void> {
    const claims = this.#claims;
    // That it is not well a bot says here, and what waits for it in the conversation is left for later, or to a node on which it is well.
    if (claims === undefined || conversation === undefined || isUnwell(bot))
      return () => this.#handlings.track(handling, handling.run());
    claims.expect(handling);
    return () => this.#handlings.track(handling, claims.handle(handling, conversation));
  }
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

import type { Logger } from "pino";
import {
  type Chain,
  Composer,
  type Context,
  isMenuCall,
  type MaybePromise,
  planSchedules,
  type TimerPayload,
} from "../bot/index.ts";
import { Jid, readStanza, type Stanza, StanzaError } from "../stanza/index.ts";
import {
  type Clock,
  ConflictError,
  type Lease,
  MemoryStore,
  type QueueEntry,
  type Store,
  SYSTEM_CLOCK,
} from "../store/index.ts";
import { isFromRoom } from "../xep/index.ts";
import type { Arrival } from "./arrival.ts";
import { Claims } from "./claims.ts";
import { CrashStreaks } from "./crash-streaks.ts";
import type { Delivery } from "./delivery.ts";
import { DueWork } from "./due-work.ts";
import { Duplicates, type Fingerprint, fingerprint } from "./duplicates.ts";
import { isEcho } from "./echo.ts";
import { explanation } from "./explanation.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import { Handling } from "./handling.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { Inbox, type InboxEntry, readEntry } from "./inbox.ts";
import { LaneFullError, type LaneLimits, Lanes } from "./lanes.ts";
import type { Mount, MountedBot } from "./mount.ts";
import { type Outcome, silent } from "./outcome.ts";
import { isPassing, pauseAfter } from "./store-failure.ts";
import { Timers } from "./timers.ts";
import { Turns } from "./turns.ts";

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
  /** Where state is kept; default: in memory, for as long as the process lives. */
  readonly store?: Store;
  /** What handlers go by; default: the real time. */
  readonly clock?: Clock;
  /** Told of what concerns no bot. */
  readonly log?: Logger;
}

/** How many conversations are taken over at once. */
const PAGE = 100;

/** How long to wait for another node, in milliseconds; and how much of the deadline at most. */
const PATIENCE = 100;
const PATIENT_PART = 1 / 4;

/** After how long it is looked again whether a bot can do what is due, in milliseconds. */
const WHILE_ASLEEP = 60_000;

/** How many processes may end over one stanza before it is put aside. */
const MOST_ATTEMPTS = 3;

/** Brings each stanza to its bot, in order within a conversation, and tells what became of it. */
export class Dispatcher {
  readonly #mounts = new Map<string, Mount>();
  readonly #deadline: number;
  readonly #lanes: Lanes;
  readonly #environment: HandlingEnvironment;
  readonly #log: Logger | undefined;
  readonly #duplicates = new Duplicates();
  /** Where several nodes share the store. */
  readonly #claims: Claims | undefined;
  readonly #timers: Timers;
  #looking: Promise<number> | undefined;
  /** Handlers that are still at work, by when they are through. */
  readonly #working = new Map<Promise<void>, Handling>();
  /** What ends each wait for a store that fails. */
  readonly #pauses = new Set<() => void>();
  #aborted = false;

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
    const chain: Chain<Context> = (fallback ?? new Composer<Context>()).chain();
    this.#log = log;
    this.#timers = new Timers({ store, clock, log, take: (entry) => this.takeDue(entry) });
    const expect = (due: number): void => this.#timers.expect(due);
    for (const mount of mounts) mount.onTimer = expect;
    const inbox = new Inbox(store, expect);
    const crashes = new CrashStreaks(undefined, undefined, () => clock.now());
    this.#claims =
      store.leases &&
      new Claims({
        leases: store.leases,
        inbox,
        isAwaited: (conversation) => this.#lanes.isAwaited(conversation),
        resume: (entry, lease) => this.#takeUp(readEntry(entry), true, lease),
        patience: Math.min(PATIENCE, deadline * PATIENT_PART),
        clock,
        log,
      });
    this.#environment = { fallback: chain, store, inbox, crashes, clock, turns: new Turns() };
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
    // What waits is left to the next process, all of it: a later stanza must not go ahead of one that the store keeps back.
    this.#aborted = true;
    for (const end of this.#pauses) end();
  }

  /**
   * Goes on with what an earlier process acknowledged and did not get to the end of. To be called before anything is
   * dispatched, so that what comes now is handled after it.
   *
   * @returns how many stanzas that is; where several nodes share the store, in how many conversations that none of them has.
   */
  recover(): Promise<number> {
    return this.#claims === undefined ? this.#takeWaiting(true) : this.#takeOver(this.#claims);
  }

  /**
   * Handles what was put aside because its handler failed, and has been given another chance since; where several nodes share
   * the store, also what another one left behind. To be called every few seconds.
   */
  async takeRevived(): Promise<void> {
    await (this.#claims === undefined ? this.#takeWaiting(false) : this.#takeOver(this.#claims));
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
    const { inbox } = this.#environment;
    const { conversation, bot: address } = entry.payload as unknown as TimerPayload;
    const bot = this.#botAt(address);
    if (bot?.gate?.isAsleep) return await this.#putOff(entry);
    if (bot?.remote !== undefined) return await bot.remote.takeDue(entry);
    if (!(await inbox.takeTimer(entry))) return;
    const claims = this.#claims;
    if (claims === undefined) return void this.#lanes.add(conversation, () => this.#resume(entry.id, false));
    inbox.letGo(entry.id);
    this.#lanes.add(conversation, () => claims.takeOver(conversation));
  }

  /** The time of a bot that is switched off stands still; what is due meanwhile is late when it is back. */
  async #putOff({ id }: QueueEntry): Promise<void> {
    const { store, clock } = this.#environment;
    const notBefore = clock.now() + WHILE_ASLEEP;
    try {
      await store.commit([{ retry: { queue: "timers", id, error: "its bot is switched off", notBefore } }]);
    } catch (error) {
      // Another node has taken it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  #botAt(address: string): MountedBot | undefined {
    const jid = Jid.parse(address);
    return this.#mounts.get(jid.domain)?.resolve(jid);
  }

  /** Takes nothing over from other nodes any more, and leaves to them what waits. To be called before the last {@link idle}. */
  retire(): void {
    this.#claims?.retire();
  }

  /** Takes over conversations in which something waits, a page at a time. */
  #takeOver(claims: Claims): Promise<number> {
    this.#looking ??= this.#takePage(claims).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #takePage(claims: Claims): Promise<number> {
    if (claims.retired) return 0;
    const busy = this.#lanes.names;
    for (const conversation of claims.held.keys()) {
      if (!busy.has(conversation)) this.#lanes.add(conversation, () => claims.giveBack(conversation));
    }
    const heads = await this.#environment.store.heads("inbox", { limit: PAGE, skipKeys: this.#lanes.names });
    const through = heads.map(({ key }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#lanes.add(key, () => claims.takeOver(key).finally(resolve));
      return promise;
    });
    if (heads.length === PAGE)
      void Promise.all(through)
        .then(() => this.#takeOver(claims))
        .catch(this.#unread);
    return heads.length;
  }

  readonly #unread = (error: unknown): void => {
    this.#log?.error({ err: error }, "the inbox could not be read");
  };

  async #takeWaiting(attempted: boolean): Promise<number> {
    let count = 0;
    const isHere = ({ bot }: InboxEntry): boolean => this.#botAt(bot)?.remote === undefined;
    for await (const { id, conversation } of this.#environment.inbox.takeWaiting(isHere)) {
      count += 1;
      this.#lanes.add(conversation, () => this.#resume(id, attempted));
    }
    return count;
  }

  /** Handles one stanza; resolves as soon as it is known how to answer the callback. */
  dispatch(stanza: Stanza, arrival: Arrival = {}): MaybePromise<Outcome> {
    const { from } = stanza;
    // A stanza without an address is to the account of its sender (RFC 6120 §10.3).
    const to = stanza.to ?? from?.bare;
    const bot = to && this.#mounts.get(to.domain)?.resolve(to);
    if (from === undefined || to === undefined || bot === undefined) return nobody(stanza, to);
    if (bot.remote?.isUp) return bot.remote.isFull ? overloaded : bot.remote.dispatch(stanza, arrival);
    // Where several nodes share the store, what one of them has seen of a room is known to all once it is this stanza's turn.
    if ((this.#claims === undefined || stanza.kind === "iq") && isEcho(stanza, from, bot)) return silent;
    // An answer comes back where the question was asked, so here it answers nothing.
    if (stanza.kind === "iq" && (stanza.type === "result" || stanza.type === "error")) return silent;
    return this.#schedule(stanza, from, bot, arrival);
  }

  #schedule(
    stanza: Stanza,
    from: Jid,
    bot: MountedBot,
    { id: given, repeated, window = 0 }: Arrival,
  ): MaybePromise<Outcome> {
    const now = this.#environment.clock.now();
    const seen = given === undefined ? fingerprint(stanza, window) : undefined;
    if (seen !== undefined && this.#duplicates.isRepeated(seen, now)) return silent;
    if (stanza.kind === "presence") bot.peers.observe(stanza, from);
    const id = given ?? (seen && `${seen.key} ${Math.floor(now / window)}`);
    const conversation = `${bot.jid} ${from.bare}`;
    // What another bot here says came by POST, which mod_rest has answered already: only an IQ waits for the callback.
    const inline = stanza.kind === "iq" || this.#mounts.get(from.domain)?.isBot(from) !== true;
    const handling = new Handling({ stanza, from, bot, conversation, inline, id, seen }, this.#environment);
    // A ping must not wait for a slow conversation, and its answer is no part of one: an IQ has a lane of its own. A command from a menu changes
    // what the bot remembers, as one that is said does; among nodes it cannot be left to another, as only here it can be answered.
    const isOrdered = stanza.kind !== "iq" || (this.#claims === undefined && isMenuCall(stanza));
    const lane = isOrdered ? conversation : handling;
    try {
      this.#lanes.assertRoom(lane);
      bot.gate?.assertRoom();
      if (stanza.kind !== "iq" && (repeated || bot.ack === "durable")) void handling.hold();
      this.#lanes.add(lane, this.#task(handling, stanza.kind === "iq" ? undefined : conversation));
    } catch (error) {
      if (!(error instanceof LaneFullError)) throw error;
      bot.log.warn({ conversation }, `a stanza was turned away: ${error.message}`);
      if (seen !== undefined) this.#duplicates.forget(seen);
      return overloaded;
    }
    const outcome = handling.outcome(this.#deadline);
    return seen === undefined ? outcome : this.#forgetting(seen, outcome);
  }

  /** What was turned away may come again. */
  #forgetting(seen: Fingerprint, outcome: MaybePromise<Outcome>): MaybePromise<Outcome> {
    if (outcome instanceof Promise) {
      return outcome.then((became) => {
        if (became.kind === "unavailable") this.#duplicates.forget(seen);
        return became;
      });
    }
    if (outcome.kind === "unavailable") this.#duplicates.forget(seen);
    return outcome;
  }

  /** What handles a stanza when its turn has come; where several nodes share the store, in its turn among all of them. */
  #task(handling: Handling, conversation: string | undefined): () => MaybePromise<void> {
    const claims = this.#claims;
    if (claims === undefined || conversation === undefined)
      return () => this.#track(handling, handling.run());
    claims.expect(handling);
    return () => this.#track(handling, claims.handle(handling, conversation));
  }

  /**
   * Handles what the inbox holds, when its turn has come; read only then, as there may be much. Where the store fails, its
   * conversation waits until that is over.
   */
  async #resume(id: string, attempted: boolean): Promise<void> {
    for (let failures = 0; !this.#aborted; failures += 1) {
      try {
        const entry = await this.#environment.inbox.find(id);
        if (entry !== undefined) await this.#takeUp(entry, attempted);
        return;
      } catch (error) {
        if (!isPassing(error)) {
          this.#log?.error(
            { err: error, id },
            "a stanza from before could not be handled; it waits for the next start",
          );
          return;
        }
        const pause = pauseAfter(failures);
        this.#log?.error(
          { err: error, id },
          `the store fails; a stanza from before waits, and is taken up again in ${pause} ms`,
        );
        await this.#pause(pause);
      }
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pauses.add(resolve);
    const stop = this.#environment.clock.after(milliseconds, resolve);
    await promise;
    stop();
    this.#pauses.delete(resolve);
  }

  /** @param lease what has to be good for that, where several nodes share the store. */
  async #takeUp(entry: InboxEntry, attempted: boolean, lease?: Lease): Promise<void> {
    const { inbox } = this.#environment;
    const { id, attempts } = entry;
    const fence = lease === undefined ? [] : [{ fence: lease }];
    const delivery = this.#delivery(entry);
    if (typeof delivery === "string") return await inbox.bury(id, delivery, fence);
    if (attempted && attempts >= MOST_ATTEMPTS) {
      delivery.bot.log.error(
        { id, attempts },
        "a stanza was put aside, as every process that handled it has ended",
      );
      const along = [...fence, ...((await delivery.due?.givenUp(this.#environment)) ?? [])];
      await inbox.bury(id, `${attempts} processes have ended over it`, along);
      return await this.#apologise(id, delivery);
    }
    if (attempted) await inbox.retry(id, "the process ended before it was handled", fence);
    const handling = new Handling(delivery, this.#environment);
    handling.resume(id);
    await this.#track(handling, lease === undefined ? handling.run() : handling.runUnder(lease));
  }

  /** Tells the sender of what was put aside, if anybody waits for an answer. */
  async #apologise(id: string, { stanza, bot, due }: Delivery): Promise<void> {
    const texts = bot.texts && { texts: bot.texts };
    const words =
      due === undefined ? explanation(stanza, { kind: "crash", again: false, ...texts }) : undefined;
    if (words === undefined) return;
    try {
      await bot.sender.send(words, { once: `${id} apology` });
    } catch (error) {
      bot.log.error({ err: error, id }, "the sender of what was put aside could not be told");
    }
  }

  /** What the inbox holds as something to handle; a string says why it is none. */
  #delivery({ bot: address, xml, conversation, id, timer }: InboxEntry): Delivery | string {
    const bot = this.#botAt(address);
    if (bot === undefined) return `there is no bot at ${address} any more`;
    const stanza = readStanza(xml);
    if (stanza.from === undefined) return "it has no sender";
    const due = timer && new DueWork({ bot: address, conversation, xml, timer }, bot);
    return { stanza, from: stanza.from, bot, conversation, inline: false, id, seen: undefined, due };
  }

  #track(handling: Handling, running: MaybePromise<void>): MaybePromise<void> {
    if (running === undefined) return undefined;
    this.#working.set(running, handling);
    return running.finally(() => this.#working.delete(running));
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

const overloaded: Outcome = {
  kind: "error",
  error: new StanzaError("resource-constraint", {
    text: "Too much is waiting here. Please try again in a minute.",
  }),
};

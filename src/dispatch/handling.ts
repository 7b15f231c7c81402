import { randomUUID } from "node:crypto";
import {
  BufferedStorage,
  type Chain,
  Context,
  currentLanguage,
  languageOf,
  type MaybePromise,
  observing,
} from "../bot/index.ts";
import { type Jid, type Stanza, StanzaError } from "../stanza/index.ts";
import { type Clock, ConflictError, type Lease, type Store, StoreError, type Write } from "../store/index.ts";
import { closedChain } from "./closed.ts";
import type { CrashStreaks } from "./crash-streaks.ts";
import type { DueWork } from "./due-work.ts";
import type { Fingerprint } from "./duplicates.ts";
import { isEchoAmongNodes } from "./echo.ts";
import { Exchange } from "./exchange.ts";
import { explanation } from "./explanation.ts";
import type { BotGate } from "./gate.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import type { Inbox } from "./inbox.ts";
import { LostConversationError } from "./lost-conversation.ts";
import { Mount, type MountedBot } from "./mount.ts";
import type { Outcome } from "./outcome.ts";
import { commitFailure, StaleStateError } from "./stale-state.ts";
import { isPassing, pauseAfter } from "./store-failure.ts";
import type { Turns } from "./turns.ts";

/** How often handlers are run again because what they had read was changed meanwhile. */
const MOST_RERUNS = 9;

/** What handlings share. */
export interface HandlingEnvironment {
  readonly fallback: Chain<Context>;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly crashes: CrashStreaks;
  readonly clock: Clock;
  readonly turns: Turns;
}

/** One stanza for one bot. */
export interface Delivery {
  readonly stanza: Stanza;
  readonly from: Jid;
  readonly bot: MountedBot;
  /** The key of the conversation that it is part of. */
  readonly conversation: string;
  /** Whether what answers the callback gets to the sender. */
  readonly inline: boolean;
  /** By what it is known should it come a second time. */
  readonly id: string | undefined;
  /** How other nodes know it should it come to them, where nothing says that it came before. */
  readonly seen: Fingerprint | undefined;
  /** What is done instead of what the bot does about stanzas, where a timer is due. */
  readonly due?: DueWork | undefined;
}

/** Where nodes tell each other what has come, by its fingerprint. */
const SEEN = "seen";

/** One stanza in the hands of one bot: runs its handlers, and finds out how the callback is to be answered. */
export class Handling {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #exchange: Exchange;
  #storage: BufferedStorage | undefined;
  /** What the handlers were given; `undefined` until they are run. */
  #ctx: Context | undefined;
  #unhandled = false;
  /** How often the store has failed. */
  #pauses = 0;
  /** The id under which the inbox holds the stanza, once it does; `undefined` where it could not take it. */
  #journaled: Promise<string | undefined> | undefined;
  /** Whether it was here before, and is not handled again. */
  #duplicate = false;
  /** Whether it must not be handled unless the inbox holds it. */
  #toBeHeld = false;
  /** What makes its conversation this node's, where several share the store. */
  #lease: Lease | undefined;
  /** Why the conversation is not this node's any more. */
  #lost: Error | undefined;
  #entryId: string | undefined;
  /** Whether what the handlers did is committed, so that only this node can tell what they said. */
  #committed = false;
  /** Whether the handlers are through and what they said has gone, so that it need not be journaled any more. */
  #through = false;
  /** Whether the callback had waited long enough when the handlers were through already. */
  #late = false;
  #abandoned = false;
  /** Whether it is inside the gate of its bot, or waits there. */
  #entered = false;
  /** Whether the gate has said if the bot is closed. */
  #judged = false;
  #turnedAway = false;
  /** Whether the bot's own routes have left it to others. */
  #passedOn = false;
  /** What it says about the bot. */
  #result: "worked" | "failed" | undefined;
  /** How often the handlers were run before, on what has turned out to be old. */
  #reruns = 0;
  #endTurn: (() => void) | undefined;
  #outcome: Outcome | undefined;
  #announce: ((outcome: Outcome) => void) | undefined;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor(delivery: Delivery, environment: HandlingEnvironment) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#exchange = new Exchange(
      delivery.stanza,
      delivery.bot,
      delivery.inline,
      (result) => this.#tell({ kind: "reply", stanza: result }),
      {
        name: () => this.entryId,
        clock: environment.clock,
        language: () => this.#ctx && currentLanguage(this.#ctx),
      },
    );
  }

  /** How to answer the callback: at once where that is known, else when it is, or when `deadline` milliseconds are over. */
  outcome(deadline: number): MaybePromise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome;
    return new Promise((resolve) => {
      // An IQ can be answered inline only (mod_rest sends no results by POST), so it has the bot's whole time.
      const stopWaiting =
        this.#delivery.stanza.kind === "iq"
          ? undefined
          : this.#environment.clock.after(deadline, () => this.accept());
      this.#announce = (outcome) => {
        stopWaiting?.();
        resolve(outcome);
      };
    });
  }

  /** Journals the stanza and acknowledges it, instead of waiting for its handlers. */
  accept(): void {
    if (this.#through) this.#late = true;
    else this.#journaled ??= this.#journal();
  }

  /** The id that its entry in the inbox has, or would have. */
  get entryId(): string {
    this.#entryId ??= this.#delivery.id ?? randomUUID();
    return this.#entryId;
  }

  /**
   * Journals and acknowledges the stanza before anything else: it is not handled unless that is done.
   *
   * @returns whether it is to be handled: it is in the inbox, and was not there before.
   */
  async hold(): Promise<boolean> {
    this.#toBeHeld = true;
    this.accept();
    const id = await this.#journaled;
    if (id === undefined) this.#tell(unavailable);
    return id !== undefined && !this.#duplicate;
  }

  /** Whether it is in the inbox, or on its way there. */
  get isAccepted(): boolean {
    return this.#journaled !== undefined;
  }

  /** Whether it is still to be handled: it may have been, by another node, once it was acknowledged. */
  async isOpen(): Promise<boolean> {
    if (this.#journaled === undefined) return true;
    const id = await this.#journaled;
    if (id === undefined) return !this.#toBeHeld;
    return !this.#duplicate && (await this.#environment.inbox.find(id)) !== undefined;
  }

  /** Leaves it unhandled: whoever has brought it is told, unless the inbox holds it, for a later try. */
  refuse(error: unknown): void {
    this.#delivery.bot.log.error(this.#logged(error), "a stanza could not be handled, as the store fails");
    void this.leave();
  }

  /** Ends without having handled it: it waits in the inbox, or whoever has brought it is told. It never rejects. */
  async leave(): Promise<void> {
    this.#through = true;
    if ((await this.#journaled) === undefined) this.#tell(unavailable);
  }

  /** Goes on with a stanza that the inbox holds from an earlier process. */
  resume(id: string): void {
    this.#journaled = Promise.resolve(id);
    this.#exchange.detach(this.#delivery.due?.name ?? id, true);
    this.#tell(accepted);
  }

  /**
   * Ends a handler that is still at work. The sender is told as its timeout would, unless the inbox holds the stanza: then the
   * next process handles it.
   */
  abort(reason: HandlerTimeoutError): void {
    this.#abandoned = this.#journaled !== undefined || this.#giveUp === undefined;
    this.#giveUp?.(reason);
  }

  /**
   * Runs the handlers for as long as the lease is good: what they change, send and answer depends on it.
   *
   * @throws StoreError where nothing has been done yet, and cannot be.
   */
  async runUnder(lease: Lease): Promise<void> {
    this.#lease = lease;
    const { stanza, from, bot, id, seen, due } = this.#delivery;
    this.#exchange.guard([{ fence: lease }], due?.name ?? id, (error) => {
      this.#lost = error;
      this.#giveUp?.(error);
    });
    if (seen !== undefined && (await this.#environment.store.get(SEEN, seen.key)))
      return await this.#ignore();
    if (due === undefined && (await isEchoAmongNodes(stanza, from, bot))) return await this.#ignore();
    await this.run();
  }

  async #ignore(): Promise<void> {
    this.#through = true;
    const id = await this.#journaled;
    if (id !== undefined) await this.#environment.inbox.complete(id, this.#fence);
    this.#tell(silent);
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    // What is to be journaled before anything else is not handled before it is, nor if it has been here before.
    if (this.#journaled !== undefined)
      return this.#journaled.then((id) =>
        this.#duplicate || (id === undefined && this.#toBeHeld) ? undefined : this.#start(),
      );
    return this.#start();
  }

  /** Goes in to the bot, when it has room, and runs the handlers; whoever is in already, as in a rerun, runs them at once. */
  #start(): MaybePromise<void> {
    const { gate } = this.#delivery.bot;
    if (gate === undefined || this.#entered) return this.#handle();
    const waiting = gate.enter();
    this.#entered = true;
    return waiting === undefined ? this.#leaving(gate) : waiting.then(() => this.#leaving(gate));
  }

  #leaving(gate: BotGate): MaybePromise<void> {
    const handling = this.#handle();
    if (handling !== undefined) return handling.finally(() => this.#leaveGate(gate));
    this.#leaveGate(gate);
    return undefined;
  }

  #leaveGate(gate: BotGate): void {
    if (!this.#turnedAway) gate.settled(this.#result, this.#delivery.conversation);
    gate.leave();
  }

  #handle(): MaybePromise<void> {
    if (this.#abandoned) return this.leave();
    const { stanza, from, due, conversation } = this.#delivery;
    // It may have been exchanged while the stanza waited.
    const bot = this.#bot;
    const { gate } = bot;
    const closure = this.#judged || due !== undefined ? undefined : gate?.closure();
    this.#judged = true;
    this.#turnedAway = closure !== undefined;
    const ctx = new Context(
      stanza,
      from,
      bot,
      this.#exchange,
      () => this.#openStorage(),
      this.#environment.clock,
    );
    this.#ctx = ctx;
    const pass = { ctx, answer: this.#exchange.answer.bind(this.#exchange) };
    let running: MaybePromise<void>;
    try {
      const own = gate && closure ? closedChain(gate, closure, conversation) : bot.routes.chain();
      const chain = due?.chain ?? (stanza.kind === "presence" ? observing(own) : own);
      running = chain(pass, () => {
        this.#passedOn = true;
        return this.#environment.fallback(pass, () => {
          this.#unhandled = true;
        });
      });
    } catch (error) {
      return this.#failed(error);
    }
    if (running !== undefined || this.#exchange.busy || this.#hasToKeep) return this.#wait(running);
    if (this.#isLost) return this.#forsake();
    this.#succeeded();
    return this.#exchange.busy ? this.#exchange.flushed() : undefined;
  }

  async #wait(running: MaybePromise<void>): Promise<void> {
    const { timeout } = this.#bot;
    const over = Promise.withResolvers<never>();
    this.#giveUp = over.reject;
    const stopTimer = this.#environment.clock.after(timeout, () => {
      over.reject(new HandlerTimeoutError(`the handler was not through after ${timeout} ms`));
    });
    try {
      await Promise.race([running, over.promise]).finally(stopTimer);
    } catch (error) {
      return await this.#failed(error);
    }
    // The reply that rides inline must not overtake what was to go by POST before it. A branch that the handler did not
    // wait for may add to that in the very turn in which the rest is through.
    while (this.#exchange.busy) await this.#exchange.flushed();
    this.#through = true;
    try {
      if (this.#hasToKeep) await this.#keep();
    } catch (error) {
      if (error instanceof StaleStateError && this.#reruns < MOST_RERUNS) return await this.#runAgain(error);
      return await this.#failed(error);
    }
    if (this.#isLost) return await this.#forsake();
    this.#succeeded();
    await this.#exchange.flushed();
  }

  /**
   * Somebody else has changed what the handlers had read: nothing was committed, so they start from what there is now, one after
   * another with all that it happened to.
   */
  async #runAgain({ record }: StaleStateError): Promise<void> {
    this.#endTurn?.();
    this.#endTurn = await this.#environment.turns.take(record);
    this.#reruns += 1;
    this.#startOver();
    if (this.#late) this.accept();
    try {
      await this.run();
    } finally {
      this.#endTurn?.();
    }
  }

  #openStorage(): BufferedStorage {
    const { store, clock } = this.#environment;
    this.#storage ??= new BufferedStorage(store, this.#delivery.bot.jid.toString(), clock);
    return this.#storage;
  }

  get #hasToKeep(): boolean {
    return this.#journaled !== undefined || this.#storage !== undefined || this.#sighting.length > 0;
  }

  /** Commits what the handlers have set, together with the note that the stanza is handled. */
  async #keep(): Promise<void> {
    const { inbox } = this.#environment;
    const changes = [...(this.#storage?.conclude() ?? []), ...this.#sighting];
    const writes = [...this.#fence, ...changes];
    const id = await this.#journaled;
    try {
      if (id !== undefined) await inbox.complete(id, writes);
      else if (changes.length > 0) await inbox.write([...writes, ...this.#remembered()]);
      else return;
    } catch (error) {
      throw commitFailure(error, writes);
    }
    this.#committed = true;
  }

  /** So that the stanza is known should it come a second time, after this process has ended. */
  #remembered(): Write[] {
    const { id, conversation } = this.#delivery;
    if (id === undefined) return [];
    return [
      { enqueue: { queue: "inbox", id, key: conversation, payload: null } },
      { complete: { queue: "inbox", id } },
    ];
  }

  /** What tells other nodes that it was here. */
  get #sighting(): readonly Write[] {
    const { seen } = this.#delivery;
    if (this.#lease === undefined || seen === undefined) return [];
    const expires = this.#environment.clock.now() + seen.window;
    return [{ put: { collection: SEEN, key: seen.key, value: null, expires } }];
  }

  get #fence(): readonly Write[] {
    return this.#lease === undefined ? [] : [{ fence: this.#lease }];
  }

  /** Whether another node may have taken over, so that nothing may be said: it will say it. */
  get #isLost(): boolean {
    if (this.#lease === undefined || this.#committed) return false;
    return this.#lost !== undefined || this.#environment.store.leases?.isHeld(this.#lease) !== true;
  }

  /** Gives the stanza up in silence, as its conversation is another node's. */
  async #forsake(): Promise<void> {
    const { bot, conversation } = this.#delivery;
    const reason = new LostConversationError(conversation, this.#lost);
    bot.log.warn(this.#logged(reason), "a stanza was given up here, as another node may have taken over");
    this.#exchange.forsake(reason);
    await this.leave();
  }

  /** The bot as it is now. */
  get #bot(): MountedBot {
    const { bot } = this.#delivery;
    return bot.directory instanceof Mount ? (bot.directory.get(bot.name) ?? bot) : bot;
  }

  #succeeded(): void {
    if (!this.#passedOn) this.#result = "worked";
    // What no handler looked at says nothing about whether they work.
    if (this.#delivery.stanza.kind === "message" && !this.#unhandled)
      this.#environment.crashes.recovered(this.#delivery.conversation);
    const reply = this.#exchange.settle();
    if (reply !== undefined) this.#tell({ kind: "reply", stanza: reply });
    else this.#tell(this.#unhandled ? unhandled : silent);
  }

  /**
   * The store has failed, which is no fault of the handlers': what was acknowledged is handled again until that is over, and
   * its conversation waits.
   */
  async #runLater(error: StoreError): Promise<void> {
    const pause = pauseAfter(this.#pauses);
    this.#pauses += 1;
    this.#delivery.bot.log.error(
      this.#logged(error),
      `the store fails; a stanza that was acknowledged waits, and is handled again in ${pause} ms`,
    );
    const over = Promise.withResolvers<void>();
    this.#giveUp = () => over.resolve();
    const stopTimer = this.#environment.clock.after(pause, over.resolve);
    await over.promise;
    stopTimer();
    if (this.#abandoned) return await this.leave();
    if (this.#isLost) return await this.#forsake();
    this.#startOver();
    await this.run();
  }

  #startOver(): void {
    this.#exchange.rewind();
    this.#storage = undefined;
    this.#unhandled = false;
    this.#passedOn = false;
    this.#through = false;
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#lease !== undefined && error instanceof ConflictError) this.#lost ??= error;
    if (this.#isLost) return await this.#forsake();
    if (isPassing(error) && (await this.#journaled) !== undefined) return await this.#runLater(error);
    const { due } = this.#delivery;
    const judged = due === undefined ? this.#judge(error) : silent;
    this.#exchange.close(
      error instanceof Error ? error : new Error("the handler threw what is no Error", { cause: error }),
    );
    // What the handler said before it failed comes before what is said about the failure.
    while (this.#exchange.busy) await this.#exchange.flushed();
    const outcome = await this.#toBeTold(judged);
    this.#through = true;
    const id = await this.#journaled;
    if (this.#abandoned) return;
    if (due !== undefined) return await this.#dueFailed(due, error);
    if (this.#outcome !== undefined || !this.#delivery.inline) {
      await this.#exchange.conclude(explanation(this.#delivery.stanza, outcome));
    }
    if (id !== undefined) await this.#bury(id, error);
    if (this.#isLost) return await this.#forsake();
    this.#tell(this.#delivery.inline ? outcome : silent);
  }

  /** A timer is tried again later, so that its conversation does not wait for it; nobody has asked, so nobody is told. */
  async #dueFailed(due: DueWork, error: unknown): Promise<void> {
    const { bot, id = this.entryId } = this.#delivery;
    try {
      const { again, writes } = await due.failed(this.#environment);
      bot.log.error(
        { err: error, id },
        again ? "a timer has failed, and is tried again" : "a timer has failed, and is put aside",
      );
      if (!again) return await this.#bury(id, error, writes);
      await this.#environment.inbox.complete(id, [...this.#fence, ...writes]);
      this.#committed = true;
    } catch (failure) {
      if (this.#lease !== undefined && failure instanceof ConflictError) this.#lost ??= failure;
      else
        bot.log.error({ err: failure, id }, "a timer that has failed could not be put off, and runs again");
    }
    if (this.#isLost) await this.#forsake();
  }

  async #bury(id: string, error: unknown, along: readonly Write[] = []): Promise<void> {
    try {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      await this.#environment.inbox.bury(id, reason, [...this.#fence, ...along]);
      this.#committed = true;
    } catch (failure) {
      if (this.#lease !== undefined && failure instanceof ConflictError) this.#lost ??= failure;
      if (this.#isLost) return;
      this.#delivery.bot.log.error(
        this.#logged(failure),
        "a stanza whose handler failed could not be put aside, and will be handled again",
      );
    }
  }

  /** What the sender is told of a failure is told in the language that they have chosen; where the store fails too, in their client's. */
  async #toBeTold(outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== "crash" && outcome.kind !== "timeout") return outcome;
    if (this.#ctx?.stanza.kind !== "message") return outcome;
    try {
      const lang = await languageOf(this.#ctx);
      return lang === undefined ? outcome : { ...outcome, lang };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return outcome;
    }
  }

  #judge(error: unknown): Outcome {
    if (error instanceof StanzaError && !error.received) {
      this.#result = "worked";
      return { kind: "error", error };
    }
    if (!(error instanceof StoreError)) this.#result = "failed";
    const { bot, stanza, conversation } = this.#delivery;
    const context = this.#logged(error);
    const texts = bot.texts && { texts: bot.texts };
    // Only a message is answered with an apology, so only there it matters whether there was one already.
    const again = stanza.kind === "message" && this.#environment.crashes.crashed(conversation);
    if (error instanceof HandlerTimeoutError) {
      bot.log.error(context, `${bot.name} took too long over a stanza; its signal was fired`);
      return { kind: "timeout", again, ...texts };
    }
    bot.log.error(context, `${bot.name} failed over a stanza`);
    return { kind: "crash", again, ...texts };
  }

  /** Writes the stanza down and acknowledges it. One that cannot be written down is answered when its handler is through. */
  async #journal(): Promise<string | undefined> {
    const { bot, stanza, conversation } = this.#delivery;
    const id = this.entryId;
    try {
      this.#duplicate = !(await this.#environment.inbox.add(id, bot.jid.toString(), conversation, stanza));
    } catch (error) {
      bot.log.error(
        this.#logged(error),
        this.#toBeHeld
          ? "a stanza could not be journaled, so it is not handled"
          : "a stanza could not be journaled, so Prosody has to wait for the handler",
      );
      return undefined;
    }
    this.#exchange.detach(id, this.#toBeHeld);
    this.#tell(accepted);
    return id;
  }

  #logged(error: unknown): object {
    const { kind, id } = this.#delivery.stanza;
    return { err: error, kind, id, from: String(this.#delivery.from) };
  }

  #tell(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#announce?.(this.#outcome);
  }
}

const silent: Outcome = { kind: "silent" };
const accepted: Outcome = { kind: "accepted" };
const unavailable: Outcome = { kind: "unavailable" };
const unhandled: Outcome = { kind: "unhandled" };

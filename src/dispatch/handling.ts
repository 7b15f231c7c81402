import { Context, currentLanguage, type MaybePromise, observing } from "../bot/index.ts";
import type { Lease, StoreError } from "../store/index.ts";
import { closedChain } from "./closed.ts";
import { type Delivery, logged } from "./delivery.ts";
import { isEchoAmongNodes } from "./echo.ts";
import { Effects, SEEN } from "./effects.ts";
import { Exchange } from "./exchange.ts";
import { explanation } from "./explanation.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { Journaling } from "./journaling.ts";
import { LostConversationError } from "./lost-conversation.ts";
import { Mount, type MountedBot } from "./mount.ts";
import { accepted, type Outcome, silent, unavailable, unhandled } from "./outcome.ts";
import { putAside, putOff } from "./put-aside.ts";
import { StaleStateError } from "./stale-state.ts";
import { isPassing, pauseAfter } from "./store-failure.ts";
import { Tenure } from "./tenure.ts";
import { translated, verdict } from "./verdict.ts";
import { Visit } from "./visit.ts";

/** How often handlers are run again because what they had read was changed meanwhile. */
const MOST_RERUNS = 9;

/** One stanza in the hands of one bot: runs its handlers, and finds out how the callback is to be answered. */
export class Handling {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #journaling: Journaling;
  readonly #exchange: Exchange;
  readonly #effects: Effects;
  readonly #visit: Visit;
  /** What makes its conversation this node's, where several share the store. */
  #tenure: Tenure | undefined;
  /** What the handlers were given; `undefined` until they are run. */
  #ctx: Context | undefined;
  #unhandled = false;
  /** Whether the bot's own routes have left it to others. */
  #passedOn = false;
  /** Whether the handlers are through and what they said has gone, so that it need not be journaled any more. */
  #through = false;
  /** Whether the callback had waited long enough when the handlers were through already. */
  #late = false;
  #abandoned = false;
  /** How often the store has failed. */
  #pauses = 0;
  /** How often the handlers were run before, on what has turned out to be old. */
  #reruns = 0;
  #endTurn: (() => void) | undefined;
  #outcome: Outcome | undefined;
  #announce: ((outcome: Outcome) => void) | undefined;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor(delivery: Delivery, environment: HandlingEnvironment) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#journaling = new Journaling(delivery, environment.inbox, (id, isEarly) => {
      this.#exchange.detach(id, isEarly);
      this.#tell(accepted);
    });
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
    this.#effects = new Effects(delivery, environment);
    this.#visit = new Visit(delivery.conversation);
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
    else this.#journaling.begin();
  }

  /** The id that its entry in the inbox has, or would have. */
  get entryId(): string {
    return this.#journaling.entryId;
  }

  /**
   * Journals and acknowledges the stanza before anything else: it is not handled unless that is done.
   *
   * @returns whether it is to be handled: it is in the inbox, and was not there before.
   */
  async hold(): Promise<boolean> {
    this.#journaling.require();
    const id = await this.#journaling.written;
    if (id === undefined) this.#tell(unavailable);
    return this.#journaling.admits(id);
  }

  /** Whether another node can handle it: an IQ can be answered by the callback that has brought it, and by nothing else. */
  get isMovable(): boolean {
    return this.#delivery.stanza.kind !== "iq";
  }

  /** Whether it is in the inbox, or on its way there. */
  get isAccepted(): boolean {
    return this.#journaling.written !== undefined;
  }

  /** Whether it is still to be handled: it may have been, by another node, once it was acknowledged. */
  async isOpen(): Promise<boolean> {
    return await this.#journaling.isOpen();
  }

  /** Leaves it unhandled: whoever has brought it is told, unless the inbox holds it, for a later try. */
  refuse(error: unknown): void {
    const { bot } = this.#delivery;
    bot.log.error(logged(this.#delivery, error), "a stanza could not be handled, as the store fails");
    void this.leave();
  }

  /** Ends without having handled it: it waits in the inbox, or whoever has brought it is told. It never rejects. */
  async leave(): Promise<void> {
    this.#through = true;
    if ((await this.#journaling.written) === undefined) this.#tell(unavailable);
  }

  /** Goes on with a stanza that the inbox holds from an earlier process. */
  resume(id: string): void {
    this.#journaling.resume(id);
    this.#exchange.detach(this.#delivery.due?.name ?? id, true);
    this.#tell(accepted);
  }

  /**
   * Ends a handler that is still at work. The sender is told as its timeout would, unless the inbox holds the stanza: then the
   * next process handles it.
   */
  abort(reason: HandlerTimeoutError): void {
    this.#abandoned = this.isAccepted || this.#giveUp === undefined;
    this.#giveUp?.(reason);
  }

  /**
   * Runs the handlers for as long as the lease is good: what they change, send and answer depends on it.
   *
   * @throws StoreError where nothing has been done yet, and cannot be.
   */
  async runUnder(lease: Lease): Promise<void> {
    const { stanza, from, bot, id, seen, due, racing } = this.#delivery;
    const { store } = this.#environment;
    const tenure = new Tenure(lease, store.leases);
    this.#tenure = tenure;
    this.#exchange.guard(tenure.fence, due?.name ?? id, (error) => {
      tenure.endedBy(error);
      this.#giveUp?.(error);
    });
    if (seen !== undefined && (await store.get(SEEN, seen.key))) return await this.#ignore();
    if (due === undefined && (await isEchoAmongNodes(stanza, from, bot, racing))) return await this.#ignore();
    await this.run();
  }

  async #ignore(): Promise<void> {
    this.#through = true;
    const id = await this.#journaling.written;
    if (id !== undefined) await this.#environment.inbox.complete(id, this.#tenure?.fence ?? []);
    this.#tell(silent);
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    const { written } = this.#journaling;
    // What is to be journaled before anything else is not handled before it is, nor if it has been here before.
    if (written !== undefined)
      return written.then((id) => (this.#journaling.admits(id) ? this.#start() : undefined));
    return this.#start();
  }

  #start(): MaybePromise<void> {
    return this.#visit.through(this.#delivery.bot.gate, () => this.#handle());
  }

  #handle(): MaybePromise<void> {
    if (this.#abandoned) return this.leave();
    const { stanza, from, due, conversation } = this.#delivery;
    // It may have been exchanged while the stanza waited.
    const bot = this.#bot;
    const { gate } = bot;
    const closure = due === undefined ? this.#visit.closure(gate) : undefined;
    const ctx = new Context(
      stanza,
      from,
      bot,
      this.#exchange,
      () => this.#effects.open(),
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
    if (running !== undefined || this.#exchange.busy || this.#hasToCommit) return this.#wait(running);
    if (this.#isLost) return this.#forsake();
    this.#succeeded();
    return this.#exchange.busy ? this.#exchange.flushed() : undefined;
  }

  /** The bot as it is now. */
  get #bot(): MountedBot {
    const { bot } = this.#delivery;
    return bot.directory instanceof Mount ? (bot.directory.get(bot.name) ?? bot) : bot;
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
      if (this.#hasToCommit) await this.#effects.commit(this.#journaling.written, this.#tenure);
    } catch (error) {
      if (error instanceof StaleStateError && this.#reruns < MOST_RERUNS) return await this.#runAgain(error);
      return await this.#failed(error);
    }
    if (this.#isLost) return await this.#forsake();
    this.#succeeded();
    await this.#exchange.flushed();
  }

  get #hasToCommit(): boolean {
    return this.isAccepted || this.#effects.isOpen(this.#tenure);
  }

  #succeeded(): void {
    if (!this.#passedOn) this.#visit.result = "worked";
    // What no handler looked at says nothing about whether they work.
    if (this.#delivery.stanza.kind === "message" && !this.#unhandled)
      this.#environment.crashes.recovered(this.#delivery.conversation);
    const reply = this.#exchange.settle();
    if (reply !== undefined) this.#tell({ kind: "reply", stanza: reply });
    else this.#tell(this.#unhandled ? unhandled : silent);
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

  /**
   * The store has failed, which is no fault of the handlers': what was acknowledged is handled again until that is over, and
   * its conversation waits.
   */
  async #runLater(error: StoreError): Promise<void> {
    const pause = pauseAfter(this.#pauses);
    this.#pauses += 1;
    this.#delivery.bot.log.error(
      logged(this.#delivery, error),
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
    this.#effects.drop();
    this.#unhandled = false;
    this.#passedOn = false;
    this.#through = false;
  }

  async #failed(error: unknown): Promise<void> {
    this.#tenure?.endedBy(error);
    if (this.#isLost) return await this.#forsake();
    if (isPassing(error) && (await this.#journaling.written) !== undefined)
      return await this.#runLater(error);
    const judged = this.#judge(error);
    this.#exchange.close(
      error instanceof Error ? error : new Error("the handler threw what is no Error", { cause: error }),
    );
    // What the handler said before it failed comes before what is said about the failure.
    while (this.#exchange.busy) await this.#exchange.flushed();
    const outcome = await translated(judged, this.#ctx);
    this.#through = true;
    const id = await this.#journaling.written;
    if (this.#abandoned) return;
    const { stanza, inline, due } = this.#delivery;
    const failed = { error, delivery: this.#delivery, tenure: this.#tenure };
    if (due !== undefined) {
      await putOff(due, { ...failed, id: this.entryId }, this.#environment);
      if (this.#isLost) await this.#forsake();
      return;
    }
    if (this.#outcome !== undefined || !inline) await this.#exchange.conclude(explanation(stanza, outcome));
    if (id !== undefined) await putAside({ ...failed, id }, this.#environment);
    if (this.#isLost) return await this.#forsake();
    this.#tell(inline ? outcome : silent);
  }

  /** Nobody has asked for what a timer does, so nobody is told that it failed. */
  #judge(error: unknown): Outcome {
    if (this.#delivery.due !== undefined) return silent;
    const { outcome, result } = verdict(error, this.#delivery, this.#environment.crashes);
    this.#visit.result = result;
    return outcome;
  }

  get #isLost(): boolean {
    return this.#tenure?.isOver === true;
  }

  /** Gives the stanza up in silence, as its conversation is another node's. */
  async #forsake(): Promise<void> {
    const { bot, conversation } = this.#delivery;
    const reason = new LostConversationError(conversation, this.#tenure?.end);
    bot.log.warn(
      logged(this.#delivery, reason),
      "a stanza was given up here, as another node may have taken over",
    );
    this.#exchange.forsake(reason);
    await this.leave();
  }

  #tell(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#announce?.(this.#outcome);
  }
}

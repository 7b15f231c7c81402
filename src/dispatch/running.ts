import type { Context, MaybePromise } from "../bot/index.ts";
import type { StoreError } from "../store/index.ts";
import { Attempt } from "./attempt.ts";
import type { AwaitedOutcome } from "./awaited-outcome.ts";
import { type Delivery, logged } from "./delivery.ts";
import { Effects } from "./effects.ts";
import type { Exchange } from "./exchange.ts";
import { conclude, judge } from "./failure.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import type { Journaling } from "./journaling.ts";
import { LostConversationError } from "./lost-conversation.ts";
import { Mount, type MountedBot } from "./mount.ts";
import { silent, unavailable, unhandled } from "./outcome.ts";
import { Patience } from "./patience.ts";
import { Reruns } from "./reruns.ts";
import { StaleStateError } from "./stale-state.ts";
import { isPassing } from "./store-failure.ts";
import type { Tenure } from "./tenure.ts";
import { Visit } from "./visit.ts";

/** The handlers of one stanza at work, until what they did is committed and told, or it is clear why it is not. */
export class Running {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #journaling: Journaling;
  readonly #exchange: Exchange;
  readonly #outcome: AwaitedOutcome;
  readonly #effects: Effects;
  readonly #visit: Visit;
  /** What makes its conversation this node's, where several share the store. */
  #tenure: Tenure | undefined;
  /** The latest run of the handlers; `undefined` until they are run. */
  #attempt: Attempt | undefined;
  /** What follows where a run is not the last. */
  #reruns: Reruns | undefined;
  /** `undefined` until there is something to wait for. */
  #patience: Patience | undefined;
  /** Whether the handlers are through and what they said has gone, so that it need not be journaled any more. */
  #isThrough = false;
  /** Whether the callback had waited long enough when the handlers were through already. */
  #isLate = false;
  #isAbandoned = false;

  constructor(
    delivery: Delivery,
    environment: HandlingEnvironment,
    journaling: Journaling,
    exchange: Exchange,
    outcome: AwaitedOutcome,
  ) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#journaling = journaling;
    this.#exchange = exchange;
    this.#outcome = outcome;
    this.#effects = new Effects(delivery, environment);
    this.#visit = new Visit(delivery.conversation);
  }

  /** What the handlers were given; `undefined` until they are run. */
  get ctx(): Context | undefined {
    return this.#attempt?.ctx;
  }

  /** From now on everything depends on a lease. */
  holdUnder(tenure: Tenure): void {
    this.#tenure = tenure;
  }

  /** Has the stanza journaled, unless the handlers are through. */
  accept(): void {
    if (this.#isThrough) this.#isLate = true;
    else this.#journaling.begin();
  }

  /** Ends without having handled it: it waits in the inbox, or whoever has brought it is told. It never rejects. */
  async leave(): Promise<void> {
    this.#isThrough = true;
    if ((await this.#journaling.written) === undefined) this.#outcome.tell(unavailable);
  }

  /** Ends without having handled what was handled before: nothing waits in the inbox, and nobody is told. */
  async skip(): Promise<void> {
    this.#isThrough = true;
    const id = await this.#journaling.written;
    if (id !== undefined) await this.#environment.inbox.complete(id, this.#tenure?.fence ?? []);
    this.#outcome.tell(silent);
  }

  /** Ends handlers that are still at work, and does not begin with them where they are not. */
  abort(reason: Error): void {
    this.#isAbandoned = this.#journaling.written !== undefined || this.#patience === undefined;
    this.stop(reason);
  }

  /** Ends handlers that are still at work, or the waiting for the store. */
  stop(reason: Error): void {
    this.#patience?.end(reason);
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    const { written } = this.#journaling;
    // What is to be journaled before anything else is not handled before it is, nor if it has been here before.
    if (written !== undefined)
      return written.then((id) => (this.#journaling.admits(id) ? this.#enter() : undefined));
    return this.#enter();
  }

  #enter(): MaybePromise<void> {
    return this.#visit.through(this.#delivery.bot.gate, () => this.#handle());
  }

  #handle(): MaybePromise<void> {
    if (this.#isAbandoned) return this.leave();
    // It may have been exchanged while the stanza waited.
    const bot = this.#bot;
    const closure = this.#delivery.due === undefined ? this.#visit.closure(bot.gate) : undefined;
    const attempt = new Attempt(this.#delivery, bot, this.#environment, this.#exchange, this.#effects);
    this.#attempt = attempt;
    let running: MaybePromise<void>;
    try {
      running = attempt.run(closure);
    } catch (error) {
      return this.#failed(error);
    }
    if (running !== undefined || this.#exchange.busy || this.#hasToCommit)
      return this.#finish(attempt, running);
    if (this.#isLost) return this.#forsake();
    this.#succeeded(attempt);
    return this.#exchange.busy ? this.#exchange.flushed() : undefined;
  }

  /** The bot as it is now. */
  get #bot(): MountedBot {
    const { bot } = this.#delivery;
    return bot.directory instanceof Mount ? (bot.directory.get(bot.name) ?? bot) : bot;
  }

  /** Waits for the handlers and for what they said, and commits what they changed. */
  async #finish(attempt: Attempt, running: MaybePromise<void>): Promise<void> {
    this.#patience ??= new Patience(this.#environment.clock);
    try {
      await this.#patience.forHandlers(running, this.#bot.timeout);
    } catch (error) {
      return await this.#failed(error);
    }
    // The reply that rides inline must not overtake what was to go by POST before it. A branch that the handler did not
    // wait for may add to that in the very turn in which the rest is through.
    while (this.#exchange.busy) await this.#exchange.flushed();
    this.#isThrough = true;
    try {
      if (this.#hasToCommit) await this.#effects.commit(this.#journaling.written, this.#tenure);
    } catch (error) {
      return await this.#uncommitted(error);
    }
    if (this.#isLost) return await this.#forsake();
    this.#succeeded(attempt);
    await this.#exchange.flushed();
  }

  get #hasToCommit(): boolean {
    return this.#journaling.written !== undefined || this.#effects.isOpen(this.#tenure);
  }

  #succeeded({ isPassedOn, isUnhandled }: Attempt): void {
    const { stanza, conversation } = this.#delivery;
    if (!isPassedOn) this.#visit.result = "worked";
    // What no handler looked at says nothing about whether they work.
    if (stanza.kind === "message" && !isUnhandled) this.#environment.crashes.recovered(conversation);
    const reply = this.#exchange.settle();
    if (reply !== undefined) this.#outcome.tell({ kind: "reply", stanza: reply });
    else this.#outcome.tell(isUnhandled ? unhandled : silent);
  }

  /**
   * Where somebody else has changed what the handlers had read, nothing was committed, so they start from what there is now, one after
   * another with all that it happened to.
   */
  async #uncommitted(error: unknown): Promise<void> {
    this.#reruns ??= new Reruns(this.#environment.turns);
    if (!(error instanceof StaleStateError) || !this.#reruns.areLeft) return await this.#failed(error);
    await this.#reruns.inTurn(error, () => {
      this.#startOver();
      if (this.#isLate) this.accept();
      return this.run();
    });
  }

  /**
   * The store has failed, which is no fault of the handlers': what was acknowledged is handled again until that is over, and
   * its conversation waits.
   */
  async #runLater(error: StoreError): Promise<void> {
    this.#reruns ??= new Reruns(this.#environment.turns);
    this.#patience ??= new Patience(this.#environment.clock);
    const pause = this.#reruns.nextPause();
    this.#delivery.bot.log.error(
      logged(this.#delivery, error),
      `the store fails; a stanza that was acknowledged waits, and is handled again in ${pause} ms`,
    );
    await this.#patience.forPause(pause);
    if (this.#isAbandoned) return await this.leave();
    if (this.#isLost) return await this.#forsake();
    this.#startOver();
    await this.run();
  }

  #startOver(): void {
    this.#exchange.rewind();
    this.#effects.drop();
    this.#isThrough = false;
  }

  async #failed(error: unknown): Promise<void> {
    this.#tenure?.endedBy(error);
    if (this.#isLost) return await this.#forsake();
    if (isPassing(error) && (await this.#journaling.written) !== undefined)
      return await this.#runLater(error);
    const failing = {
      error,
      delivery: this.#delivery,
      environment: this.#environment,
      exchange: this.#exchange,
      visit: this.#visit,
      tenure: this.#tenure,
      ctx: this.ctx,
    };
    const outcome = await judge(failing);
    this.#isThrough = true;
    const isHeld = (await this.#journaling.written) !== undefined;
    if (this.#isAbandoned) return;
    const { inline } = this.#delivery;
    const byPost = this.#outcome.isKnown || !inline;
    await conclude(failing, { outcome, entryId: this.#journaling.entryId, isHeld, byPost });
    if (this.#isLost) return await this.#forsake();
    this.#outcome.tell(inline ? outcome : silent);
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
}

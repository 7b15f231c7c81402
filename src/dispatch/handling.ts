import { currentLanguage, type MaybePromise } from "../bot/index.ts";
import type { Lease } from "../store/index.ts";
import { AwaitedOutcome } from "./awaited-outcome.ts";
import { type Delivery, logged } from "./delivery.ts";
import { isEchoAmongNodes } from "./echo.ts";
import { SEEN } from "./effects.ts";
import { Exchange } from "./exchange.ts";
import type { HandlerTimeoutError } from "./handler-timeout.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { Journaling } from "./journaling.ts";
import { accepted, type Outcome, unavailable } from "./outcome.ts";
import { Running } from "./running.ts";
import { Tenure } from "./tenure.ts";

/** One stanza in the hands of one bot: whether it is kept in the inbox, whose turn it is, and how its callback is to be answered. */
export class Handling {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #outcome = new AwaitedOutcome();
  readonly #journaling: Journaling;
  readonly #exchange: Exchange;
  readonly #running: Running;

  constructor(delivery: Delivery, environment: HandlingEnvironment) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#journaling = new Journaling(delivery, environment.inbox, (id, isEarly) => {
      this.#exchange.detach(id, isEarly || !delivery.inline);
      this.#outcome.tell(accepted);
    });
    this.#exchange = new Exchange(
      delivery.stanza,
      delivery.bot,
      delivery.inline,
      (result) => this.#outcome.tell({ kind: "reply", stanza: result }),
      {
        name: () => this.entryId,
        clock: environment.clock,
        language: () => this.#running.ctx && currentLanguage(this.#running.ctx),
      },
    );
    this.#running = new Running(delivery, environment, this.#journaling, this.#exchange, this.#outcome);
  }

  /** How to answer the callback: at once where that is known, else when it is, or when `deadline` milliseconds are over. */
  outcome(deadline: number): MaybePromise<Outcome> {
    // An IQ can be answered inline only (mod_rest sends no results by POST), so it has the bot's whole time.
    return this.#outcome.get(() =>
      this.#delivery.stanza.kind === "iq"
        ? undefined
        : this.#environment.clock.after(deadline, () => this.accept()),
    );
  }

  /** Journals the stanza and acknowledges it, instead of waiting for its handlers. */
  accept(): void {
    this.#running.accept();
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
    if (id === undefined) this.#outcome.tell(unavailable);
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
    await this.#running.leave();
  }

  /** Goes on with a stanza that the inbox holds from an earlier process. */
  resume(id: string): void {
    this.#journaling.resume(id);
    this.#exchange.detach(this.#delivery.due?.name ?? id, true);
    this.#outcome.tell(accepted);
  }

  /**
   * Ends a handler that is still at work. The sender is told as its timeout would, unless the inbox holds the stanza: then the
   * next process handles it.
   */
  abort(reason: HandlerTimeoutError): void {
    this.#running.abort(reason);
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
    this.#running.holdUnder(tenure);
    this.#exchange.guard(tenure.fence, due?.name ?? id, (error) => {
      tenure.endedBy(error);
      this.#running.stop(error);
    });
    const isKnown =
      (seen !== undefined && (await store.get(SEEN, seen.key)) !== undefined) ||
      (due === undefined && (await isEchoAmongNodes(stanza, from, bot, racing)));
    if (isKnown) await this.#running.skip();
    else await this.run();
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    return this.#running.run();
  }
}

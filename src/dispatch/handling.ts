import { randomUUID } from "node:crypto";
import { type Chain, Context, type MaybePromise } from "../bot/index.ts";
import { type Jid, type Stanza, StanzaError, writeXml } from "../stanza/index.ts";
import type { Journal } from "../store/index.ts";
import type { CrashStreaks } from "./crash-streaks.ts";
import { Exchange } from "./exchange.ts";
import { explanation } from "./explanation.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import type { MountedBot } from "./mount.ts";
import type { Outcome } from "./outcome.ts";

/** What handlings share. */
export interface HandlingEnvironment {
  readonly fallback: Chain<Context>;
  readonly journal: Journal;
  readonly crashes: CrashStreaks;
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
}

/** One stanza in the hands of one bot: runs its handlers, and finds out how the callback is to be answered. */
export class Handling {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #exchange: Exchange;
  #unhandled = false;
  #journaled: Promise<string | undefined> | undefined;
  #outcome: Outcome | undefined;
  #announce: ((outcome: Outcome) => void) | undefined;
  #giveUp: ((reason: HandlerTimeoutError) => void) | undefined;

  constructor(delivery: Delivery, environment: HandlingEnvironment) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#exchange = new Exchange(delivery.stanza, delivery.bot, delivery.inline, (result) =>
      this.#tell({ kind: "reply", stanza: result }),
    );
  }

  /** How to answer the callback: at once where that is known, else when it is, or when `deadline` milliseconds are over. */
  outcome(deadline: number): MaybePromise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome;
    return new Promise((resolve) => {
      // An IQ can be answered inline only (mod_rest sends no results by POST), so it has the bot's whole time.
      const timer =
        this.#delivery.stanza.kind === "iq" ? undefined : setTimeout(() => this.#detach(), deadline);
      this.#announce = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
    });
  }

  /** Ends a handler that is still at work, as its timeout would. */
  abort(reason: HandlerTimeoutError): void {
    this.#giveUp?.(reason);
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    const ctx = new Context(this.#delivery.stanza, this.#delivery.from, this.#delivery.bot, this.#exchange);
    const pass = { ctx, answer: this.#exchange.answer.bind(this.#exchange) };
    let running: MaybePromise<void>;
    try {
      running = this.#delivery.bot.routes.chain()(pass, () =>
        this.#environment.fallback(pass, () => {
          this.#unhandled = true;
        }),
      );
    } catch (error) {
      return this.#failed(error);
    }
    if (running !== undefined || this.#exchange.busy) return this.#wait(running);
    this.#succeeded();
    return this.#exchange.busy ? this.#exchange.flushed() : undefined;
  }

  async #wait(running: MaybePromise<void>): Promise<void> {
    const { timeout } = this.#delivery.bot;
    const over = Promise.withResolvers<never>();
    this.#giveUp = over.reject;
    const timer = setTimeout(() => {
      over.reject(new HandlerTimeoutError(`the handler was not through after ${timeout} ms`));
    }, timeout);
    try {
      await Promise.race([running, over.promise]);
    } catch (error) {
      return await this.#failed(error);
    } finally {
      clearTimeout(timer);
    }
    // The reply that rides inline must not overtake what was to go by POST before it. A branch that the handler did not
    // wait for may add to that in the very turn in which the rest is through.
    while (this.#exchange.busy) await this.#exchange.flushed();
    this.#succeeded();
    await this.#exchange.flushed();
  }

  #succeeded(): void {
    // What no handler looked at says nothing about whether they work.
    if (this.#delivery.stanza.kind === "message" && !this.#unhandled)
      this.#environment.crashes.recovered(this.#delivery.conversation);
    const reply = this.#exchange.settle();
    if (reply !== undefined) this.#tell({ kind: "reply", stanza: reply });
    else this.#tell(this.#unhandled ? unhandled : silent);
    this.#forget();
  }

  async #failed(error: unknown): Promise<void> {
    const outcome = this.#judge(error);
    this.#exchange.close(
      error instanceof Error ? error : new Error("the handler threw what is no Error", { cause: error }),
    );
    // What the handler said before it failed comes before what is said about the failure.
    while (this.#exchange.busy) await this.#exchange.flushed();
    if (this.#outcome !== undefined || !this.#delivery.inline) {
      await this.#exchange.conclude(explanation(this.#delivery.stanza, outcome));
    }
    this.#tell(this.#delivery.inline ? outcome : silent);
    this.#forget();
  }

  #judge(error: unknown): Outcome {
    if (error instanceof StanzaError && !error.received) return { kind: "error", error };
    const context = this.#logged(error);
    // Only a message is answered with an apology, so only there it matters whether there was one already.
    const again =
      this.#delivery.stanza.kind === "message" &&
      this.#environment.crashes.crashed(this.#delivery.conversation);
    if (error instanceof HandlerTimeoutError) {
      this.#delivery.bot.log.error(
        context,
        `${this.#delivery.bot.name} took too long over a stanza; its signal was fired`,
      );
      return { kind: "timeout", again };
    }
    this.#delivery.bot.log.error(context, `${this.#delivery.bot.name} failed over a stanza`);
    return { kind: "crash", again };
  }

  #detach(): void {
    this.#journaled = this.#journal();
  }

  /** Writes the stanza down and acknowledges it. One that cannot be written down is answered when its handler is through. */
  async #journal(): Promise<string | undefined> {
    const id = randomUUID();
    try {
      await this.#environment.journal.add({
        id,
        bot: this.#delivery.bot.jid.toString(),
        xml: writeXml(this.#delivery.stanza.element),
        since: Date.now(),
      });
    } catch (error) {
      this.#delivery.bot.log.error(
        this.#logged(error),
        "a stanza could not be journaled, so Prosody has to wait for the handler",
      );
      return undefined;
    }
    this.#exchange.detach();
    this.#tell(accepted);
    return id;
  }

  #forget(): void {
    void this.#journaled?.then(async (id) => {
      try {
        if (id !== undefined) await this.#environment.journal.done(id);
      } catch (error) {
        this.#delivery.bot.log.error(
          this.#logged(error),
          "a stanza was handled, but the journal still holds it",
        );
      }
    });
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
const unhandled: Outcome = { kind: "unhandled" };

import { randomUUID } from "node:crypto";
import { type Chain, Context, type MaybePromise } from "../bot/index.ts";
import { errorReply, type Jid, type Stanza, StanzaError, writeXml } from "../stanza/index.ts";
import type { Journal } from "../store/index.ts";
import { APOLOGY, TIMEOUT_APOLOGY } from "./apology.ts";
import type { CrashStreaks } from "./crash-streaks.ts";
import { Exchange, HandlerTimeoutError } from "./exchange.ts";
import type { MountedBot } from "./mount.ts";
import type { Outcome } from "./outcome.ts";

/** What handlings share. */
export interface HandlingEnvironment {
  readonly fallback: Chain<Context>;
  readonly journal: Journal;
  readonly crashes: CrashStreaks;
}

/** One stanza in the hands of one bot: runs its handlers, and finds out how the callback is to be answered. */
export class Handling {
  readonly #stanza: Stanza;
  readonly #from: Jid;
  readonly #bot: MountedBot;
  readonly #conversation: string;
  readonly #environment: HandlingEnvironment;
  readonly #exchange: Exchange;
  #unhandled = false;
  #journaled: string | undefined;
  #outcome: Outcome | undefined;
  #announce: ((outcome: Outcome) => void) | undefined;

  constructor(
    stanza: Stanza,
    from: Jid,
    bot: MountedBot,
    conversation: string,
    environment: HandlingEnvironment,
  ) {
    this.#stanza = stanza;
    this.#from = from;
    this.#bot = bot;
    this.#conversation = conversation;
    this.#environment = environment;
    this.#exchange = new Exchange(stanza, bot);
  }

  /** How to answer the callback: at once where that is known, else when it is, or when `deadline` milliseconds are over. */
  outcome(deadline: number): MaybePromise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome;
    return new Promise((resolve) => {
      // An IQ can be answered inline only (mod_rest sends no results by POST), so it has the bot's whole time.
      const timer = this.#stanza.kind === "iq" ? undefined : setTimeout(() => this.#detach(), deadline);
      this.#announce = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
    });
  }

  /** Runs the handlers. It neither throws nor rejects; it returns a promise only where there is something to wait for. */
  run(): MaybePromise<void> {
    const ctx = new Context(this.#stanza, this.#from, this.#bot, this.#exchange);
    const pass = { ctx, answer: this.#exchange.answer.bind(this.#exchange) };
    let running: MaybePromise<void>;
    try {
      running = this.#bot.routes.chain()(pass, () =>
        this.#environment.fallback(pass, () => {
          this.#unhandled = true;
        }),
      );
    } catch (error) {
      return this.#failed(error);
    }
    if (running === undefined && this.#exchange.sending === undefined) return this.#succeeded();
    return this.#wait(running);
  }

  async #wait(running: MaybePromise<void>): Promise<void> {
    const { timeout } = this.#bot;
    const over = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      over.reject(new HandlerTimeoutError(`the handler was not through after ${timeout} ms`));
    }, timeout);
    try {
      await Promise.race([running, over.promise]);
      await this.#exchange.sending;
      this.#succeeded();
    } catch (error) {
      await this.#failed(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #succeeded(): void {
    // What no handler looked at says nothing about whether they work.
    if (this.#stanza.kind === "message" && !this.#unhandled) this.#environment.crashes.recovered(this.#conversation);
    const reply = this.#exchange.settle();
    if (reply !== undefined) this.#tell({ kind: "reply", stanza: reply });
    else this.#tell(this.#unhandled ? unhandled : silent);
    this.#forget();
  }

  async #failed(error: unknown): Promise<void> {
    const outcome = this.#judge(error);
    if (this.#stanza.kind !== "iq") {
      // What the handler said before it failed comes before what is said about the failure.
      const answered = this.#exchange.detached;
      this.#exchange.detach();
      if (answered) await this.#explain(outcome);
      await this.#exchange.sending;
    }
    this.#exchange.close(error instanceof Error ? error : new Error(String(error)));
    this.#tell(outcome);
    this.#forget();
  }

  #judge(error: unknown): Outcome {
    if (error instanceof StanzaError && !error.received) return { kind: "error", error };
    const { kind, id } = this.#stanza;
    const context = { err: error, kind, id, from: String(this.#from) };
    if (error instanceof HandlerTimeoutError) {
      this.#bot.log.error(context, `${this.#bot.name} took too long over a stanza; its signal was fired`);
      return { kind: "timeout" };
    }
    this.#bot.log.error(context, `${this.#bot.name} failed over a stanza`);
    return { kind: "crash", again: kind === "message" && this.#environment.crashes.crashed(this.#conversation) };
  }

  /** Tells the sender of a message by POST, the callback being answered already. */
  async #explain(outcome: Outcome): Promise<void> {
    if (this.#stanza.kind !== "message" || this.#stanza.type === "error") return;
    try {
      if (outcome.kind === "timeout") await this.#exchange.answer(TIMEOUT_APOLOGY);
      else if (outcome.kind === "crash" && !outcome.again) await this.#exchange.answer(APOLOGY);
      else if (outcome.kind === "error") await this.#exchange.answer(errorReply(this.#stanza, outcome.error));
    } catch {
      // The exchange has logged it, and there is nobody left to tell.
    }
  }

  #detach(): void {
    this.#journaled = randomUUID();
    const entry = {
      id: this.#journaled,
      bot: this.#bot.jid.toString(),
      xml: writeXml(this.#stanza.element),
      since: Date.now(),
    };
    void Promise.resolve(this.#environment.journal.add(entry)).then(() => {
      this.#exchange.detach();
      this.#tell(accepted);
    });
  }

  #forget(): void {
    if (this.#journaled !== undefined) void this.#environment.journal.done(this.#journaled);
  }

  #tell(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#announce?.(this.#outcome);
  }
}

const silent: Outcome = { kind: "silent" };
const accepted: Outcome = { kind: "accepted" };
const unhandled: Outcome = { kind: "unhandled" };

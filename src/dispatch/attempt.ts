import { Context, type MaybePromise, observing } from "../bot/index.ts";
import { closedChain } from "./closed.ts";
import type { Delivery } from "./delivery.ts";
import type { Effects } from "./effects.ts";
import type { Exchange } from "./exchange.ts";
import type { Closure } from "./gate.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import type { MountedBot } from "./mount.ts";

/** One run of the handlers over a stanza: of the bot's own, and then of what every bot does. */
export class Attempt {
  /** What the handlers are given. */
  readonly ctx: Context;
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  readonly #exchange: Exchange;
  #isPassedOn = false;
  #isUnhandled = false;

  /** @param bot as it is now. */
  constructor(
    delivery: Delivery,
    bot: MountedBot,
    environment: HandlingEnvironment,
    exchange: Exchange,
    effects: Effects,
  ) {
    this.#delivery = delivery;
    this.#environment = environment;
    this.#exchange = exchange;
    const { stanza, from } = delivery;
    this.ctx = new Context(stanza, from, bot, exchange, () => effects.open(), environment.clock);
  }

  /** Whether the bot's own routes have left it to others. */
  get isPassedOn(): boolean {
    return this.#isPassedOn;
  }

  /** Whether nobody wanted it. */
  get isUnhandled(): boolean {
    return this.#isUnhandled;
  }

  /**
   * Returns a promise only where there is something to wait for.
   *
   * @param closure why the bot's own handlers are not to be run.
   * @throws whatever the handlers throw.
   */
  run(closure: Closure | undefined): MaybePromise<void> {
    const { ctx } = this;
    const { stanza, due, conversation } = this.#delivery;
    const { gate, routes, rooms } = ctx.bot as MountedBot;
    const pass = { ctx, answer: this.#exchange.answer.bind(this.#exchange) };
    const own = gate && closure ? closedChain(gate, closure, conversation) : routes.chain();
    const chain = due?.chain ?? (stanza.kind === "presence" ? observing(own) : own);
    const handle = (): MaybePromise<void> =>
      chain(pass, () => {
        this.#isPassedOn = true;
        return this.#environment.fallback(pass, () => {
          this.#isUnhandled = true;
        });
      });
    const recalled = due === undefined ? rooms.recall(stanza) : undefined;
    return recalled === undefined ? handle() : recalled.then(handle);
  }
}

import type { MaybePromise } from "../bot/index.ts";
import type { BotGate, Closure } from "./gate.ts";

/** A stanza's way in to its bot, through the gate, and out again. */
export class Visit {
  /** What it says about the bot; `undefined` where it was not the bot's business. */
  result: "worked" | "failed" | undefined;
  readonly #conversation: string;
  /** Whether it is inside, or waits there. */
  #entered = false;
  /** Whether the gate has said if the bot is closed. */
  #judged = false;
  #closure: Closure | undefined;

  constructor(conversation: string) {
    this.#conversation = conversation;
  }

  /** Does the work inside, when the bot has room; whoever is in already, as in a rerun, does it at once. */
  through(gate: BotGate | undefined, work: () => MaybePromise<void>): MaybePromise<void> {
    if (gate === undefined || this.#entered) return work();
    const waiting = gate.enter();
    this.#entered = true;
    return waiting === undefined ? this.#inside(gate, work) : waiting.then(() => this.#inside(gate, work));
  }

  /** Why the bot is not to handle it. The gate is asked once: whoever was let in stays in, and whoever was not stays out. */
  closure(gate: BotGate | undefined): Closure | undefined {
    if (!this.#judged) this.#closure = gate?.closure();
    this.#judged = true;
    return this.#closure;
  }

  #inside(gate: BotGate, work: () => MaybePromise<void>): MaybePromise<void> {
    const working = work();
    if (working !== undefined) return working.finally(() => this.#leave(gate));
    this.#leave(gate);
    return undefined;
  }

  #leave(gate: BotGate): void {
    if (this.#closure === undefined) gate.settled(this.result, this.#conversation);
    gate.leave();
  }
}

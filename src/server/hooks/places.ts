import type { WebDenial } from "../../bot/index.ts";
import { type Pace, Pacer } from "../../outbound/index.ts";
import type { Clock } from "../../store/index.ts";

/** What {@link Places} go by. */
export interface PlacesOptions {
  /** How many there are of each kind. */
  readonly concurrency: number;
  /** How often a place of each kind is given. */
  readonly rate: Pace;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/** Who has shown to have a secret, and who came to a route that asks for none. */
type Kind = "verified" | "open";

/** A request to a bot, and the places that it has. */
export interface Call {
  /**
   * It is known by now whether it has a secret of the bot.
   *
   * @returns why it may not go on.
   */
  admit(verified: boolean): WebDenial | undefined;
  /** It is answered. */
  leave(): void;
}

/**
 * The places of one bot for the requests to its web hooks. Who has a secret has places and a rate that nobody else can use up: a
 * request has a place of another kind until it is known whether that fits, and loses it when it does not.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #pacer: Pacer;
  readonly #taken: Record<Kind, number> = { verified: 0, open: 0 };
  #unknown = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#pacer = new Pacer(options.rate);
  }

  /** Takes a place for a request of which nothing is known; `undefined` where there is none. */
  enter(): Call | undefined {
    const { concurrency, warn } = this.#options;
    if (this.#unknown >= concurrency) {
      warn(`${this.#unknown} are looked at for one bot already`);
      return undefined;
    }
    this.#unknown += 1;
    let leave = (): void => {
      this.#unknown -= 1;
    };
    let isOver = false;
    const admitted = new Set<Kind>();
    return {
      admit: (verified) => {
        const kind = verified ? "verified" : "open";
        if (isOver || admitted.has(kind)) return undefined;
        const denial = this.#take(kind);
        if (denial !== undefined) return denial;
        admitted.add(kind);
        leave();
        leave = () => {
          this.#taken[kind] -= 1;
        };
        return undefined;
      },
      leave: () => {
        isOver = true;
        leave();
      },
    };
  }

  #take(kind: Kind): WebDenial | undefined {
    const { concurrency, rate, clock, warn } = this.#options;
    const now = clock.now();
    const wait = this.#pacer.wait(kind, now);
    if (wait > 0) {
      warn(`over ${rate.perSecond} a second came for one bot`);
      return { status: 429, retryAfter: Math.ceil(wait / 1000) };
    }
    if (this.#taken[kind] >= concurrency) {
      warn(`${this.#taken[kind]} are under way for one bot already`);
      return { status: 503, retryAfter: 1 };
    }
    this.#pacer.take(kind, now);
    this.#taken[kind] += 1;
    return undefined;
  }
}

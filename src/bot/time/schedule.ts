import type { Logger } from "pino";
import type { Queries } from "../../outbound/index.ts";
import type { Element, Iq, Jid, Message, Presence } from "../../stanza/index.ts";
import type { Sent } from "../answering.ts";
import type { BotHandle } from "../bot-handle.ts";
import type { Context } from "../context.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Storage as BotStorage, Effects } from "../storage.ts";
import { runEntry, type TimerCall } from "./call.ts";
import { type Recurrence, recurrence } from "./recurrence.ts";

/** How a schedule is kept. */
export interface EveryOptions {
  /** By what it is known through restarts: another name is another schedule. */
  readonly name: string;
  /** The time zone of a cron expression, by the IANA's name; default UTC, wherever the process runs. */
  readonly zone?: string;
  /**
   * What becomes of runs whose time passed while no process was there: none is made up for (`skip`; also where one is over a
   * minute late), one is for all of them (`once`, the default), or each is (`all`), up to a hundred in a row.
   */
  readonly catchUp?: "skip" | "once" | "all";
}

/** What the handler of a schedule is given: like a context, without anybody who has said something. */
export interface Tick {
  /** When the run was due, in milliseconds since 1970; after an outage, the first that was missed. */
  readonly due: number;
  /** What time it is, in milliseconds since 1970. */
  readonly now: number;
  readonly bot: BotHandle;
  readonly log: Logger;
  /** What the bot remembers: kept together with the note that the run is through. */
  readonly storage: BotStorage;
  /** Fires when the bot has run out of time for this run. */
  readonly signal: AbortSignal;
  /** What the bot can ask others; the same as {@link Context.calls}. */
  readonly calls: Queries;
  /** Sends something to anybody, from the bot's own address; the same as {@link Context.send}. */
  send(to: Jid | string, content: string | Message | Presence): Promise<Sent>;
  /** Asks somebody, and waits for the answer; the same as {@link Context.iq}. */
  iq(to: Jid | string, type: "get" | "set", payload: Element): Promise<Iq>;
}

/** Does what is due. */
export type TickHandler = (tick: Tick) => MaybePromise<void>;

const AREA = "schedules";

/** How late a run may be that is not made up for, in milliseconds. */
const MINUTE = 60_000;

/** How many missed runs are made up for in a row. */
const MOST_LATE = 100;

/** What is stored of a schedule. */
interface Planned {
  readonly definition: string;
  readonly next: number;
}

/** @internal A schedule of a bot. */
export class Schedule {
  readonly name: string;
  readonly recurrence: Recurrence;
  readonly #catchUp: "skip" | "once" | "all";
  readonly #handler: TickHandler;

  /** @throws TypeError, RangeError when it makes no sense. */
  constructor(
    every: string | number,
    { name, zone = "UTC", catchUp = "once" }: EveryOptions,
    handler: TickHandler,
  ) {
    this.name = name;
    this.recurrence = recurrence(every, zone);
    this.#catchUp = catchUp;
    this.#handler = handler;
  }

  /** Runs what is due, and has the next run wait for its time. */
  async run(call: TimerCall, ctx: Context): Promise<void> {
    const isPlanned = await this.goOn(call, ctx.effects, ctx.bot.jid, ctx.now);
    // Planned anew, or run already; what was put aside and is replayed runs without a next.
    if (!isPlanned && call.attempt === 0) return;
    if (this.#catchUp === "skip" && this.#isMissed(call.number, ctx.now)) return;
    await this.#handler(tickOf(call.number, ctx));
  }

  /**
   * Plans the run after one.
   *
   * @returns whether that one is the one that was planned.
   */
  async goOn({ number: due, late }: TimerCall, effects: Effects, bot: Jid, now: number): Promise<boolean> {
    const area = effects.area(AREA, { guarded: true });
    const planned = (await area.get(this.name)) as Planned | undefined;
    const { definition } = this.recurrence;
    if (planned?.next !== due || planned.definition !== definition) return false;
    const next = this.#after(due, late, now);
    if (next === undefined) {
      area.delete(this.name);
      return true;
    }
    area.set(this.name, { definition, next });
    effects.add({ enqueue: runEntry(bot, this.name, next, next <= now ? late + 1 : 0) });
    return true;
  }

  #after(due: number, late: number, now: number): number | undefined {
    const following = this.recurrence.next(due);
    if (following === undefined || following > now) return following;
    return this.#catchUp === "all" && late + 1 < MOST_LATE ? following : this.recurrence.next(now);
  }

  #isMissed(due: number, now: number): boolean {
    const following = this.recurrence.next(due);
    return now - due > MINUTE || (following !== undefined && following <= now);
  }
}

/** @internal Whether a schedule waits for its next run. */
export async function isPlanned(name: string, effects: Effects): Promise<boolean> {
  return (await effects.area(AREA, { guarded: true }).get(name)) !== undefined;
}

/** @internal The collection in which it is kept when each schedule of a bot is due. */
export function plansOf(bot: Jid): string {
  return `bot ${bot} ${AREA}`;
}

/** @internal */
export type { Planned };

function tickOf(due: number, ctx: Context): Tick {
  return {
    due,
    now: ctx.now,
    bot: ctx.bot,
    log: ctx.log,
    get storage() {
      return ctx.storage;
    },
    get signal() {
      return ctx.signal;
    },
    send: (to, content) => ctx.send(to, content),
    get calls() {
      return ctx.calls;
    },
    iq: (to, type, payload) => ctx.iq(to, type, payload),
  };
}

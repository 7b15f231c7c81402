import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import { type Chain, link, type MaybePromise } from "../middleware.ts";
import type { Reply } from "../reply.ts";
import { REMIND } from "./reminders.ts";
import { type EveryOptions, Schedule, type TickHandler } from "./schedule.ts";
import { replyFrom } from "./timer-data.ts";

/** A timer that is due. */
export interface DueTimer<Data = JsonValue> {
  readonly name: string;
  /** Its number in its conversation. */
  readonly id: number;
  /** When it was due, in milliseconds since 1970; it may be later than that. */
  readonly due: number;
  /** What it was set with. */
  readonly data: Data;
}

/** What a timer's handler is given: the conversation in which it was set, and what it was set with. */
export type Timed<C, Data = JsonValue> = C & { readonly timer: DueTimer<Data> };

/** Does what is due; what it returns is said. */
export type TimerHandler<C, Data = JsonValue> = (
  ctx: Timed<C, Data>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
) => MaybePromise<Reply | void>;

/** @internal The timers and schedules of a composer, as its bot sees them. */
export interface TimedRoutes {
  readonly timers: ReadonlyMap<string, Chain<never>>;
  readonly schedules: ReadonlyMap<string, Schedule>;
}

/** @internal The timers and schedules of a composer. */
export class TimerSet<C extends Context> implements TimedRoutes {
  readonly timers: Map<string, Chain<C>> = new Map();
  readonly schedules: Map<string, Schedule> = new Map();

  /** @throws TypeError when the name is taken, or none. */
  define<Data>(name: string, handler: TimerHandler<C, Data>): void {
    checkName(name, name === REMIND || this.timers.has(name), "timer");
    this.timers.set(
      name,
      link<C>((ctx) => handler(ctx as Timed<C, Data>)),
    );
  }

  /** @throws TypeError, RangeError when it makes no sense. */
  every(every: string | number, options: EveryOptions, handler: TickHandler): void {
    checkName(options.name, this.schedules.has(options.name), "schedule");
    this.schedules.set(options.name, new Schedule(every, options, handler));
  }
}

/** @internal What a bot does at its times. */
export interface Timetable {
  readonly timers: ReadonlyMap<string, Chain<Context>>;
  readonly schedules: ReadonlyMap<string, Schedule>;
}

interface Tree {
  readonly routes: readonly {
    readonly time?: TimedRoutes | undefined;
    readonly wrap?: ((chain: Chain<never>) => Chain<never>) | undefined;
    readonly inner?: readonly Tree[] | undefined;
  }[];
}

type Wrap = (chain: Chain<never>) => Chain<never>;

/**
 * @internal All timers and schedules of a bot; what plugins add to the context of a composer its timers have too.
 *
 * @throws TypeError when two have one name.
 */
export function timetable(bot: Tree): Timetable {
  const timers = new Map<string, Chain<Context>>([[REMIND, link<Context>(remind)]]);
  const schedules = new Map<string, Schedule>();
  for (const [set, wrap] of within(bot, (chain) => chain)) {
    for (const [name, chain] of set.timers) {
      checkName(name, timers.has(name), "timer");
      timers.set(name, wrap(chain) as unknown as Chain<Context>);
    }
    for (const [name, schedule] of set.schedules) {
      checkName(name, schedules.has(name), "schedule");
      schedules.set(name, schedule);
    }
  }
  return { timers, schedules };
}

function* within({ routes }: Tree, outer: Wrap): Generator<[TimedRoutes, Wrap]> {
  for (const { time, wrap, inner = [] } of routes) {
    if (time !== undefined) yield [time, outer];
    const around: Wrap = wrap === undefined ? outer : (chain) => outer(wrap(chain));
    for (const each of inner) yield* within(each, around);
  }
}

function remind(ctx: Context): Reply {
  return replyFrom((ctx as Timed<Context>).timer.data);
}

function checkName(name: string, isTaken: boolean, kind: "timer" | "schedule"): void {
  if (name === "" || name.length > 200) {
    throw new TypeError(
      `a ${kind} needs a name of at most 200 characters, by which it is known through restarts`,
    );
  }
  if (isTaken) throw new TypeError(`there are two ${kind}s called ${JSON.stringify(name)}; rename one`);
}

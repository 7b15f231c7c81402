import type { Chain, Context } from "../bot/index.ts";
import type { Clock, Store } from "../store/index.ts";
import type { CrashStreaks } from "./crash-streaks.ts";
import type { Inbox } from "./inbox.ts";
import type { Turns } from "./turns.ts";

/** What handlings share. */
export interface HandlingEnvironment {
  readonly fallback: Chain<Context>;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly crashes: CrashStreaks;
  readonly clock: Clock;
  readonly turns: Turns;
}

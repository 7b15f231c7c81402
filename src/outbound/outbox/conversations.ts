import type { Lease } from "../../store/index.ts";
import type { Item } from "./item.ts";
import type { Outside } from "./outside.ts";
import type { Route } from "./route.ts";
import type { Waiter } from "./waiter.ts";

/** @internal A conversation of which something is in memory: always the first of what waits, without gaps. */
export interface Lane {
  readonly key: string;
  readonly route: Route;
  readonly items: Item[];
  /** By which this process has the conversation; `undefined` where the store is this process's alone, or it is still asked for. */
  lease: Lease | undefined;
  /** Whether the store may have more of it, behind what is here. */
  more: boolean;
  /** Whether its first is ready to go, or on its way. */
  busy: boolean;
  /** Whether its first has failed, and waits to be tried again. */
  failing: boolean;
}

/** @internal Who is told of changes. */
export interface LanesHooks {
  /** A lane of this route may go on. */
  onReady(route: Route): void;
  /** Something is in the store only, or a lane has ended. */
  onLeft(): void;
}

/** @internal The conversations of an outbox: which this process works on, and who waits for what becomes of a stanza. */
export interface Conversations {
  /** Which conversations the store may have something of that is not here. */
  readonly outside: Outside;
  /** Conversations that the store need not be asked for: those here, and those that cannot go on. */
  readonly held: Set<string>;
  readonly isEmpty: boolean;
  /** How many this process has a lease of. */
  readonly leased: number;
  start(): void;
  /** All is left in the store from now on. */
  stop(): void;
  /** Forgets what is here, and gives back what this process has leases of. */
  clear(): Promise<void>;
  /** Lets somebody wait for an item that is about to be placed. */
  await(item: Item, signal: AbortSignal | undefined): Waiter;
  /** The commit of an item is asked for. */
  place(item: Item): void;
  /** The commit of an item has come through. */
  confirm(item: Item): void;
  /** An item is not in the queue after all. */
  withdraw(item: Item): void;
  /**
   * Takes in the first of a conversation from the store.
   *
   * @returns once that is settled, where the store has to be asked for it.
   */
  load(item: Item): Promise<void> | undefined;
  /** Whether this process may still send what is in a lane. */
  holds(lane: Lane): boolean;
  /** The first of a lane is through. */
  next(lane: Lane): void;
  /** Another process has taken a lane over. */
  lost(lane: Lane): void;
  /** Makes a lane ready, where its first can go. */
  offer(lane: Lane): void;
}

import type { Item } from "./item.ts";
import { Outside } from "./outside.ts";
import type { Route } from "./route.ts";
import type { Routes } from "./routes.ts";
import { Waiter } from "./waiter.ts";

/** Stanzas in memory at most, besides those that the {@link Fetcher} brings. */
const MOST_IN_MEMORY = 1024;

/** @internal A conversation of which something is in memory: always the first of what waits, without gaps. */
export interface Lane {
  readonly key: string;
  readonly route: Route;
  readonly items: Item[];
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

/**
 * @internal The conversations in memory. What somebody waits for stays here on its way through the store, as long as the store has
 * nothing of its conversation that is not here; all else is left in the store, to be fetched in its turn.
 */
export class Lanes {
  /** Which conversations the store may have something of that is not here. */
  readonly outside: Outside = new Outside();
  /** Conversations that the store need not be asked for: those here, and those that cannot go on. */
  readonly held: Set<string> = new Set();
  readonly #routes: Routes;
  readonly #hooks: LanesHooks;
  readonly #lanes = new Map<string, Lane>();
  /** Of those left in the store, who waits; by entry. */
  readonly #waiters = new Map<string, Waiter>();
  #items = 0;
  #committing = 0;
  #open = false;

  constructor(routes: Routes, hooks: LanesHooks) {
    this.#routes = routes;
    this.#hooks = hooks;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0 && this.#committing === 0 && this.outside.empty;
  }

  start(): void {
    this.#open = true;
    this.outside.addAll();
  }

  /** All is left in the store from now on. */
  stop(): void {
    this.#open = false;
    for (const route of this.#routes) route.releaseAll();
  }

  /** Forgets what is here. */
  clear(): void {
    this.#lanes.clear();
    this.#waiters.clear();
    this.held.clear();
    this.#items = 0;
  }

  /** Lets somebody wait for an item that is about to be placed. */
  await(item: Item, signal: AbortSignal | undefined): Waiter {
    item.waiter = new Waiter(item.stanza.id, item.key, this.#routes.of(item.domain).waiters, signal);
    return item.waiter;
  }

  /** Gives an item its place: when its commit is asked for, so that the order here is that of the commits. */
  place(item: Item): void {
    this.#committing += 1;
    const { key, waiter } = item;
    const lane = this.#lanes.get(key);
    const isNext = lane ? !lane.more : !this.held.has(key) && !this.outside.has(key);
    if (this.#open && isNext && waiter !== undefined && this.#items < MOST_IN_MEMORY) {
      this.#append(lane ?? this.#create(key, this.#routes.of(item.domain)), item);
      return;
    }
    if (lane) lane.more = true;
    else this.outside.add(key);
    // Given twice under one name, the first is what is sent.
    if (waiter && !this.#waiters.has(item.id)) this.#waiters.set(item.id, waiter);
  }

  /** The commit of an item has come through. */
  confirm(item: Item): void {
    this.#committing -= 1;
    item.committed = true;
    const lane = this.#lanes.get(item.key);
    const { circuit, client } = this.#routes.of(item.domain);
    if (!this.#open || lane?.failing || !circuit.closed || client === undefined) item.waiter?.queued();
    if (lane) this.offer(lane);
    else this.#hooks.onLeft();
  }

  /** An item is not in the queue after all. */
  withdraw(item: Item): void {
    this.#committing -= 1;
    if (this.#waiters.get(item.id) === item.waiter) this.#waiters.delete(item.id);
    const lane = this.#lanes.get(item.key);
    const at = lane?.items.indexOf(item) ?? -1;
    if (lane && at !== -1) this.#remove(lane, at);
    else this.#hooks.onLeft();
  }

  /** Takes in the first of a conversation from the store. */
  load(item: Item): void {
    item.waiter = this.#waiters.get(item.id);
    this.#waiters.delete(item.id);
    const lane = this.#create(item.key, this.#routes.of(item.domain));
    lane.more = true;
    this.#append(lane, item);
    this.offer(lane);
  }

  /** The first of a lane is through. */
  next(lane: Lane): void {
    lane.busy = false;
    lane.failing = false;
    this.#remove(lane, 0);
  }

  /** Makes a lane ready, where its first can go. */
  offer(lane: Lane): void {
    const [item] = lane.items;
    if (!this.#open || lane.busy || !item?.committed) return;
    lane.busy = true;
    lane.route.ready.add(lane, item.priority);
    this.#hooks.onReady(lane.route);
  }

  #create(key: string, route: Route): Lane {
    const lane: Lane = { key, route, items: [], more: false, busy: false, failing: false };
    this.#lanes.set(key, lane);
    this.held.add(key);
    return lane;
  }

  #append(lane: Lane, item: Item): void {
    lane.items.push(item);
    this.#items += 1;
  }

  #remove(lane: Lane, at: number): void {
    if (!this.#open) return;
    lane.items.splice(at, 1);
    this.#items -= 1;
    if (lane.items.length > 0) {
      this.offer(lane);
      return;
    }
    this.#lanes.delete(lane.key);
    this.held.delete(lane.key);
    if (lane.more) this.outside.add(lane.key);
    this.#hooks.onLeft();
  }
}

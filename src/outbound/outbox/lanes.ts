import type { Conversations, Lane, LanesHooks } from "./conversations.ts";
import type { Item } from "./item.ts";
import { Outside } from "./outside.ts";
import type { Route } from "./route.ts";
import type { Routes } from "./routes.ts";
import { Waiter } from "./waiter.ts";

/** Stanzas in memory at most, besides those that the {@link Fetcher} brings. */
const MOST_IN_MEMORY = 1024;

/**
 * @internal The conversations in memory, where the store is this process's alone. What somebody waits for stays here on its
 * way through the store, as long as the store has nothing of its conversation that is not here; all else is left in the
 * store, to be fetched in its turn.
 */
export class Lanes implements Conversations {
  readonly outside: Outside = new Outside();
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

  get leased(): number {
    return 0;
  }

  start(): void {
    this.#open = true;
    this.outside.addAll();
  }

  stop(): void {
    this.#open = false;
    for (const route of this.#routes) route.releaseAll();
  }

  async clear(): Promise<void> {
    this.#lanes.clear();
    this.#waiters.clear();
    this.held.clear();
    this.#items = 0;
  }

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

  confirm(item: Item): void {
    this.#committing -= 1;
    item.committed = true;
    const lane = this.#lanes.get(item.key);
    const { circuit, client } = this.#routes.of(item.domain);
    if (!this.#open || lane?.failing || !circuit.closed || client === undefined) item.waiter?.queued();
    if (lane) this.offer(lane);
    else this.#hooks.onLeft();
  }

  withdraw(item: Item): void {
    this.#committing -= 1;
    if (this.#waiters.get(item.id) === item.waiter) this.#waiters.delete(item.id);
    const lane = this.#lanes.get(item.key);
    const at = lane?.items.indexOf(item) ?? -1;
    if (lane && at !== -1) this.#remove(lane, at);
    else this.#hooks.onLeft();
  }

  load(item: Item): undefined {
    item.waiter = this.#waiters.get(item.id);
    this.#waiters.delete(item.id);
    const lane = this.#create(item.key, this.#routes.of(item.domain));
    lane.more = true;
    this.#append(lane, item);
    this.offer(lane);
  }

  holds(): boolean {
    return true;
  }

  next(lane: Lane): void {
    lane.busy = false;
    lane.failing = false;
    this.#remove(lane, 0);
  }

  lost(): void {
    // Nobody else has a part in the store.
  }

  offer(lane: Lane): void {
    const [item] = lane.items;
    if (!this.#open || lane.busy || !item?.committed) return;
    lane.busy = true;
    lane.route.ready.add(lane, item.priority);
    this.#hooks.onReady(lane.route);
  }

  #create(key: string, route: Route): Lane {
    const lane: Lane = { key, route, items: [], lease: undefined, more: false, busy: false, failing: false };
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

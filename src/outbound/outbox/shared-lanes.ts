import type { QueueEntry } from "../../store/index.ts";
import type { Claims } from "./claims.ts";
import type { Conversations, Lane, LanesHooks } from "./conversations.ts";
import { type Item, itemOf } from "./item.ts";
import { Outside } from "./outside.ts";
import type { Route } from "./route.ts";
import type { Routes } from "./routes.ts";
import { Waiter } from "./waiter.ts";

/**
 * @internal The conversations that this process has a lease of, where several share the store. What goes next is what the store
 * says is first, as others may have put something before what was given here.
 */
export class SharedLanes implements Conversations {
  readonly outside: Outside = new Outside();
  readonly held: Set<string> = new Set();
  readonly #routes: Routes;
  readonly #hooks: LanesHooks;
  readonly #claims: Claims;
  readonly #lanes = new Map<string, Lane>();
  /** What somebody waits for and is not in a lane: by conversation, then by entry. */
  readonly #awaited = new Map<string, Map<string, Item>>();
  /** What the store is being asked. */
  readonly #asking = new Set<Promise<void>>();
  #committing = 0;
  #open = false;

  constructor(routes: Routes, hooks: LanesHooks, claims: Claims) {
    this.#routes = routes;
    this.#hooks = hooks;
    this.#claims = claims;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0 && this.#committing === 0 && this.outside.empty;
  }

  get leased(): number {
    let leased = 0;
    for (const { lease } of this.#lanes.values()) if (lease !== undefined) leased += 1;
    return leased;
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
    await Promise.all(this.#asking);
    const leases = [...this.#lanes.values()].flatMap(({ lease }) => lease ?? []);
    this.#lanes.clear();
    this.#awaited.clear();
    this.held.clear();
    await Promise.all(leases.map((lease) => this.#claims.abandon(lease)));
  }

  await(item: Item, signal: AbortSignal | undefined): Waiter {
    item.waiter = new Waiter(item.stanza.id, item.key, this.#routes.of(item.domain).waiters, signal);
    return item.waiter;
  }

  place(item: Item): void {
    this.#committing += 1;
    if (item.waiter === undefined) return;
    const awaited = this.#awaited.get(item.key) ?? new Map<string, Item>();
    this.#awaited.set(item.key, awaited);
    // Given twice under one name, the first is what is sent.
    if (!awaited.has(item.id)) awaited.set(item.id, item);
  }

  confirm(item: Item): void {
    const { key, domain, waiter } = item;
    this.#committing -= 1;
    item.committed = true;
    const lane = this.#lanes.get(key);
    const route = this.#routes.of(domain);
    if (!this.#open || lane?.failing || !route.circuit.closed) waiter?.queued();
    if (lane !== undefined) {
      lane.more = true;
    } else if (this.#open && route.passable && waiter !== undefined) {
      // It is logged where the store is asked again.
      this.#take(key, route).catch(() => undefined);
    } else {
      // Whoever fetches it, here or elsewhere, cannot tell who has waited.
      waiter?.queued();
      this.#unawait(item);
      this.outside.add(key);
      this.#hooks.onLeft();
    }
  }

  withdraw(item: Item): void {
    this.#committing -= 1;
    this.#unawait(item);
    this.#hooks.onLeft();
  }

  load({ key, domain }: Item): Promise<void> {
    return this.#take(key, this.#routes.of(domain));
  }

  holds({ lease }: Lane): boolean {
    return lease !== undefined && this.#claims.holds(lease);
  }

  next(lane: Lane): void {
    if (this.#open) void this.#ask(this.#goOn(lane));
  }

  lost(lane: Lane): void {
    if (!this.#open) return;
    lane.lease = undefined;
    this.#leaveToOthers(lane);
  }

  offer(lane: Lane): void {
    const [item] = lane.items;
    if (!this.#open || lane.busy || item === undefined) return;
    lane.busy = true;
    lane.route.ready.add(lane, item.priority);
    this.#hooks.onReady(lane.route);
  }

  /** Claims a conversation, and makes a lane of it; where another process has it, that one sends what waits. */
  #take(key: string, route: Route): Promise<void> {
    const lane: Lane = {
      key,
      route,
      items: [],
      lease: undefined,
      more: false,
      busy: true,
      failing: false,
    };
    this.#lanes.set(key, lane);
    this.held.add(key);
    route.parked.delete(key);
    return this.#ask(this.#claim(lane));
  }

  async #claim(lane: Lane): Promise<void> {
    try {
      do {
        // What is queued while the store is asked may come too late for whoever has the conversation now.
        lane.more = false;
        const claim = await this.#claims.claim(lane.key);
        if (claim === undefined) continue;
        lane.lease = claim.lease;
        if (!this.#open) return;
        if (claim.head === undefined) await this.#goOn(lane);
        else this.#put(lane, claim.head);
        return;
      } while (lane.more);
    } catch (error) {
      this.outside.add(lane.key);
      this.#leaveToOthers(lane);
      throw error;
    }
    this.#leaveToOthers(lane);
  }

  /** Goes on with what is first in the store now, or gives the conversation back. */
  async #goOn(lane: Lane): Promise<void> {
    if (lane.lease === undefined) return;
    lane.items.length = 0;
    lane.more = false;
    const head = await this.#claims.release(lane.lease);
    if (!this.#open) return;
    if (head !== undefined) {
      this.#put(lane, head);
      return;
    }
    lane.lease = undefined;
    if (lane.more) {
      await this.#claim(lane);
      return;
    }
    // What was queued here and waits no more was sent by whoever had the conversation before.
    for (const item of [...(this.#awaited.get(lane.key)?.values() ?? [])]) {
      if (!item.committed) continue;
      item.waiter?.queued();
      this.#unawait(item);
    }
    this.#forget(lane);
  }

  #put(lane: Lane, head: QueueEntry): void {
    const item = itemOf(head);
    const awaited = this.#awaited.get(item.key)?.get(item.id);
    item.waiter = awaited?.waiter;
    if (awaited !== undefined) this.#unawait(awaited);
    lane.items[0] = item;
    lane.busy = false;
    lane.failing = false;
    this.offer(lane);
  }

  #leaveToOthers(lane: Lane): void {
    for (const item of lane.items) item.waiter?.queued();
    for (const { waiter } of this.#awaited.get(lane.key)?.values() ?? []) waiter?.queued();
    this.#awaited.delete(lane.key);
    this.#forget(lane);
  }

  /** Nobody waits for an item any more, or its lane knows who does. */
  #unawait(item: Item): void {
    const awaited = this.#awaited.get(item.key);
    if (awaited?.get(item.id) !== item) return;
    awaited.delete(item.id);
    if (awaited.size === 0) this.#awaited.delete(item.key);
  }

  #forget(lane: Lane): void {
    this.#lanes.delete(lane.key);
    this.held.delete(lane.key);
    this.#hooks.onLeft();
  }

  async #ask(asking: Promise<void>): Promise<void> {
    const settled = asking.then(
      () => undefined,
      () => undefined,
    );
    this.#asking.add(settled);
    try {
      await asking;
    } finally {
      this.#asking.delete(settled);
    }
  }
}

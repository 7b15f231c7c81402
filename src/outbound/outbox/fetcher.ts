import { StoreClosedError } from "../../store/index.ts";
import type { Conversations } from "./conversations.ts";
import { itemOf } from "./item.ts";
import type { OutboxSettings } from "./options.ts";
import type { Route } from "./route.ts";
import type { Routes } from "./routes.ts";

/** How many conversations are fetched at once; more are fetched when fewer than these are ready. */
const PAGE = 64;

/** How long to wait after the store failed, in milliseconds. */
const PAUSE = 1_000;

/** @internal Fetches from the store what is not in memory: whatever was there before, broadcasts, and what others have put there. */
export class Fetcher {
  readonly #settings: OutboxSettings;
  readonly #routes: Routes;
  readonly #lanes: Conversations;
  readonly #onRead: () => void;
  #fetching: Promise<void> | undefined;
  #running = false;
  #cancelWatch: (() => void) | undefined;
  #cancelPause: (() => void) | undefined;
  #cancelListening: (() => void) | undefined;

  /** @param onRead told when the store was read. */
  constructor(settings: OutboxSettings, routes: Routes, lanes: Conversations, onRead: () => void) {
    this.#settings = settings;
    this.#routes = routes;
    this.#lanes = lanes;
    this.#onRead = onRead;
  }

  get isIdle(): boolean {
    return this.#fetching === undefined;
  }

  start(): void {
    this.#running = true;
    this.#cancelListening = this.#settings.store.leases?.listen((queue) => {
      if (queue === "outbox") this.#lookAnew();
    });
    this.look();
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelListening?.();
    this.#cancelWatch?.();
    this.#resume();
    await this.#fetching;
    for (const { parked } of this.#routes) parked.clear();
  }

  /** Fetches more, where there is more and somebody has room for it. */
  look(): void {
    if (this.#fetching !== undefined || this.#cancelPause !== undefined || !this.#wants()) return;
    this.#fetching = this.#fetch().then(() => {
      this.#fetching = undefined;
      this.#onRead();
      this.look();
    });
  }

  /** A route can take more again: what was passed over is looked at anew. */
  unpark(route: Route): void {
    if (route.parked.size === 0 || !this.#hasRoom(route)) return;
    for (const key of route.parked) this.#lanes.held.delete(key);
    route.parked.clear();
    this.#lanes.outside.addAll();
  }

  #wants(): boolean {
    if (!this.#running || this.#lanes.outside.empty) return false;
    for (const route of this.#routes) if (this.#hasRoom(route)) return true;
    return false;
  }

  #hasRoom(route: Route): boolean {
    return route.passable && route.ready.size < PAGE;
  }

  async #fetch(): Promise<void> {
    const { outside, held } = this.#lanes;
    outside.ask();
    try {
      const entries = await this.#settings.store.heads("outbox", { limit: PAGE, skipKeys: held });
      if (!this.#running) return;
      outside.answered(entries.length < PAGE);
      const loading: (Promise<void> | undefined)[] = [];
      for (const entry of entries) {
        // The store may tell of a commit that was asked for later, and whose stanza is on its way by now.
        if (held.has(entry.key)) continue;
        const item = itemOf(entry);
        const route = this.#routes.of(item.domain);
        if (route.passable && route.ready.size < 2 * PAGE) loading.push(this.#lanes.load(item));
        else this.#park(route, item.key);
      }
      await Promise.all(loading);
    } catch (error) {
      outside.answered(false);
      if (error instanceof StoreClosedError || !this.#running) return;
      this.#settings.logger?.error({ err: error }, "the store does not tell what is to be sent");
      this.#cancelPause = this.#settings.clock.after(PAUSE, () => {
        this.#cancelPause = undefined;
        this.look();
      });
    }
  }

  #park(route: Route, key: string): void {
    route.parked.add(key);
    this.#lanes.held.add(key);
  }

  #resume(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  #watch(): void {
    this.#cancelWatch = this.#settings.clock.after(this.#settings.lookEvery, () => {
      this.#lookAnew();
      this.#watch();
    });
  }

  #lookAnew(): void {
    this.#lanes.outside.addAll();
    this.look();
  }
}

import type { BounceError, RestError } from "../errors.ts";
import { type Backoff, BRIEF, delayAfter, PATIENT } from "./backoff.ts";
import { Claims } from "./claims.ts";
import type { Conversations, Lane } from "./conversations.ts";
import { Endings, textOf } from "./endings.ts";
import { Fetcher } from "./fetcher.ts";
import type { Item } from "./item.ts";
import { Lanes } from "./lanes.ts";
import type { Ledger, Removal } from "./ledger.ts";
import type { OutboxSettings } from "./options.ts";
import type { Route } from "./route.ts";
import { Routes } from "./routes.ts";
import { SharedLanes } from "./shared-lanes.ts";
import { judge } from "./verdict.ts";

/** @internal Carries what is in the queue to Prosody: of each conversation one at a time and in order, conversations side by side. */
export class Courier {
  readonly routes: Routes;
  readonly lanes: Conversations;
  readonly endings: Endings;
  readonly #settings: OutboxSettings;
  readonly #ledger: Ledger;
  readonly #fetcher: Fetcher;
  readonly #timers = new Set<() => void>();
  readonly #active = new Set<Promise<void>>();
  readonly #idlers = new Set<() => void>();
  #abort = new AbortController();
  #running = false;

  constructor(settings: OutboxSettings, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.endings = new Endings(settings, ledger);
    const pump = (route: Route): void => this.#pump(route);
    const onRead = (): void => this.#checkIdle();
    this.routes = new Routes(settings, pump);
    const hooks = {
      onReady: pump,
      onLeft: () => {
        this.#fetcher.look();
        this.#checkIdle();
      },
    };
    const { leases } = settings.store;
    this.lanes = leases
      ? new SharedLanes(this.routes, hooks, new Claims(leases, ledger, settings.logger))
      : new Lanes(this.routes, hooks);
    this.#fetcher = new Fetcher(settings, this.routes, this.lanes, onRead);
  }

  get running(): boolean {
    return this.#running;
  }

  start(): void {
    this.#running = true;
    this.#abort = new AbortController();
    this.lanes.start();
    this.#fetcher.start();
  }

  /** Begins nothing more, and resolves when what is on its way has ended; `signal` ends that too. */
  async stop(signal: AbortSignal | undefined): Promise<void> {
    this.#running = false;
    this.lanes.stop();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    const abort = (): void => this.#abort.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    await Promise.all([...this.#active, this.#fetcher.stop()]);
    signal?.removeEventListener("abort", abort);
    for (const route of this.routes) route.reset();
    await this.lanes.clear();
  }

  /** Resolves when nothing waits and nothing is on its way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idlers.add(resolve);
      this.#checkIdle();
    });
  }

  #checkIdle(): void {
    if (!this.lanes.isEmpty || !this.#fetcher.isIdle) return;
    for (const resolve of this.#idlers) resolve();
    this.#idlers.clear();
  }

  #pump(route: Route): void {
    const { clock, concurrency } = this.#settings;
    while (this.#running && route.passable && route.ready.size > 0 && route.inFlight < concurrency) {
      const now = clock.now();
      const wait = route.pacer.wait("", now);
      if (wait > 0) {
        this.#pumpAfter(wait, route);
        break;
      }
      const lane = route.ready.take() as Lane;
      const item = lane.items[0] as Item;
      const pause = item.room ? route.roomPacer.wait(lane.key, now) : 0;
      if (pause > 0) {
        this.#offerAfter(pause, lane);
        continue;
      }
      const carrying = this.#carry(lane, item).then(() => {
        this.#active.delete(carrying);
      });
      this.#active.add(carrying);
    }
    this.#fetcher.unpark(route);
    this.#fetcher.look();
  }

  async #carry(lane: Lane, item: Item): Promise<void> {
    if (!this.lanes.holds(lane)) return this.lanes.lost(lane);
    const { route, lease } = lane;
    const { expires, waiter } = item;
    if (waiter?.cancelled) return this.#through(lane, this.endings.cancelled(item, lease));
    const now = this.#settings.clock.now();
    if (expires !== undefined && expires <= now) {
      return this.#through(lane, this.endings.expired(item, lease));
    }
    route.pacer.take("", now);
    if (item.room) route.roomPacer.take(lane.key, now);
    route.inFlight += 1;
    route.circuit.begin();
    waiter?.begin();
    if (item.doubtful) this.endings.count.possibleDuplicates += 1;
    try {
      await route.client?.post(item.stanza, { signal: this.#abort.signal });
    } catch (error) {
      route.inFlight -= 1;
      if (!this.#abort.signal.aborted) await this.#failed(lane, item, error);
      return;
    }
    route.inFlight -= 1;
    const gone = this.endings.accepted(item, lease);
    this.#answered(route);
    await this.#through(lane, gone);
  }

  /** The next of a conversation goes only when the store knows that this one is through: so a crash repeats one at most. */
  async #through(lane: Lane, ending: Promise<Removal>): Promise<void> {
    const removal = await ending;
    if (removal === "gone") this.lanes.next(lane);
    else if (removal === "lost") this.lanes.lost(lane);
  }

  async #failed(lane: Lane, item: Item, error: unknown): Promise<void> {
    const { route, lease } = lane;
    const verdict = judge(error);
    if ((error as Partial<RestError>).maybeDelivered) item.doubtful = true;
    if (verdict === "away" || verdict === "locked") {
      this.endings.count.failures += 1;
      this.#away(route, error, verdict === "locked");
      lane.busy = false;
      this.lanes.offer(lane);
      return;
    }
    this.#answered(route);
    if (verdict === "bounced") {
      await this.#through(lane, this.endings.bounced(item, lease, error as BounceError));
      return;
    }
    item.attempts += 1;
    if (verdict === "refused" || (verdict === "failed" && item.attempts >= this.#settings.maxAttempts)) {
      this.#settings.logger?.error(
        { err: error, id: item.stanza.id, to: item.stanza.to },
        "a stanza is given up and kept as a dead letter",
      );
      await this.#through(lane, this.endings.buried(item, lease, error));
      return;
    }
    this.endings.count.failures += 1;
    await this.#later(lane, item, error, verdict === "forbidden" ? PATIENT : BRIEF);
  }

  /** Tries the first of a lane again after a while; the others of the lane wait for it. */
  async #later(lane: Lane, item: Item, error: unknown, backoff: Backoff): Promise<void> {
    lane.failing = true;
    lane.route.release(lane.key);
    if (!(await this.#ledger.note(item.id, lane.lease, textOf(error)))) return this.lanes.lost(lane);
    if (!this.#running) return;
    const delay = delayAfter(item.attempts, backoff);
    this.#settings.logger?.warn(
      { err: error, id: item.stanza.id, to: item.stanza.to, attempts: item.attempts },
      `a stanza could not be sent; it is tried again in ${delay} ms, and its conversation waits`,
    );
    this.#offerAfter(delay, lane);
  }

  #offerAfter(milliseconds: number, lane: Lane): void {
    this.#after(milliseconds, () => {
      lane.busy = false;
      this.lanes.offer(lane);
    });
  }

  #pumpAfter(milliseconds: number, route: Route): void {
    if (route.pacing) return;
    route.pacing = true;
    this.#after(milliseconds, () => {
      route.pacing = false;
      this.#pump(route);
    });
  }

  #after(milliseconds: number, wake: () => void): void {
    const cancel = this.#settings.clock.after(milliseconds, () => {
      this.#timers.delete(cancel);
      wake();
    });
    this.#timers.add(cancel);
  }

  #away(route: Route, error: unknown, locked: boolean): void {
    const delay = this.#running ? route.circuit.open(locked ? PATIENT : BRIEF) : undefined;
    route.releaseAll();
    if (delay === undefined) return;
    const { logger } = this.#settings;
    const { domain } = route;
    const waiting = this.#ledger.waiting;
    if (locked) {
      logger?.error(
        { err: error, domain, waiting },
        `Prosody does not take the credential for ${domain}: mend it; what is to be sent waits, and is tried again in ${delay} ms`,
      );
    } else {
      logger?.warn(
        { err: error, domain, waiting },
        `the Prosody of ${domain} is away; what is to be sent waits, and is tried again in ${delay} ms`,
      );
    }
  }

  #answered(route: Route): void {
    if (!route.circuit.closed) {
      this.#settings.logger?.info({ domain: route.domain }, `the Prosody of ${route.domain} is back`);
      route.circuit.close();
    }
    this.#pump(route);
  }
}

import type { Logger } from "pino";
import { type Clock, type QueueEntry, type Store, StoreClosedError } from "../store/index.ts";

/** What {@link Timers} are made with. */
export interface TimersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger | undefined;
  /** Hands over what is due; where it rejects, it is due again a little later. */
  readonly take: (entry: QueueEntry) => Promise<void>;
}

const QUEUE = "timers";

/** How many are taken at once. */
const PAGE = 100;

/** How long to sleep at the most, in milliseconds: what other nodes have put there is seen by then. */
const LOOK_EVERY = 5_000;

/** How long to wait where the store has failed, or its clock is behind, in milliseconds. */
const PAUSE = 1_000;
const SHORT_PAUSE = 50;

/** Sleeps until a timer is due, and hands it over. */
export class Timers {
  readonly #options: TimersOptions;
  #running = false;
  #looking: Promise<void> | undefined;
  #again = false;
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancelWake: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#stopListening = this.#options.store.leases?.listen((queue) => {
      if (queue === QUEUE) this.#look();
    });
    this.#look();
  }

  /** Resolves when nothing is handed over any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopListening?.();
    this.#cancelWake?.();
    await this.#looking;
  }

  /** Says that something has been put there, to be due at this time. */
  expect(due: number): void {
    if (this.#looking !== undefined) this.#again = true;
    else if (this.#running && due < this.#wakeAt) this.#wake(due);
  }

  #look(): void {
    if (!this.#running) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#takeDue().then((wakeAt) => {
      this.#looking = undefined;
      if (this.#again) this.#look();
      else this.#wake(wakeAt);
    });
  }

  #wake(at: number): void {
    if (!this.#running) return;
    const { clock } = this.#options;
    this.#cancelWake?.();
    this.#wakeAt = at;
    this.#cancelWake = clock.after(Math.max(0, at - clock.now()), () => this.#look());
  }

  /** @returns when to look again. */
  async #takeDue(): Promise<number> {
    const { store, clock, log } = this.#options;
    try {
      let page: readonly QueueEntry[];
      do {
        this.#again = false;
        page = await store.heads(QUEUE, { limit: PAGE });
        await Promise.all(page.map((entry) => this.#options.take(entry)));
      } while (this.#running && page.length === PAGE);
      const next = (await store.nextAt(QUEUE)) ?? Number.POSITIVE_INFINITY;
      const now = clock.now();
      // What the store does not hand out though it is due by the clock of this process is due soon.
      return next <= now ? now + SHORT_PAUSE : Math.min(next, now + LOOK_EVERY);
    } catch (error) {
      if (!(error instanceof StoreClosedError))
        log?.error({ err: error }, "the store does not tell which timers are due");
      return clock.now() + PAUSE;
    }
  }
}

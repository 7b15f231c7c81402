import type { Logger } from "pino";
import { type BreakerOptions, DEFAULT_CONCURRENCY } from "../bot/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../store/index.ts";
import { Breaker } from "./breaker.ts";
import { LaneFullError } from "./lanes.ts";

/** Why a bot does not handle what comes. */
export type Closure = "disabled" | "paused";

/** What a {@link BotGate} may be told. */
export interface GateOptions {
  /** How many stanzas the bot handles at once; default 100. */
  readonly concurrency?: number | undefined;
  /** When it is paused because it fails; `false` for never. */
  readonly breaker?: BreakerOptions | false | undefined;
  readonly log?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Told when the bot begins to be paused because it fails, and when that ends. */
  readonly onPause?: (() => void) | undefined;
}

/** How many stanzas may wait for a bot that is busy. */
const MOST_WAITING = 1_000;

/** The way into a bot: lets only so many stanzas in at once, none while it is exchanged, and tells why it is closed. */
export class BotGate {
  readonly #log: Logger | undefined;
  readonly #clock: Clock;
  readonly #onPause: (() => void) | undefined;
  #concurrency = DEFAULT_CONCURRENCY;
  #breaker: Breaker | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #held = false;
  #emptied: (() => void) | undefined;
  #disabled = false;
  #ready = true;
  #pauses = 0;
  /** Who has been told that it is closed. */
  readonly #told = new Set<string>();

  constructor(options: GateOptions = {}) {
    this.#log = options.log;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#onPause = options.onPause;
    this.configure(options);
  }

  /** Takes the bounds of another version of the bot, whose failures are its own. */
  configure({
    concurrency = DEFAULT_CONCURRENCY,
    breaker = {},
  }: Pick<GateOptions, "concurrency" | "breaker">): void {
    this.#concurrency = concurrency;
    this.#breaker = breaker === false ? undefined : new Breaker(breaker, () => this.#clock.now());
    this.#told.clear();
    this.#admit();
  }

  /** What the bot is doing. */
  get state(): "running" | Closure {
    if (this.#disabled) return "disabled";
    return !this.#ready || this.#breaker?.isOpen ? "paused" : "running";
  }

  /** How often the bot was paused because it failed, all its versions together. */
  get pauses(): number {
    return this.#pauses;
  }

  /** Handlers at work. */
  get running(): number {
    return this.#running;
  }

  /** Stanzas that wait until others are through. */
  get waiting(): number {
    return this.#waiting.length;
  }

  set disabled(disabled: boolean) {
    this.#disabled = disabled;
    this.#told.clear();
  }

  /** Says whether the bot has what it needs to work. */
  set ready(ready: boolean) {
    this.#ready = ready;
    this.#told.clear();
  }

  /** Whether the bot does nothing at all, not even at its times: it is switched off, or has not what it needs. */
  get isAsleep(): boolean {
    return this.#disabled || !this.#ready;
  }

  /** @throws {@link LaneFullError} where too many stanzas wait already. */
  assertRoom(): void {
    if (this.#waiting.length >= MOST_WAITING)
      throw new LaneFullError(`${this.#waiting.length} stanzas wait for this bot`);
  }

  /** Lets a stanza in: at once, or when its turn has come. Each that is in has to {@link leave}. */
  enter(): Promise<void> | undefined {
    if (!this.#held && this.#running < this.#concurrency && this.#waiting.length === 0) {
      this.#running += 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#emptied?.();
    this.#admit();
  }

  /** Lets nobody in any more; resolves when nobody is inside. */
  async drain(): Promise<void> {
    this.#held = true;
    if (this.#running === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#emptied = resolve;
    await promise;
    this.#emptied = undefined;
  }

  /** Lets in again, first those who have waited. */
  open(): void {
    this.#held = false;
    this.#admit();
  }

  /** Why the bot is not to handle what is in now; `undefined` where it is. */
  closure(): Closure | undefined {
    if (this.#disabled) return "disabled";
    if (!this.#ready) return "paused";
    return this.#breaker === undefined || this.#breaker.admits() ? undefined : "paused";
  }

  /** Whether a conversation is to be told that the bot is closed: once. */
  isNews(conversation: string): boolean {
    if (this.#told.has(conversation) || this.#told.size >= MOST_TOLD) return false;
    this.#told.add(conversation);
    return true;
  }

  /** Says what became of a stanza that the bot has handled; `undefined` where it was not its business. */
  settled(result: "worked" | "failed" | undefined, conversation: string): void {
    if (result === undefined) this.#breaker?.passed();
    else if (result === "worked") {
      if (!this.#breaker?.worked()) return;
      this.#told.clear();
      this.#log?.info("it works again, and is not paused any more");
      this.#onPause?.();
    } else {
      const pause = this.#breaker?.failed(conversation) ?? 0;
      if (pause === 0) return;
      this.#pauses += 1;
      this.#log?.error(`it fails again and again, and is paused for ${pause} ms; who writes to it is told`);
      this.#onPause?.();
    }
  }

  #admit(): void {
    while (!this.#held && this.#running < this.#concurrency) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      next();
    }
  }
}

/** Beyond that nobody is told: it bounds the memory. */
const MOST_TOLD = 10_000;

import type { Logger } from "pino";
import { type PermissionConfig, Permissions } from "../../bot/index.ts";
import { MemoryStore } from "../../store/index.ts";
import { RestComponent } from "../double/component.ts";
import { MucService } from "../double/muc-service.ts";
import { Network } from "../double/network.ts";
import { RestMount } from "../double/rest-mount.ts";
import { VirtualHost } from "../double/virtual-host.ts";
import { Activity } from "./activity.ts";
import type { BotProcess } from "./bot-process.ts";
import { DirectCallback } from "./direct-callback.ts";
import { TestbedError } from "./error.ts";
import { type Failure, transcriptLog } from "./log.ts";
import { TestNetwork } from "./mischief.ts";
import { TestClock } from "./test-clock.ts";
import { TestFiles } from "./test-files.ts";
import { Transcript } from "./transcript.ts";

/** Where people, bots and rooms are. */
export const PEOPLE = "localhost";
export const BOTS = "bots.localhost";
export const ROOMS = "rooms.localhost";

/** Nothing in a test is secret; mod_rest wants to be told one all the same. */
export const TOKEN = "the-testbeds-own";

/** How a {@link Site} is held. */
export interface SiteOptions {
  readonly now: number;
  readonly permissions: PermissionConfig;
  readonly throwsFailures: boolean;
  readonly patience: number;
}

/** All of a test but the bots' process: Prosody, the network to it, the time, the store, and what is known of the conversation. */
export class Site {
  readonly activity = new Activity();
  readonly transcript = new Transcript();
  readonly clock: TestClock;
  readonly permissions: Permissions;
  readonly store: MemoryStore;
  readonly mischief = new TestNetwork();
  readonly network = new Network();
  readonly files = new TestFiles();
  readonly people: VirtualHost;
  readonly rooms: MucService;
  readonly mount: RestMount;
  readonly #options: SiteOptions;
  readonly #component: RestComponent;
  #failures: Failure[] = [];
  #process: PromiseWithResolvers<BotProcess> = Promise.withResolvers();
  /** Whether Prosody is away. */
  away = false;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.permissions = new Permissions(options.permissions);
    this.clock = new TestClock(options.now, this.activity, this.transcript, () => this.throwFailures());
    this.store = new MemoryStore({ clock: () => this.clock.now() });
    this.people = new VirtualHost(PEOPLE, {}, this.network, undefined);
    this.rooms = new MucService(ROOMS, this.network);
    this.#component = new RestComponent(BOTS, new DirectCallback(this), this.clock);
    for (const host of [this.people, this.rooms, this.#component]) this.network.add(host);
    const rules = { account: undefined, secret: undefined, tokens: [TOKEN], issued: () => undefined };
    this.mount = new RestMount(
      { domain: BOTS, version: "13.0.7", ...rules },
      this.network,
      this.#component.iqs,
    );
  }

  /** The process that callbacks go to; while there is none, the next one. */
  get process(): Promise<BotProcess> {
    return this.#process.promise;
  }

  /** Has callbacks go to another process, or wait for one. */
  serve(process: BotProcess | undefined): void {
    if (process === undefined) this.#process = Promise.withResolvers();
    else this.#process.resolve(process);
  }

  /** A log for a process, for as long as it lives. */
  log(isOver: () => boolean): Logger {
    return transcriptLog(this.transcript, isOver, (failure) => this.#failures.push(failure));
  }

  /** An error that ends with the transcript. */
  error(what: string, cause?: unknown): TestbedError {
    return new TestbedError(`${what}\n\n${this.transcript.tail}\n`, cause === undefined ? {} : { cause });
  }

  /**
   * Resolves when every handler is through, and all that follows from it has happened.
   *
   * @throws TestbedError when a handler failed, or is not through in time.
   */
  async through(process: () => BotProcess): Promise<void> {
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), this.#options.patience);
    try {
      for (let before = -1; before !== this.activity.count; ) {
        before = this.activity.count;
        const ended = await Promise.race([process().idle(), process().ended, late.promise]);
        if (ended === "late") throw this.#stuck();
        await this.activity.settled();
      }
    } finally {
      clearTimeout(timer);
    }
    this.throwFailures();
  }

  /** @throws TestbedError when something has failed that no call has thrown yet. */
  throwFailures(): void {
    const [first, ...others] = this.#failures;
    this.#failures = [];
    if (first === undefined || !this.#options.throwsFailures) return;
    const { message, error } = first;
    const why =
      error === undefined
        ? ""
        : `: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    const more = others.length === 0 ? "" : `\n(and ${others.length} more)`;
    throw this.error(`${message}${why}${more}`, error);
  }

  end(): void {
    this.#component.iqs.stop();
    this.people.iqs.stop();
  }

  #stuck(): TestbedError {
    return this.error(
      `a handler is still at work after ${this.#options.patience} ms: it waits for something that does not come, or loops; ` +
        "what goes by the bot's time goes on only with clock.advance(), so start the call, advance, and await it then; " +
        "for something slow of the real world, give testbed() more patience",
    );
  }
}

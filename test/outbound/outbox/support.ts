import { EventEmitter, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Outbox, type OutboxOptions, type RestClient } from "../../../src/outbound/index.ts";
import { type Message, type MessageInit, message } from "../../../src/stanza/index.ts";
import { type Clock, MemoryStore, type Store } from "../../../src/store/index.ts";
import { type Script, ScriptedServer } from "../scripted-server.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<Timer>();
  readonly #events = new EventEmitter();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, wake: () => void): () => void {
    const timer = { at: this.#now + milliseconds, wake };
    this.#timers.add(timer);
    this.#events.emit("armed");
    return () => void this.#timers.delete(timer);
  }

  /** What is waited for, in milliseconds from now. */
  get waits(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((one, other) => one - other);
  }

  /** Moves on; what is due by then is called in its order. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ at }) => at <= until)
        .sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.wake();
    }
    this.#now = until;
  }

  /** Resolves when something waits for at most so long. */
  async armed(most: number): Promise<number> {
    for (;;) {
      const [first = Number.POSITIVE_INFINITY] = this.waits;
      if (first <= most) return first;
      await once(this.#events, "armed");
    }
  }
}

/** A clock on which everything takes a thousandth of its time. */
export const FAST_CLOCK: Clock = {
  now: () => Date.now(),
  after: (milliseconds, wake) => {
    const timer = setTimeout(wake, milliseconds / 1000);
    return () => clearTimeout(timer);
  },
};

export const DOMAIN = "bots.test";

/** A message of the bot to somebody. */
export function note(to: string, id: string, more: MessageInit = {}): Message {
  return message({ from: `bot@${DOMAIN}`, to, id, type: "chat", body: id, ...more });
}

/** An outbox with what it stands between. */
export class World implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly store: Store;
  readonly clock: TestClock = new TestClock();
  readonly client: RestClient;
  outbox: Outbox;
  readonly #options: Partial<OutboxOptions>;

  private constructor(server: ScriptedServer, options: Partial<OutboxOptions>) {
    this.server = server;
    this.store = options.store ?? new MemoryStore({ clock: () => this.clock.now() });
    this.client = server.client({ domain: DOMAIN });
    this.#options = options;
    this.outbox = this.another();
  }

  /** An outbox that has begun to send, unless it is to wait. */
  static async start(
    script?: Script,
    { begin = true, ...options }: Partial<OutboxOptions> & { readonly begin?: boolean } = {},
  ): Promise<World> {
    const world = new World(await ScriptedServer.start(script), options);
    if (begin) world.outbox.start();
    // Whatever it has to look for at first is looked for.
    if (begin) await world.outbox.idle();
    return world;
  }

  /** Another outbox on the same store, as after a restart. */
  another(): Outbox {
    const clients = new Map([[DOMAIN, this.client]]);
    return new Outbox({
      clock: this.clock,
      lookEvery: 1_000_000,
      clients,
      ...this.#options,
      store: this.store,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const over = AbortSignal.abort(new Error("the test is over"));
    await this.outbox.stop({ signal: over });
    await this.client.close({ signal: over });
    await this.store.close();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Lets everything happen that needs no network and no clock. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

/** An answer by which Prosody returns a stanza. */
export const BOUNCE =
  "<message type='error' from='nobody@example.com' to='bot@bots.test' id='m1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";

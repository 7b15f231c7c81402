import {
  Outbox,
  type OutboxClient,
  type OutboxOptions,
  type RestClient,
} from "../../../src/outbound/index.ts";
import { SharedMemory, type Store } from "../../../src/store/index.ts";
import { type Script, ScriptedServer } from "../scripted-server.ts";
import { DOMAIN, settled, TestClock } from "./support.ts";

/** How long a node may be silent before others take over, in milliseconds. */
export const LEASE = 10_000;

type MemoryNode = ReturnType<SharedMemory["open"]>;

/** One of several processes, with an outbox on the store that they share. */
export interface Node {
  readonly store: MemoryNode;
  readonly outbox: Outbox;
  /** What it has sent, or begun to: the ids of stanzas. */
  readonly sent: readonly string[];
  /** What its store was asked, in that order. */
  readonly asked: string[];
}

/** Several outboxes on one memory, in front of one Prosody. */
export class Cluster implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly clock: TestClock = new TestClock();
  readonly memory: SharedMemory;
  readonly #client: RestClient;
  readonly #outboxes: Outbox[] = [];

  private constructor(server: ScriptedServer) {
    this.server = server;
    this.memory = new SharedMemory({ clock: () => this.clock.now(), leaseDuration: LEASE });
    this.#client = server.client({ domain: DOMAIN });
  }

  static async start(script?: Script): Promise<Cluster> {
    return new Cluster(await ScriptedServer.start(script));
  }

  /** Adds a node that has begun to send, unless it is to wait. */
  async node({ begin = true, ...options }: Partial<OutboxOptions> & { begin?: boolean } = {}): Promise<Node> {
    const store = this.memory.open();
    const asked: string[] = [];
    const sent: string[] = [];
    const client = this.#client;
    const recording: OutboxClient = {
      prepare: (stanza, id) => client.prepare(stanza, id),
      post: (stanza, call) => {
        sent.push(stanza.id);
        return client.post(stanza, call);
      },
      iq: (stanza, call) => client.iq(stanza, call),
      exchange: (stanza, call) => client.exchange(stanza, call),
    };
    const outbox = new Outbox({
      clock: this.clock,
      lookEvery: 5_000,
      clients: new Map([[DOMAIN, recording]]),
      ...options,
      store: recordingStore(store, asked),
    });
    this.#outboxes.push(outbox);
    if (begin) {
      outbox.start();
      await settled();
      await outbox.idle();
      asked.length = 0;
    }
    return { store, outbox, sent, asked };
  }

  /** The process of a node is killed, and its connections with it. */
  kill({ store, outbox }: Node): void {
    store.crash();
    // What it leaves behind in this process must not keep the test from ending.
    void outbox.stop({ signal: AbortSignal.abort(new Error("killed")) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const over = AbortSignal.abort(new Error("the test is over"));
    for (const outbox of this.#outboxes) void outbox.stop({ signal: over });
    await this.#client.close({ signal: over });
    await this.server[Symbol.asyncDispose]();
  }
}

/** A store that notes what it is asked. */
export function recordingStore(store: MemoryNode, asked: string[]): Store {
  const noting = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get: (of, name) => {
        const value = Reflect.get(of, name, of) as unknown;
        if (name === "leases") return noting(value as object);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (name !== "isHeld" && name !== "listen") asked.push(String(name));
          return Reflect.apply(value, of, args) as unknown;
        };
      },
    });
  return noting(store as Store & typeof store);
}

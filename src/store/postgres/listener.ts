import type { Client } from "pg";
import type { Logger } from "pino";
import { QUEUES, type QueueName } from "../queues.ts";
import { atMost, type Connections } from "./connections.ts";
import { messageOf } from "./failure.ts";

/** Between two attempts to listen again, in milliseconds. */
const PAUSE = 500;

/**
 * @internal Hears from other nodes that something waits, on a connection of its own. Where that breaks it connects again, and says then that
 * there may be something in every queue.
 */
export class Listener {
  readonly #connections: Connections;
  readonly #channel: string;
  readonly #log: Logger | undefined;
  readonly #heard: (queue: QueueName, from: string) => void;
  #client: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param heard is told who has said so, "" for nobody in particular. */
  constructor(
    connections: Connections,
    channel: string,
    log: Logger | undefined,
    heard: (queue: QueueName, from: string) => void,
  ) {
    this.#connections = connections;
    this.#channel = channel;
    this.#log = log;
    this.#heard = heard;
  }

  /** Listens; resolves once it does, or has failed and will try again. */
  async start(again = false): Promise<void> {
    const client = this.#connections.alone();
    this.#client = client;
    client.on("notification", ({ payload = "" }) => {
      const [queue, from = ""] = payload.split(" ");
      const known = QUEUES.find((name) => name === queue);
      if (known) this.#heard(known, from);
    });
    client.once("end", () => this.#ended(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.#channel}`);
      this.#connections.letGo(client);
      if (again) for (const queue of QUEUES) this.#heard(queue, "");
    } catch (error) {
      this.#log?.warn({ reason: messageOf(error) }, "the store cannot hear other nodes, it tries again");
      this.#ended(client);
      await client.end().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const ended = this.#client?.end().catch(() => undefined);
    // A server that stands still does not say goodbye.
    if (ended !== undefined) await atMost(PAUSE, ended);
  }

  #ended(client: Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#retry = setTimeout(() => void this.start(true), PAUSE).unref();
  }
}

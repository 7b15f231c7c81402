import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { PROBES } from "./layout.ts";

/** A callback as it arrived. */
export interface Received {
  readonly method: string;
  /** The request target, undecoded. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Which connection it came on, and as which of that connection's requests, both counted from 1. */
  readonly connection: number;
  readonly nth: number;
}

/** What to answer. */
export interface Answer {
  readonly status: number;
  readonly type?: string | undefined;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides on the answer to a callback; `reset` breaks the connection, and a promise holds the answer back. */
export type Responder = (received: Received) => Answer | "reset" | Promise<Answer | "reset">;

/** The web server that all components call: each path and addressee has its own script. */
export class ScriptedWebhook {
  readonly probes: Received[] = [];
  readonly #responders = new Map<string, Responder>();
  readonly #connections = new WeakMap<Socket, { number: number; requests: number }>();
  readonly #server: Server;
  #count = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => request.socket.destroy());
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#count += 1;
      this.#connections.set(socket, { number: this.#count, requests: 0 });
    });
  }

  static async start(): Promise<ScriptedWebhook> {
    const webhook = new ScriptedWebhook();
    webhook.#server.listen(0, "127.0.0.1");
    await once(webhook.#server, "listening");
    return webhook;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Scripts the answers to what is called back on a path about stanzas to `to`; `*` is any addressee. */
  script(path: string, to: string, responder: Responder): void {
    this.#responders.set(`${path} ${to}`, responder);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.#receive(request);
    const path = /^\/([^/?]*)/.exec(received.target)?.[1] ?? "";
    if (received.method === "OPTIONS") {
      this.probes.push(received);
      const { status, accept } = PROBES[path] ?? { status: 200 };
      response.writeHead(status, accept === undefined ? {} : { accept }).end();
      return;
    }
    const to = received.query.get("to") ?? "";
    const responder =
      this.#responders.get(`${path} ${to}`) ??
      this.#responders.get(`${path} ${to.replace(/\/.*/s, "")}`) ??
      this.#responders.get(`${path} *`);
    const answer = (await responder?.(received)) ?? { status: 204 };
    if (answer === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    const type = answer.type === undefined ? undefined : { "content-type": answer.type };
    response.writeHead(answer.status, { ...type, ...answer.headers }).end(answer.body ?? "");
  }

  async #receive(request: IncomingMessage): Promise<Received> {
    const connection = this.#connections.get(request.socket) ?? { number: 0, requests: 0 };
    connection.requests += 1;
    const nth = connection.requests;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = request.url ?? "";
    return {
      method: request.method ?? "",
      target,
      query: new URL(target, "http://webhook").searchParams,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString("utf8"),
      connection: connection.number,
      nth,
    };
  }
}

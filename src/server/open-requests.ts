import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** The requests of a server that wait for their answer. */
export class OpenRequests {
  readonly #server: Server;
  readonly #waiting = new Set<ServerResponse>();
  #ending = false;

  constructor(server: Server) {
    this.#server = server;
    server.prependListener("request", (_: IncomingMessage, outgoing: ServerResponse) => {
      this.#waiting.add(outgoing);
      outgoing.once("close", () => this.#waiting.delete(outgoing));
      if (this.#ending) outgoing.shouldKeepAlive = false;
    });
  }

  /** From now on nobody can connect, and an answer is the last one of its connection. */
  refuse(): void {
    this.#ending = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    for (const outgoing of this.#waiting) outgoing.shouldKeepAlive = false;
  }

  /** Resolves when all that have asked have their answers; connections on which nobody asks anything are closed then. */
  async answered(): Promise<void> {
    for (const outgoing of this.#waiting) if (!outgoing.closed) await once(outgoing, "close");
    this.#server.closeAllConnections();
  }
}

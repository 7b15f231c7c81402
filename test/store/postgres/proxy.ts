import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { breakOff } from "./break-off.ts";

/** Stands between a store and its server, to hold everything up or to break connections. */
export class TestProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #paused = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    const address = server.address() as AddressInfo | null;
    assert.ok(address);
    this.port = address.port;
    server.on("connection", (near) => this.#pass(near, connect(target, "127.0.0.1")));
  }

  static async start(target: number): Promise<TestProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TestProxy(server, target);
  }

  /** Lets nothing through, in either direction, until it is resumed. */
  pause(): void {
    this.#paused = true;
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Resets every connection, whatever is on its way. */
  reset(): void {
    for (const socket of this.#sockets) breakOff(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (data) => void to.write(data));
      from.on("error", () => breakOff(to));
      from.on("end", () => to.end());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#paused) from.pause();
    }
  }
}

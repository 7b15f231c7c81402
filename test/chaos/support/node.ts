import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../../../prosody/free-port.ts";
import { startRestanza } from "../process.ts";

/** One of several processes of `restanza serve` that share a store, always on the same port. */
export class Node implements AsyncDisposable {
  readonly port: number;
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess;

  private constructor(port: number, settings: Readonly<Record<string, string>>, child: ChildProcess) {
    this.port = port;
    this.#settings = settings;
    this.#child = child;
  }

  static async start(settings: Readonly<Record<string, string>>): Promise<Node> {
    const port = await freePort();
    const own = { ...settings, PORT: String(port) };
    return new Node(port, own, await startRestanza(own));
  }

  /** Whether the process has not ended by itself. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  /** @returns the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    const [code] = (await once(this.#child, "exit")) as [number | null];
    return code;
  }

  async startAgain(): Promise<void> {
    this.#child = await startRestanza(this.#settings);
  }

  /** As a machine does that stands still; {@link Node.resume} ends it. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.alive) await this.kill();
  }
}

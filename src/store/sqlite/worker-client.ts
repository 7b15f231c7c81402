import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { StoreClosedError, StoreError } from "../errors.ts";
import { errorOf } from "./failure.ts";
import type { Call, CallKind, Calls, Opened, Reply, WorkerOptions } from "./protocol.ts";

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** @internal The main thread's side of the worker. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #waiting: Call[] = [];
  #number = 0;
  #closing: Promise<undefined> | undefined;
  #broken: StoreError | undefined;

  private constructor(worker: Worker, file: string) {
    this.#worker = worker;
    worker.unref();
    worker.on("message", (replies: readonly Reply[]) => this.#settle(replies));
    worker.on("error", (cause) => this.#fail(file, cause));
    worker.on("exit", () => this.#fail(file));
  }

  /** @throws StoreError whatever kept the worker from opening the file. */
  static async start(options: WorkerOptions): Promise<WorkerClient> {
    // Beside this file, which is TypeScript from the sources and JavaScript from the package; Node reads both by itself.
    const url = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(url, { workerData: options, execArgv: [], name: "restanza store" });
    const [{ failure }] = (await once(worker, "message")) as [Opened];
    if (failure !== undefined) {
      await worker.terminate();
      throw errorOf(failure);
    }
    return new WorkerClient(worker, options.file);
  }

  /** Asks the worker; calls of the same turn of the event loop go to it together. */
  ask<Kind extends CallKind>(
    kind: Kind,
    ask: Calls[Kind]["ask"],
    now: number,
  ): Promise<Calls[Kind]["answer"]> {
    return new Promise((resolve, reject) => {
      const refusal = this.#closing ? new StoreClosedError() : this.#broken;
      if (refusal) {
        reject(refusal);
        return;
      }
      this.#number += 1;
      const number = this.#number;
      // While somebody waits for an answer the process must not end.
      if (this.#pending.size === 0) this.#worker.ref();
      this.#pending.set(number, { resolve: resolve as (answer: unknown) => void, reject });
      if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
      this.#waiting.push({ number, now, kind, ask } as Call);
    });
  }

  close(): Promise<undefined> {
    this.#closing ??= this.#end(this.#broken ? undefined : this.ask("close", undefined, 0));
    return this.#closing;
  }

  async #end(closed: Promise<undefined> | undefined): Promise<undefined> {
    try {
      await closed;
    } finally {
      await this.#worker.terminate();
    }
  }

  #flush(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    this.#worker.postMessage(calls);
  }

  #settle(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const pending = this.#pending.get(reply.number);
      this.#pending.delete(reply.number);
      if ("failure" in reply) pending?.reject(errorOf(reply.failure));
      else pending?.resolve(reply.answer);
    }
    if (this.#pending.size === 0) this.#worker.unref();
  }

  /** Whatever the worker has not answered when it ends it never will. */
  #fail(file: string, cause?: unknown): void {
    this.#broken ??= new StoreError(
      `the thread that serves the store ${file} has stopped; restart the process, what was committed is safe`,
      { cause },
    );
    for (const { reject } of this.#pending.values()) reject(this.#broken);
    this.#pending.clear();
  }
}

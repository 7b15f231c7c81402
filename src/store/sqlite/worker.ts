import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Engine } from "./engine.ts";
import { failureOf } from "./failure.ts";
import type { Call, Opened, WorkerOptions } from "./protocol.ts";

/** Calls that are answered in one turn at most, so that none waits for too many others. */
const TURN = 1024;

/** Serves the store of which the main thread has the other side. */
function serve(port: NonNullable<typeof parentPort>, options: WorkerOptions): void {
  let engine: Engine;
  try {
    engine = new Engine(options);
  } catch (error) {
    port.postMessage({ failure: failureOf(error, options.file) } satisfies Opened);
    return;
  }
  port.on("message", (first: readonly Call[]) => {
    const calls = [...first];
    while (calls.length < TURN) {
      const next = receiveMessageOnPort(port) as { readonly message: readonly Call[] } | undefined;
      if (next === undefined) break;
      calls.push(...next.message);
    }
    port.postMessage(engine.answer(calls));
  });
  port.postMessage({} satisfies Opened);
}

if (parentPort) serve(parentPort, workerData as WorkerOptions);

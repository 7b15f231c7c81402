import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** The memory in use once everything that nobody holds is gone, in bytes. */
export async function memoryInUse(): Promise<{ readonly heap: number; readonly rss: number }> {
  for (let round = 0; round < 5; round += 1) {
    gc();
    // What waits for its finalizer is gone a turn later.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

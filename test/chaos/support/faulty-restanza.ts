/** `restanza serve` with a disk that fails when the parent process says so: how many commits, and with which code of SQLite. */
import { createLog, loadBots, loadConfig, startServer } from "../../../src/server/index.ts";
import { SqliteStore } from "../../../src/store/index.ts";

const config = await loadConfig(undefined, process.env);
const log = createLog(config.logLevel);
const bots = (await loadBots(config.botsDir)).map(({ bot }) => bot);
const faults = new Int32Array(new SharedArrayBuffer(8));
const store = await SqliteStore.open({ file: config.store, log, faults });
const server = await startServer(config, bots, log, store);

process.on("message", ({ times, code }: { readonly times: number; readonly code: number }) => {
  Atomics.store(faults, 1, code);
  Atomics.store(faults, 0, times);
});
process.on("SIGTERM", async () => {
  await server.stop();
  await store.close();
  process.exit(0);
});

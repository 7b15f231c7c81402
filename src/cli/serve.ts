import { createLog, loadBots, loadConfig, openStore, startServer, watchBots } from "../server/index.ts";
import { surviveRejections } from "./survive-rejections.ts";

/**
 * Serves the configured Prosody until a signal ends it: the first lets the handlers finish, a second does not.
 *
 * @param file the configuration file, if there is one besides the environment.
 */
export async function serve(file: string | undefined): Promise<void> {
  const config = await loadConfig(file, process.env);
  const log = createLog(config.logLevel);
  surviveRejections(log);
  const bots = (await loadBots(config.botsDir)).map(({ bot }) => bot);
  const store = await openStore(config.store, { log, leaseDuration: config.leaseDuration });
  const server = await startServer(config, bots, log, store);
  const watch = config.development ? await watchBots(config.botsDir, server, log) : undefined;

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info(`${signal}: taking no more, and letting the handlers finish; once more ends at once`);
    await Promise.all([server.stop(), watch?.close()]);
    await store.close();
    log.info("all done");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

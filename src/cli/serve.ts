import {
  type BotWatch,
  createLog,
  loadBotNamed,
  loadBots,
  loadConfig,
  openStore,
  startServer,
  watchBots,
} from "../server/index.ts";
import { devLog } from "./dev/dev-log.ts";
import { loadWorkingBots } from "./dev/working-bots.ts";
import { surviveRejections } from "./survive-rejections.ts";

/**
 * Serves the configured Prosody until a signal ends it: the first lets the handlers finish, a second does not.
 *
 * @param file the configuration file, if there is one besides the environment.
 * @param reload for who writes bots: has them loaded anew when they are saved, also those that could not be set up at first, and
 * shows errors with their place in the bots; default: what is wrong at the start is thrown.
 */
export async function serve(
  file: string | undefined,
  { reload = false }: { readonly reload?: boolean } = {},
): Promise<void> {
  const config = await loadConfig(file, process.env);
  const log = createLog(
    config.logLevel,
    reload ? devLog(config.botsDir, (text) => void process.stdout.write(text)) : undefined,
  );
  surviveRejections(log);
  const bots = reload
    ? await loadWorkingBots(config, log)
    : (await loadBots(config.botsDir)).map(({ bot }) => bot);
  const store = await openStore(config.store, { log, leaseDuration: config.leaseDuration });
  const starting = startServer(config, bots, log, store, (name) => loadBotNamed(config.botsDir, name));
  let watch: BotWatch | undefined;

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info(`${signal}: taking no more, and letting the handlers finish; once more ends at once`);
    // What has only begun to start is stopped in good order as well.
    const server = await starting;
    await Promise.all([server.stop(), watch?.close()]);
    await store.close();
    log.info("all done");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const server = await starting;
  if (stopping || !(reload || config.development)) return;
  watch = await watchBots(config.botsDir, server, log, bots);
  log.info("bots are reloaded when you save them");
}

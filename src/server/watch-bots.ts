import { join, relative, resolve, sep } from "node:path";
import { watch } from "chokidar";
import type { Logger } from "pino";
import { loadBot } from "./load-bots.ts";
import type { RunningServer } from "./server.ts";

/** Watches the bots, for development. */
export interface BotWatch {
  close(): Promise<void>;
}

/**
 * Loads a bot anew when a file of its folder is saved. A bot that does not load, or whose configuration no longer fits, leaves
 * the older one at work and says so in the log.
 */
export async function watchBots(
  directory: string,
  server: Pick<RunningServer, "reload">,
  log: Logger,
): Promise<BotWatch> {
  const root = resolve(directory);
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path) => path.includes(`${sep}node_modules`) || path.endsWith(".test.ts"),
    awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 },
  });
  let loading = Promise.resolve();
  watcher.on("all", (event, path) => {
    if (event !== "add" && event !== "change") return;
    const [name] = relative(root, path).split(sep);
    if (name === undefined || name === "") return;
    loading = loading.then(() => reload(join(root, name)));
  });
  const reload = async (folder: string): Promise<void> => {
    try {
      const loaded = await loadBot(folder);
      if (loaded === undefined) return;
      await server.reload(loaded.bot);
      log.info({ bot: loaded.bot.name }, `${loaded.bot.name} was reloaded`);
    } catch (error) {
      log.error({ err: error }, "a bot could not be reloaded; the one from before goes on");
    }
  };
  await new Promise<void>((ready) => watcher.once("ready", ready));
  return {
    close: async () => {
      await watcher.close();
      await loading;
    },
  };
}

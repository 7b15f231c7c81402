import { join, relative, resolve, sep } from "node:path";
import { watch } from "chokidar";
import type { Logger } from "pino";
import type { Bot } from "../bot/index.ts";
import { folderOf, loadBot } from "./load-bots.ts";
import type { RunningServer } from "./server.ts";

/** Watches the bots, for development. */
export interface BotWatch {
  close(): Promise<void>;
}

/**
 * Loads a bot anew when a file of its folder is saved. A bot that does not load, or whose configuration no longer fits, leaves
 * the older one at work, where there is one, and says so in the log.
 *
 * @param bots those that are at work when the watch begins.
 */
export async function watchBots(
  directory: string,
  server: Pick<RunningServer, "reload">,
  log: Logger,
  bots: readonly Bot[],
): Promise<BotWatch> {
  const root = resolve(directory);
  const atWork = new Map(bots.map((bot) => [folderOf(bot), bot.name]));
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
      const { name } = loaded.bot;
      await server.reload(loaded.bot);
      const isNew = ![...atWork.values()].includes(name);
      atWork.set(folder, name);
      log.info({ bot: name }, `${name} was ${isNew ? "loaded" : "reloaded"}`);
    } catch (error) {
      const what = atWork.has(folder)
        ? "a bot could not be reloaded; the one from before goes on"
        : "a bot cannot be loaded; save it when it is mended";
      log.error({ err: error }, what);
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

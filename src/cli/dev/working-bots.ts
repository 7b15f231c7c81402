import type { Logger } from "pino";
import { type Bot, configureBot } from "../../bot/index.ts";
import { type CheckedConfig, loadBots } from "../../server/index.ts";

/** Loads the bots that can be set up, and logs why the others cannot: they join when they are mended. */
export async function loadWorkingBots(
  { botsDir, bots }: Pick<CheckedConfig, "botsDir" | "bots">,
  log: Logger,
): Promise<Bot[]> {
  const loaded = await loadBots(botsDir, (err) =>
    log.error({ err }, "a bot cannot be loaded; save it when it is mended"),
  );
  return loaded
    .map(({ bot }) => bot)
    .filter((bot) => {
      try {
        configureBot(bot, bots[bot.name]);
        return true;
      } catch (err) {
        log.error({ err }, `${bot.name} cannot be set up; save it when it is mended`);
        return false;
      }
    });
}

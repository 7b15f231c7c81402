export { type CheckedConfig, type Config, defineConfig, type MountConfig } from "./config.ts";
export { namesProsody } from "./environment.ts";
export { BotLoadError, type LoadedBot, loadBot, loadBots } from "./load-bots.ts";
export {
  CONFIG_FILES,
  ConfigError,
  checkConfig,
  findConfigFile,
  loadConfig,
  loadStorePath,
} from "./load-config.ts";
export { createLog } from "./log.ts";
export { type RunningServer, startServer } from "./server.ts";
export { type BotWatch, watchBots } from "./watch-bots.ts";

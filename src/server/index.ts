export { type CheckedConfig, type Config, defineConfig, type MountConfig } from "./config.ts";
export { namesProsody } from "./environment.ts";
export { type HookSecret, type StandardWebhooksOptions, verify } from "./hooks/index.ts";
export { BotLoadError, type LoadedBot, loadBot, loadBotNamed, loadBots } from "./load-bots.ts";
export {
  type BotSettings,
  CONFIG_FILES,
  ConfigError,
  checkConfig,
  checkUnserved,
  configuresProsody,
  findConfigFile,
  loadBotSettings,
  loadConfig,
  loadStore,
} from "./load-config.ts";
export { createLog } from "./log.ts";
export { type OpenStoreOptions, openStore } from "./open-store.ts";
export { unknownGroups } from "./permissions-config.ts";
export { type RunningServer, startServer } from "./server.ts";
export { placeInBots, type SourcePlace } from "./source-place.ts";
export { isPostgresUrl, nameOfStore } from "./store-location.ts";
export { type BotWatch, watchBots } from "./watch-bots.ts";
export { whatKeepsFromSetup } from "./what-is-wrong.ts";

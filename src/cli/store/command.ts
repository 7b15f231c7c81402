import { Command } from "commander";
import type { ConfigFile } from "../with-store.ts";
import { backupStore } from "./backup.ts";
import { checkStore } from "./check.ts";
import { showStats } from "./stats.ts";

/** The commands for the store as a whole. They work beside a running server. */
export function storeCommand(configFile: ConfigFile): Command {
  const store = new Command("store").description("where state is kept").showHelpAfterError();
  store
    .command("check")
    .description("see whether it is there, whole, and of this restanza")
    .option("--json", "as an object of JSON")
    .action(({ json = false }: { json?: boolean }) => checkStore(configFile, json));
  store
    .command("stats")
    .description("what waits, what was put aside, since when, and how large it is")
    .option("--json", "as an object of JSON")
    .action(({ json = false }: { json?: boolean }) => showStats(configFile, json));
  store
    .command("backup")
    .description("copy it as it is at one moment, while it is in use")
    .argument("<file>", "the copy, which must not exist yet")
    .action((file: string) => backupStore(configFile, file));
  return store;
}

import { type ChildProcess, execFileSync } from "node:child_process";
import { until } from "../../prosody/support.ts";
import { childrenOf, signal } from "../../store/postgres/processes.ts";

/** The settings by which the ledger has a process of its own. */
export const ISOLATED = { RESTANZA_BOTS_DIR: "test/chaos/isolated-bots" };

/** `kill -9` of the process of the isolated bot, which restanza starts again, as soon as there is one. */
export async function killBot(restanza: ChildProcess): Promise<void> {
  await until(
    () => {
      const bot = childrenOf(restanza.pid as number).find(isBot);
      if (bot !== undefined) signal(bot, "SIGKILL");
      return bot !== undefined;
    },
    "the bot's process",
    60_000,
  );
}

function isBot(pid: number): boolean {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", `${pid}`], { encoding: "utf8" }).includes(
      "/isolation/child.",
    );
  } catch {
    // It has just ended.
    return false;
  }
}

import { resolve } from "node:path";
import {
  ConfigError,
  checkUnserved,
  configuresProsody,
  loadBotSettings,
  loadConfig,
} from "../../server/index.ts";
import { count, jsonText, note, print, printable } from "../output.ts";
import { type BotSurroundings, checkBots } from "./bots.ts";
import type { CheckArea, Finding } from "./finding.ts";
import { checkTypes } from "./types.ts";

/**
 * Looks at the whole project: types, configuration, bots, routes, commands, permissions. The status is 1 where something is wrong.
 *
 * @param file the configuration file, if there is one.
 */
export async function check(file: string | undefined, json: boolean): Promise<void> {
  const types = checkTypes(process.cwd());
  const { surroundings, findings: misconfigured, isServed } = await readSettings(file);
  const { names, findings } = await checkBots(surroundings);
  const typed = await types;
  const all = [...(typed ?? []), ...misconfigured, ...findings];
  if (all.length > 0) process.exitCode = 1;
  const skipped: CheckArea[] = [
    ...(typed === undefined ? ["types" as const] : []),
    ...(isServed ? [] : ["config" as const]),
  ];
  if (json) return print(jsonText({ ok: all.length === 0, bots: names, findings: all, skipped }, 2));
  for (const finding of all) print(printable(lineOf(finding)));
  if (typed === undefined) note("types: not checked, as there is no TypeScript here, or no tsconfig.json");
  if (!isServed) note("config: no Prosody is configured, which does for restanza dev");
  if (all.length > 0) note(`${count(all.length, "problem")}`);
  else print(`${count(names.length, "bot")} (${names.join(", ")}): all is well`);
}

async function readSettings(file: string | undefined): Promise<{
  readonly surroundings: BotSurroundings;
  readonly findings: readonly Finding[];
  readonly isServed: boolean;
}> {
  const findings: Finding[] = [];
  const noted = (error: unknown): void => {
    if (!(error instanceof ConfigError)) throw error;
    for (const message of error.problems) findings.push({ area: "config", message });
  };
  // What cannot be read is told of by whoever reads all of it.
  const isServed = await configuresProsody(file, process.env).catch(() => true);
  await (isServed ? loadConfig : checkUnserved)(file, process.env).catch(noted);
  const { botsDir, bots, profiles, groups, permissions } = await loadBotSettings(file, process.env).catch(
    // What keeps these from being read keeps the whole from it, and was told of.
    () => ({ botsDir: "bots", bots: {}, profiles: {}, groups: {}, permissions: [] }),
  );
  return {
    surroundings: { botsDir: resolve(botsDir), configs: bots, profiles, groups, rules: permissions },
    findings,
    isServed,
  };
}

function lineOf({ area, bot, place, message }: Finding): string {
  const where = [
    place === undefined || message.includes(place) ? "" : `${place}: `,
    bot === undefined ? "" : `${bot}: `,
  ];
  return `${area}: ${where.join("")}${message}`;
}

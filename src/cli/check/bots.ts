import {
  type Bot,
  type Command,
  type ConfiguredBot,
  commandsOf,
  configureBot,
  inspectRoutes,
  type PermissionConfig,
  type ProfileDefinition,
  profileOf,
} from "../../bot/index.ts";
import { BotLoadError, loadBots, unknownGroups, whatKeepsFromSetup } from "../../server/index.ts";
import type { Finding } from "./finding.ts";

/** What the bots are looked at with. */
export interface BotSurroundings {
  readonly botsDir: string;
  /** Each bot's own configuration. */
  readonly configs: Readonly<Record<string, unknown>>;
  /** What each is to show of itself, by the configuration. */
  readonly profiles: Readonly<Record<string, ProfileDefinition>>;
  /** The groups that are configured, and who is in them. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The rules that are configured. */
  readonly rules: NonNullable<PermissionConfig["rules"]>;
}

/** What was found of the bots, and the names of those that load. */
export interface CheckedBots {
  readonly names: readonly string[];
  readonly findings: readonly Finding[];
}

/** Loads every bot, sets it up, and looks at its routes and commands. No handler runs. */
export async function checkBots({
  botsDir,
  configs,
  profiles,
  groups,
  rules,
}: BotSurroundings): Promise<CheckedBots> {
  const findings: Finding[] = [];
  const broken = ({ message }: BotLoadError): void => void findings.push({ area: "bots", message });
  const loaded = await loadBots(botsDir, broken).catch((error: unknown) => {
    if (!(error instanceof BotLoadError)) throw error;
    broken(error);
    return [];
  });
  for (const message of unknownGroups({ groups, rules }, [])) findings.push({ area: "permissions", message });
  for (const { bot } of loaded)
    findings.push(...checkBot(bot, configs[bot.name], profiles[bot.name], groups));
  return { names: loaded.map(({ bot }) => bot.name), findings };
}

/** Looks at one bot. */
function checkBot(
  bot: Bot,
  config: unknown,
  profile: ProfileDefinition | undefined,
  groups: BotSurroundings["groups"],
): Finding[] {
  let configured: ConfiguredBot;
  try {
    configured = configureBot(bot, config);
    profileOf(bot, profile);
  } catch (error) {
    return [{ area: "bots", bot: bot.name, message: whatKeepsFromSetup(error, bot.name) }];
  }
  const findings: Finding[] = inspectRoutes(configured.routes).map(({ message, place }) => ({
    area: "routes",
    bot: bot.name,
    message,
    place,
  }));
  const commands = commandsOf(configured.routes);
  for (const message of unknownGroups({ groups }, commands))
    findings.push({ area: "permissions", bot: bot.name, message });
  for (const command of commands) {
    findings.push(...checkExamples(bot.name, command));
  }
  return findings;
}

function checkExamples(bot: string, { name, names, examples }: Command<never>): Finding[] {
  return examples
    .filter((example) => !names.includes(example.trim().split(/\s/, 1)[0]?.toLowerCase() ?? ""))
    .map((example) => ({
      area: "commands",
      bot,
      message: `the example ${JSON.stringify(example)} of the command ${name} does not begin with its name; write what somebody would, without a prefix`,
    }));
}

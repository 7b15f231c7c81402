import { access, readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { type CheckedConfig, type Config, configSchema, developmentSchema, storeSchema } from "./config.ts";
import { applyEnvironment, namesProsody, type Tree, VARIABLES, type Variable } from "./environment.ts";

/** What keeps restanza from starting, every point of it with its mend. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "one thing needs" : `${problems.length} things need`;
    super(
      `restanza cannot start: ${count} mending\n\n${problems.map((problem) => `  • ${problem}`).join("\n")}\n`,
    );
    this.problems = problems;
  }
}

/** The names under which a configuration file is looked for, in this order. */
export const CONFIG_FILES = ["restanza.config.ts", "restanza.config.js", "restanza.config.json"] as const;

/**
 * Finds the configuration file of a folder.
 *
 * @returns its path, or `undefined`.
 */
export async function findConfigFile(folder: string): Promise<string | undefined> {
  for (const name of CONFIG_FILES) {
    const file = resolve(folder, name);
    if (await exists(file)) return file;
  }
  return undefined;
}

/**
 * Reads the configuration: the file, where there is one, and the environment over it.
 *
 * @throws {@link ConfigError} with every problem there is.
 */
export async function loadConfig(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<CheckedConfig> {
  const written = file === undefined ? {} : await readConfigFile(file);
  return checkConfig(written, environment);
}

/**
 * Whether there is a Prosody to serve: the environment names one, or the file lists mounts. A file may say what concerns the bots alone.
 *
 * @throws {@link ConfigError} where the file cannot be read.
 */
export async function configuresProsody(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  if (namesProsody(environment)) return true;
  return file !== undefined && (await readConfigFile(file)).mounts !== undefined;
}

/**
 * Checks a configuration by which no Prosody is served.
 *
 * @throws {@link ConfigError} with every problem there is.
 */
export async function checkUnserved(file: string | undefined, environment: NodeJS.ProcessEnv): Promise<void> {
  checkMerged(file === undefined ? {} : await readConfigFile(file), environment, () => unservedSchema);
}

/**
 * Reads where state is kept, from a configuration of which nothing else need fit.
 *
 * @throws {@link ConfigError}
 */
export async function loadStore(file: string | undefined, environment: NodeJS.ProcessEnv): Promise<string> {
  const { merged } = applyEnvironment(file === undefined ? {} : await readConfigFile(file), environment);
  const result = storeSchema.safeParse(merged["store"]);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => describe({ ...issue, path: ["store"] })));
}

/** What of a configuration concerns bots wherever they run. */
export type BotSettings = z.output<typeof botSettingsSchema>;

const { botsDir, bots, profiles, groups, permissions, trustedRooms } = configSchema.shape;
const botSettingsSchema = z.object({ botsDir, bots, profiles, groups, permissions, trustedRooms });

/**
 * Reads where the bots are, how they are configured, what they show of themselves and who may do what with them, from a configuration of which nothing else need
 * fit.
 *
 * @throws {@link ConfigError}
 */
export async function loadBotSettings(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<BotSettings> {
  const { merged } = applyEnvironment(file === undefined ? {} : await readConfigFile(file), environment);
  const result = botSettingsSchema.safeParse(merged);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map(describe));
}

/**
 * Checks a configuration, the environment laid over it.
 *
 * @throws {@link ConfigError} with every problem there is.
 */
export function checkConfig(written: Partial<Config>, environment: NodeJS.ProcessEnv = {}): CheckedConfig {
  return checkMerged(written, environment, ({ development }) =>
    development === true ? developmentSchema : configSchema,
  );
}

const unservedSchema = configSchema.extend({ mounts: z.unknown().optional() });

function checkMerged<Checked>(
  written: Partial<Config>,
  environment: NodeJS.ProcessEnv,
  schemaFor: (merged: Tree) => z.ZodType<Checked>,
): Checked {
  const { merged, problems } = applyEnvironment(written, environment);
  const result = schemaFor(merged).safeParse(merged);
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigError([...new Set([...problems, ...(result.error?.issues.map(describe) ?? [])])]);
}

function describe({ path, message }: z.core.$ZodIssue): string {
  const place = path.filter((key) => typeof key !== "symbol");
  const variable = variableAt(place);
  const written = place
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
  const name = variable === undefined ? written || "the configuration" : `${variable} (${written} in a file)`;
  return `${name} ${/^(?:is|has|begins|holds|names) /.test(message) ? "" : "does not fit: "}${message}`;
}

function variableAt(place: readonly (string | number)[]): Variable | undefined {
  const names = Object.keys(VARIABLES) as Variable[];
  return names.find((name) => VARIABLES[name].every((key, index) => key === place[index]));
}

async function readConfigFile(file: string): Promise<Partial<Config>> {
  if (!(await exists(file)))
    throw new ConfigError([`${file} does not exist; give the path of a configuration file`]);
  let config: unknown;
  try {
    config =
      extname(file) === ".json"
        ? parseJson(await readFile(file, "utf8"))
        : ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new ConfigError([
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  throw new ConfigError([
    `${file} holds no configuration: write export default defineConfig({ … }), or one object of JSON`,
  ]);
}

/** @throws Error that tells where it is wrong; the parser's own words would repeat what stands there, be it a secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [place = "somewhere"] = /at position \d+.*$/.exec((error as Error).message) ?? [];
    throw new Error(`it is no JSON ${place}`);
  }
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

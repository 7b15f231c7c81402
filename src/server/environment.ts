import type { Config } from "./config.ts";

/** The environment variables that configure restanza, and where in the configuration each has its place. */
export const VARIABLES = {
  HOST: ["host"],
  PORT: ["port"],
  WEB_HOST: ["web", "host"],
  WEB_PORT: ["web", "port"],
  RESTANZA_DOMAIN: ["mounts", 0, "domain"],
  RESTANZA_REST_URL: ["mounts", 0, "rest", "url"],
  RESTANZA_REST_HOST: ["mounts", 0, "rest", "host"],
  RESTANZA_TOKEN: ["mounts", 0, "rest", "token"],
  RESTANZA_SECRET: ["mounts", 0, "rest", "secret"],
  RESTANZA_USER: ["mounts", 0, "rest", "user"],
  RESTANZA_AUTH: ["mounts", 0, "rest", "auth"],
  RESTANZA_ALLOW_INSECURE: ["mounts", 0, "rest", "allowInsecure"],
  RESTANZA_CALLBACK_AUTH: ["mounts", 0, "callback", "auth"],
  RESTANZA_CALLBACK_KEYS: ["mounts", 0, "callback", "keys"],
  RESTANZA_CALLBACK_FORMAT: ["mounts", 0, "callback", "format"],
  RESTANZA_UPLOAD_SERVICE: ["mounts", 0, "upload", "service"],
  RESTANZA_BOTS: ["mounts", 0, "bots"],
  RESTANZA_BOTS_DIR: ["botsDir"],
  RESTANZA_BOT_CONFIG: ["bots"],
  RESTANZA_ADMINS: ["groups", "admins"],
  RESTANZA_DEADLINE: ["deadline"],
  RESTANZA_STORE: ["store"],
  RESTANZA_LEASE_DURATION: ["leaseDuration"],
  RESTANZA_DOWNLOADS: ["downloads", "enabled"],
  RESTANZA_LOG_LEVEL: ["logLevel"],
  RESTANZA_DEVELOPMENT: ["development"],
} as const satisfies Record<string, readonly (string | number)[]>;

/** A key of {@link VARIABLES}. */
export type Variable = keyof typeof VARIABLES;

/** A value that cannot be read as what its variable stands for. The message says why, without the value. */
class VariableError extends Error {
  override name = "VariableError";
}

/** A configuration of which nothing is known yet. */
export type Tree = { [key: string | number]: unknown };

/** Whether the environment names a Prosody to serve. */
export function namesProsody(environment: NodeJS.ProcessEnv): boolean {
  return (Object.keys(VARIABLES) as Variable[]).some(
    (name) => VARIABLES[name][0] === "mounts" && name !== "RESTANZA_BOTS" && given(environment[name]),
  );
}

/**
 * Lays the environment over a configuration: what is set there wins.
 *
 * @returns the two in one, and what is wrong with variables, each with its name.
 */
export function applyEnvironment(
  config: Partial<Config>,
  environment: NodeJS.ProcessEnv,
): { readonly merged: Tree; readonly problems: readonly string[] } {
  let merged: unknown = config;
  const problems: string[] = [];
  for (const name of Object.keys(VARIABLES) as Variable[]) {
    const text = environment[name];
    if (!given(text)) continue;
    try {
      merged = place(merged, VARIABLES[name], read(name, text));
    } catch (error) {
      if (!(error instanceof VariableError)) throw error;
      problems.push(`${name} ${error.message}`);
    }
  }
  return { merged: merged as Tree, problems };
}

function given(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function read(name: Variable, text: string): unknown {
  switch (name) {
    case "PORT":
    case "WEB_PORT":
    case "RESTANZA_DEADLINE":
    case "RESTANZA_LEASE_DURATION":
      if (!/^\d+$/.test(text))
        throw new VariableError(`is ${JSON.stringify(text)}, which is no whole number`);
      return Number(text);
    case "RESTANZA_ALLOW_INSECURE":
    case "RESTANZA_DEVELOPMENT":
    case "RESTANZA_DOWNLOADS":
      if (!/^(?:true|false|1|0)$/.test(text)) throw new VariableError("is neither true nor false");
      return text === "true" || text === "1";
    case "RESTANZA_ADMINS":
    case "RESTANZA_BOTS":
    case "RESTANZA_CALLBACK_KEYS":
      return list(text, /[\s,]+/);
    case "RESTANZA_CALLBACK_AUTH":
      // A secret may hold a comma, and no white space.
      return list(text, /\s+/);
    case "RESTANZA_BOT_CONFIG":
      try {
        return JSON.parse(text);
      } catch {
        throw new VariableError('is no JSON; give an object by bot, such as {"hello":{"greeting":"Moin"}}');
      }
    default:
      return text;
  }
}

function list(text: string, separator: RegExp): string[] {
  return text.split(separator).filter((each) => each !== "");
}

/** A copy with a value at a path. What is no object where one has to be stays as it is, for the schema to find. */
function place(tree: unknown, [key, ...path]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (tree === undefined) return place(typeof key === "number" ? [] : {}, [key, ...path], value);
  if (typeof tree !== "object" || tree === null) return tree;
  const copy = (Array.isArray(tree) ? [...tree] : { ...tree }) as Tree;
  copy[key] = place(copy[key], path, value);
  return copy;
}

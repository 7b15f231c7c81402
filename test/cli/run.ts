import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  /** What it reads from its standard input. */
  readonly input?: string;
  /** Set besides the environment of the tests, from which restanza's own settings are taken out. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:RESTANZA_|npm_|NODE_TEST_CONTEXT$|PORT$|HOST$)/.test(name) || name === "RESTANZA_CACHE",
  );
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** Runs the `restanza` command from its sources. */
export function restanza(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  return run(process.execPath, ["--import", tsx, `${ROOT}/src/cli/main.ts`, ...args], options);
}

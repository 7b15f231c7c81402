import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ROOT } from "../cli/run.ts";

/**
 * Starts `restanza serve` as an operator does, and resolves when it takes callbacks.
 *
 * @param program run in its place, with a channel for messages.
 */
export async function startRestanza(
  settings: Readonly<Record<string, string>>,
  program?: string,
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      fileURLToPath(import.meta.resolve("tsx")),
      ...(program ? [program] : ["src/cli/main.ts", "serve"]),
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...settings },
      stdio: ["ignore", "pipe", "inherit", ...(program ? ["ipc" as const] : [])],
    },
  );
  let log = "";
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    log += chunk.toString();
    if (log.includes("serving callbacks")) break;
  }
  if (!log.includes("serving callbacks")) throw new Error(`restanza ended before it served:\n${log}`);
  child.stdout?.resume();
  return child;
}

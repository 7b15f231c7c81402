import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A Debian suite whose Prosody is wanted; without one, the system's own or Debian 13's. */
export type Suite = "trixie" | "sid";

/** Where a provisioned Prosody is. */
export interface Provisioned {
  /** Its root file system, `/` for the system's own. */
  readonly root: string;
  readonly suite: string;
  /** Prosody's version, such as `13.0.1`. */
  readonly version: string;
}

/** The path of `prosody.sh`. */
export const scriptPath: string = fileURLToPath(new URL("./prosody.sh", import.meta.url));

/**
 * Runs `prosody.sh` to its end.
 *
 * @returns what it wrote to standard output.
 * @throws Error with its message, which says what happened, why, and what to do.
 */
export async function runScript(args: readonly string[], input = ""): Promise<string> {
  const child = spawn(scriptPath, args, { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on("error", () => {}); // it may end without reading
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(stderr.trim().slice(-2000) || `prosody.sh ${args[0]} ended with ${code}`);
  return stdout;
}

function isModernDebian(): boolean {
  if (!existsSync("/etc/os-release")) return false;
  const release = readFileSync("/etc/os-release", "utf8");
  const version = /^VERSION_ID="?(\d+)/m.exec(release)?.[1];
  return /^ID=debian$/m.test(release) && (version === undefined || Number(version) >= 13);
}

/**
 * Why no Prosody can be run here, as a message that says what to do; `undefined` when one can.
 *
 * Prosody needs Linux with Debian's packages, and root to enter its root file system and to become its user.
 */
export function whyNoProsody(): string | undefined {
  if (process.platform !== "linux") {
    return `A real Prosody cannot be run on ${process.platform}: prosody.sh uses Debian's packages. Use Debian or Ubuntu, or compose.yaml.`;
  }
  if (process.getuid?.() !== 0) {
    return `A real Prosody needs root: prosody.sh installs packages, ${isModernDebian() ? "" : "enters a root file system (chroot) "}and becomes the user prosody. Run this with sudo, or use compose.yaml.`;
  }
  if (!existsSync("/usr/bin/apt-get")) {
    return "A real Prosody needs apt-get: prosody.sh uses Debian's packages. Use Debian or Ubuntu, or compose.yaml.";
  }
  return undefined;
}

/**
 * Makes Prosody with mod_rest available, which takes about a minute the first time and nothing afterwards.
 *
 * @throws Error when this machine cannot have one, or when provisioning fails.
 */
export async function provision(suite?: Suite): Promise<Provisioned> {
  const reason = whyNoProsody();
  if (reason) throw new Error(reason);
  const output = await runScript(["provision", ...(suite ? ["--suite", suite] : [])]);
  const field = (name: string): string => new RegExp(`^${name}: (.+)$`, "m").exec(output)?.[1] ?? "";
  const version = /^\d+(\.\d+)*/.exec(field("prosody"))?.[0] ?? field("prosody");
  return { root: field("root"), suite: field("suite"), version };
}

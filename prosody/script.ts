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

/** How long a command may take, in milliseconds; all but `provision` take under a second on a quiet machine. */
const LONGEST = 30_000;
/** Making a root file system downloads a hundred megabytes. */
const LONGEST_PROVISION = 15 * 60_000;

/** Thrown when a command did not end in time, and was killed. */
export class ScriptTimeout extends Error {}

/**
 * Runs `prosody.sh` to its end.
 *
 * @returns what it wrote to standard output.
 * @throws {@link ScriptTimeout} when it does not end in time.
 * @throws Error with its message, which says what happened, why, and what to do.
 */
export async function runScript(args: readonly string[], input = ""): Promise<string> {
  // A process group of its own, so that all that it has started can be ended with it.
  const child = spawn(scriptPath, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const longest = args[0] === "provision" ? LONGEST_PROVISION : LONGEST;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    process.kill(-(child.pid as number), "SIGKILL");
  }, longest);
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
  clearTimeout(timer);
  if (late) {
    throw new ScriptTimeout(
      `prosody.sh ${args[0]} was not through after ${longest / 1000} s and was ended. Its last words: ${stderr.trim().slice(-500) || "none"}`,
    );
  }
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

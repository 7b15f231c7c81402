import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The processes that a process has started and that still run. */
export function childrenOf(parent: number): number[] {
  const pairs = process.platform === "linux" ? fromProc() : fromPs();
  return pairs.flatMap(([pid, of]) => (of === parent ? [pid] : []));
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

type Pair = readonly [pid: number, parent: number];

function fromProc(): Pair[] {
  return readdirSync("/proc").flatMap((name): Pair[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // The name of the program, in brackets, may hold anything.
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
      return [[Number(name), Number(parent)]];
    } catch {
      return [];
    }
  });
}

function fromPs(): Pair[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line): Pair => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, parent];
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { provision } from "../../prosody/server.ts";

/** What a step of `session.py` saw. */
export interface Seen {
  readonly step: string;
  readonly [name: string]: unknown;
}

/**
 * Runs a script with slixmpp, which comes from Debian's packages like Prosody, into the same root file system.
 *
 * @returns what the script told, a step each.
 */
export async function runSlixmpp(script: URL, args: readonly string[]): Promise<Seen[]> {
  const { root } = await provision("trixie");
  await run(root, ["sh", "-c", install], "");
  const output = await run(root, ["python3", "-", ...args], await withJudge(script));
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Seen);
}

/** The script, which can import `judge.py` although it is no file where it runs. */
async function withJudge(script: URL): Promise<string> {
  const judge = await readFile(new URL("./judge.py", import.meta.url), "utf8");
  const module = `
import sys, types
sys.modules["judge"] = types.ModuleType("judge")
exec(${JSON.stringify(judge)}, sys.modules["judge"].__dict__)
`;
  return module + (await readFile(script, "utf8"));
}

const install = `
set -e
exec 9>/var/lock/restanza-slixmpp
flock 9
python3 -c 'import slixmpp, aiohttp' 2>/dev/null && exit 0
apt-get -q -o Acquire::Retries=3 update
DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends python3-slixmpp python3-aiohttp
`;

async function run(root: string, command: readonly string[], input: string): Promise<string> {
  const [program, ...args] = root === "/" ? command : ["chroot", root, ...command];
  const child = spawn(program as string, args, { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0)
    throw new Error(`${command.join(" ").slice(0, 80)} ended with ${code}:\n${output}\n${errors}`);
  return output;
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { provision } from "../../../prosody/server.ts";

/** What {@link startNginx} takes. */
export interface NginxOptions {
  /** Where to listen. */
  readonly port: number;
  /** The ports of the nodes. */
  readonly nodes: readonly number[];
  /** Whether a conversation goes to the same node as long as that is there, as the template has it; else to each in turn. */
  readonly sticky: boolean;
}

const install = `
set -e
exec 9>/var/lock/restanza-nginx
flock 9
command -v nginx >/dev/null && exit 0
apt-get -q -o Acquire::Retries=3 update
DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends nginx-light
`;

/** Starts the nginx of Debian 13 with the template that operators copy. */
export async function startNginx(options: NginxOptions): Promise<AsyncDisposable> {
  const { root } = await provision("trixie");
  const enter = root === "/" ? [] : ["chroot", root];
  const [shell = "", ...args] = [...enter, "sh", "-c", install];
  await promisify(execFile)(shell, args);
  const folder = await mkdtemp(join(root, "tmp/restanza-nginx-"));
  const inside = `/tmp/${folder.split("/").at(-1)}`;
  await writeFile(join(folder, "nginx.conf"), await configuration(options, inside));
  // One process alone, so that none is left when this one ends.
  const child = spawn(
    "setpriv",
    ["--pdeathsig=KILL", "--", ...enter, "nginx", "-c", `${inside}/nginx.conf`],
    {
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    },
  );
  await listening(child, options.port);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function configuration({ port, nodes, sticky }: NginxOptions, folder: string): Promise<string> {
  const template = await readFile(new URL("../../../prosody/config/nginx.conf", import.meta.url), "utf8");
  const servers = nodes.map((node) => `\tserver 127.0.0.1:${node} max_fails=1 fail_timeout=1s;\n`);
  const site = template
    .replace(/(\tserver 127\.0\.0\.1:\d+ .*\n)+/, servers.join(""))
    .replace(/listen .*;/, `listen 127.0.0.1:${port};`)
    .replace(/\thash .*\n/, (line) => (sticky ? line : ""));
  return `
daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
${site}
}
`;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`nginx ended with ${child.exitCode}; what it said stands above`);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer?.status === 404) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

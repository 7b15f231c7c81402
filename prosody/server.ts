import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ConfigSpec, renderConfig } from "./config.ts";
import { freePort } from "./free-port.ts";
import { type Provisioned, provision, runScript, ScriptTimeout, type Suite, scriptPath } from "./script.ts";

/** An account to make. */
export interface User {
  /** Bare JID on one of the VirtualHosts. */
  readonly jid: string;
  readonly password: string;
}

/** How to start a Prosody. */
export interface ProsodyOptions extends Pick<ConfigSpec, "hosts" | "logLevel" | "options"> {
  /** Default: the system's own, else Debian 13's (`trixie`, 13.0.1). `sid` is 13.0.7 or newer. */
  readonly suite?: Suite;
  /** Accounts that exist when it is ready. */
  readonly users?: readonly User[];
  /** Default: a free one. */
  readonly xmppPort?: number;
  /** Default: a free one. */
  readonly httpPort?: number;
  /** Data is kept under this name and found again at the next start. Default: a fresh one that `stop` removes. */
  readonly instance?: string;
  /** How long to wait until it is ready, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/** A running Prosody. */
export interface Prosody extends AsyncDisposable {
  /** Such as `13.0.1`. */
  readonly version: string;
  readonly suite: string;
  readonly xmppPort: number;
  readonly httpPort: number;
  /** Of the Prosody process itself. */
  readonly pid: number;
  /**
   * The URL of mod_rest. Prosody chooses the host by the `Host` header: the first component answers by default, for any
   * other `host` send {@link Prosody.restHeaders} too.
   */
  restUrl(host: string): string;
  /** The header that leads a request to `host`. */
  restHeaders(host: string): { host: string };
  /** What it has logged so far. */
  log(): string;
  /** Resolves with the first logged line that matches, past or future; rejects after `timeoutMs` (default 10,000). */
  waitForLog(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Makes an account. */
  register(user: User): Promise<void>;
  /** Runs prosodyctl against this instance and resolves with its output. */
  ctl(...args: string[]): Promise<string>;
  /** Ends it in good order, by force after five seconds. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const ownInstance = /^node-(\d+)-/;

/** Removes what processes that were killed have left. */
function sweep(root: string): void {
  const parent = join(root, "var/lib/restanza");
  let names: string[] = [];
  try {
    names = readdirSync(parent);
  } catch {
    return; // none yet
  }
  for (const name of names) {
    const pid = ownInstance.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

class RunningProsody implements Prosody {
  readonly version: string;
  readonly suite: string;
  readonly xmppPort: number;
  readonly httpPort: number;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #cleanUp: () => Promise<void>;
  readonly #where: readonly string[];

  constructor(
    child: ChildProcess,
    provisioned: Provisioned,
    ports: { xmppPort: number; httpPort: number },
    where: readonly string[],
    cleanUp: () => Promise<void>,
  ) {
    this.version = provisioned.version;
    this.suite = provisioned.suite;
    this.xmppPort = ports.xmppPort;
    this.httpPort = ports.httpPort;
    this.#child = child;
    this.#where = where;
    this.#cleanUp = cleanUp;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#add(line));
    }
    this.#ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#add(`Prosody ended: ${signal ?? code}`);
        resolve();
      });
      // Something that it has started may keep its output open for longer than it lives.
      child.once("exit", () => setTimeout(resolve, 1000).unref());
    });
  }

  #add(line: string): void {
    this.#lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  restUrl(_host: string): string {
    return `http://127.0.0.1:${this.httpPort}/rest`;
  }

  restHeaders(host: string): { host: string } {
    return { host };
  }

  log(): string {
    return this.#lines.join("\n");
  }

  waitForLog(pattern: RegExp, timeoutMs = 10_000): Promise<string> {
    const past = this.#lines.find((line) => pattern.test(line));
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
      };
      const listener = (line: string): void => {
        if (pattern.test(line)) {
          finish();
          resolve(line);
        } else if (line.startsWith("Prosody ended: ")) {
          finish();
          reject(new Error(`Prosody ended before it logged ${pattern}. Its last lines:\n${this.#tail()}`));
        }
      };
      const timer = setTimeout(() => {
        finish();
        reject(
          new Error(
            `Prosody did not log ${pattern} within ${timeoutMs} ms. Its last lines:\n${this.#tail()}`,
          ),
        );
      }, timeoutMs);
      this.#listeners.add(listener);
    });
  }

  #tail(): string {
    return this.#lines.slice(-15).join("\n");
  }

  async register(user: User): Promise<void> {
    await runScript(["adduser", ...this.#where, user.jid], `${user.password}\n`);
  }

  ctl(...args: string[]): Promise<string> {
    return runScript(["ctl", ...this.#where, "--", ...args]);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#ended;
    clearTimeout(force);
    await this.#cleanUp();
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    await this.#cleanUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function startOnce(options: ProsodyOptions, provisioned: Provisioned): Promise<RunningProsody> {
  const xmppPort = options.xmppPort ?? (await freePort());
  const httpPort = options.httpPort ?? (await freePort());
  const instance = options.instance ?? `node-${process.pid}-${randomBytes(4).toString("hex")}`;
  const directory = mkdtempSync(join(tmpdir(), "restanza-prosody-")); // for its owner only, as the secrets need
  const config = join(directory, "prosody.cfg.lua");
  writeFileSync(config, renderConfig({ ...options, xmppPort, httpPort }), { mode: 0o600 });

  const suite = options.suite ? ["--suite", options.suite] : [];
  const where = [...suite, "--config", config, "--instance", instance];
  const cleanUp = async (): Promise<void> => {
    rmSync(directory, { recursive: true, force: true });
    if (options.instance === undefined) await runScript(["remove", ...suite, "--instance", instance]);
  };
  try {
    await Promise.all(
      (options.users ?? []).map((user) => runScript(["adduser", ...where, user.jid], `${user.password}\n`)),
    );
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const child = spawn(scriptPath, ["run", ...where, "--die-with-parent"], {
    // Ctrl-C in a terminal reaches a whole process group; Prosody is to stay until the bots have said goodbye.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const prosody = new RunningProsody(child, provisioned, { xmppPort, httpPort }, where, cleanUp);
  // Prosody loads every host before it serves the first connection, so an open port means that all is ready.
  const services = [
    `'c2s' on .*:${xmppPort}`,
    ...(options.hosts.some((host) => "callback" in host && host.callback)
      ? [`'http' on .*:${httpPort}`]
      : []),
  ];
  const timeoutMs = options.timeoutMs ?? 20_000;
  try {
    const pattern = (service: string): RegExp => new RegExp(`Activated service ${service}`);
    const taken = prosody.waitForLog(/Failed to open server port/, timeoutMs).then(
      (line) => Promise.reject(new PortTaken(line)),
      () => new Promise<never>(() => {}),
    );
    await Promise.race([Promise.all(services.map((s) => prosody.waitForLog(pattern(s), timeoutMs))), taken]);
  } catch (error) {
    await prosody.kill();
    throw error;
  }
  return prosody;
}

class PortTaken extends Error {}

/**
 * Starts a Prosody of its own on loopback ports and resolves when it is ready. It ends with this process, however that
 * ends.
 *
 * @throws Error when this machine cannot run one (see `whyNoProsody`), or when it does not get ready.
 *
 * @example
 * ```ts
 * await using prosody = await startProsody({
 *   hosts: [
 *     { kind: "virtualhost", host: "people.test" },
 *     { kind: "component", host: "bots.test", secret: "…", callback: { address: "127.0.0.1:9003" } },
 *   ],
 *   users: [{ jid: "alice@people.test", password: "…" }],
 * });
 * ```
 */
export async function startProsody(options: ProsodyOptions): Promise<Prosody> {
  if (!options.hosts.some((host) => host.kind === "virtualhost")) {
    throw new Error(
      'Prosody does not start without a VirtualHost: add { kind: "virtualhost", host } to `hosts`.',
    );
  }
  const provisioned = await provision(options.suite);
  sweep(provisioned.root);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, provisioned);
    } catch (error) {
      // Between finding a free port and opening it, someone else may take it; and on a very busy machine prosodyctl has been
      // seen to hang.
      const taken = error instanceof PortTaken && !options.xmppPort && !options.httpPort;
      if ((!taken && !(error instanceof ScriptTimeout)) || attempt === 3) throw error;
    }
  }
}

export type {
  CallbackSpec,
  ComponentSpec,
  ExternalSpec,
  HostSpec,
  MucSpec,
  PubSubSpec,
  UploadSpec,
  VirtualHostSpec,
} from "./config.ts";
export { provision, type Suite, whyNoProsody } from "./script.ts";

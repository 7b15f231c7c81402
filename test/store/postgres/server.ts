import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { ACCOUNT, type Binaries, findBinaries } from "./binaries.ts";
import { childrenOf, signal } from "./processes.ts";

/** What no error and no log may hold. */
export const PASSWORD = "t0p-s3cret-of-the-test";

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "32MB",
  // Whatever is written has to be replayed after a crash.
  checkpoint_timeout: "1h",
  logging_collector: "off",
} as const;

const run = promisify(execFile);

/**
 * A real PostgreSQL in a temporary directory, on a port of loopback that stays the same while it lives: to be stopped, killed,
 * paused and started again as often as a test likes.
 *
 * @example
 * await using server = await PostgresServer.start();
 * const url = await server.createDatabase();
 * await server.kill();
 * await server.startAgain();
 */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #binaries: Binaries;
  readonly #settings: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(
    port: number,
    folder: string,
    binaries: Binaries,
    settings: Readonly<Record<string, string>>,
  ) {
    this.port = port;
    this.#folder = folder;
    this.#binaries = binaries;
    this.#settings = settings;
    process.once("exit", this.#end);
  }

  /** Makes an empty server and waits until it answers. `settings` are of postgresql.conf. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "restanza-pg-"));
    try {
      const binaries = await findBinaries(folder);
      await initialise(binaries, folder);
      for (let attempt = 1; ; attempt += 1) {
        // Below the ports that systems give to connections, so that none takes it while the server is down.
        const port = 15_000 + Math.floor(Math.random() * 15_000);
        const server = new PostgresServer(port, folder, binaries, { ...SETTINGS, ...settings });
        try {
          await server.startAgain();
          return server;
        } catch (error) {
          process.off("exit", server.#end);
          if (attempt === 5) throw error;
        }
      }
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The URL of a database, through another port where a proxy stands before the server. */
  url(database = "postgres", port = this.port): string {
    return `postgresql://restanza:${PASSWORD}@127.0.0.1:${port}/${database}`;
  }

  /** @returns the URL of a database that is empty. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test${this.#databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /** Asks the server on a connection of its own. */
  async query(text: string, url = this.url()): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    // A server that is killed meanwhile fails the query; the event says nothing more.
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts it again where it was stopped or killed, and waits until it answers: after what it had to recover. */
  async startAgain(): Promise<void> {
    assert.equal(this.#process, undefined, "the server runs");
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#start();
      } catch (error) {
        // What was killed is gone, with its share of the memory, only when a busy system gets round to it.
        if (attempt === 200 || !String(error).includes("pre-existing shared memory block")) throw error;
        await sleep(50);
      }
    }
  }

  async #start(): Promise<void> {
    const options = Object.entries({ ...this.#settings, port: `${this.port}` });
    const child = spawn(
      this.#binaries.postgres,
      ["-D", this.#data, ...options.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      {
        ...ACCOUNT,
        cwd: this.#folder,
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, LC_ALL: "C" },
      },
    );
    assert.ok(child.stderr);
    this.#process = child;
    const said: string[] = [];
    const { promise: ready, resolve } = Promise.withResolvers<boolean>();
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      said.splice(0, said.length - 50);
      if (line.includes("database system is ready to accept connections")) resolve(true);
    });
    child.once("close", () => resolve(false));
    child.once("error", () => resolve(false));
    if (await ready) return;
    this.#process = undefined;
    throw new Error(`PostgreSQL did not start:\n${said.join("\n")}`);
  }

  /** Stops it as an operator does: its clients are cut off, and nothing is left to recover. */
  async stop(): Promise<void> {
    await this.#gone((child) => child.kill("SIGINT"));
  }

  /** `kill -9` of the server and of each of its processes, in the middle of whatever they do. */
  async kill(): Promise<void> {
    await this.#gone((child) => {
      const pid = child.pid as number;
      // So that it starts nothing more while the others are killed.
      signal(pid, "SIGSTOP");
      // Twice, for what it was just starting.
      for (let round = 0; round < 2; round += 1) {
        for (const each of childrenOf(pid)) signal(each, "SIGKILL");
      }
      signal(pid, "SIGKILL");
    });
  }

  /** Makes it stand still, connections and all, as if its machine were. */
  pause(): void {
    for (const pid of this.#pids()) signal(pid, "SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    for (const pid of this.#pids()) signal(pid, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#end);
    if (this.#process) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  #pids(): number[] {
    const pid = this.#process?.pid;
    assert.ok(pid, "the server is down");
    return [pid, ...childrenOf(pid)];
  }

  async #gone(end: (child: ChildProcess) => void): Promise<void> {
    const child = this.#process;
    assert.ok(child, "the server is down");
    const gone = once(child, "exit");
    end(child);
    await gone;
    // Whatever of its processes is still about to end has this too, and would keep the test from ending.
    child.stderr?.destroy();
    this.#process = undefined;
  }

  /** A test that fails leaves no server behind. */
  readonly #end = (): void => {
    if (this.#process?.pid) for (const pid of this.#pids().reverse()) signal(pid, "SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };
}

async function initialise(binaries: Binaries, folder: string): Promise<void> {
  chmodSync(folder, 0o755);
  const password = join(folder, "password");
  writeFileSync(password, PASSWORD, { mode: 0o600 });
  if (ACCOUNT) for (const path of [folder, password]) chownSync(path, ACCOUNT.uid, ACCOUNT.gid);
  // A language's order of text, as many servers have it: what wants code points has to say so.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en"];
  await run(
    binaries.initdb,
    [
      "-D",
      join(folder, "data"),
      "-U",
      "restanza",
      `--pwfile=${password}`,
      "-A",
      "scram-sha-256",
      "-N",
      ...locale,
    ],
    { ...ACCOUNT, cwd: folder, env: { ...process.env, LC_ALL: "C" } },
  );
}

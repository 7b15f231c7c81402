import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ROOT } from "./run.ts";

/** A `restanza` command that goes on, with somebody who types and reads. */
export class CliSession implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:RESTANZA_|NODE_TEST_CONTEXT$|PORT$|HOST$)/.test(name),
    );
    this.#child = spawn(
      process.execPath,
      ["--import", fileURLToPath(import.meta.resolve("tsx")), `${ROOT}/src/cli/main.ts`, ...args],
      { cwd: ROOT, env: { ...Object.fromEntries(inherited), ...env } },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.#output += chunk;
      });
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Resolves when the output matches, which is forgotten up to the end of the match then. */
  async sees(pattern: RegExp): Promise<void> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) {
        this.#output = this.#output.slice(found.index + found[0].length);
        return;
      }
      const gone = await Promise.race([
        once(this.#child.stdout, "data").then(() => false),
        once(this.#child, "exit").then(() => true),
      ]);
      if (gone && !pattern.test(this.#output))
        throw new Error(`it ended without ${pattern}; what it said last:\n${this.#output}`);
    }
  }

  /** Ends what is typed, as Ctrl-D does. @returns the status. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    const [code] = (await once(this.#child, "exit")) as [number | null];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

import { freePort } from "../../../prosody/free-port.ts";
import { runScript } from "../../../prosody/script.ts";
import { type Prosody, type ProsodyOptions, startProsody } from "../../../prosody/server.ts";
import { BOTS, type Installation, PASSWORD, PEOPLE } from "./installation.ts";

/** A Prosody 13.0.1 with our modules that can be killed, and starts again on the same ports with the same accounts. */
export class KillableProsody implements AsyncDisposable {
  readonly #options: ProsodyOptions & { readonly instance: string };
  #running: Prosody;

  private constructor(options: ProsodyOptions & { readonly instance: string }, running: Prosody) {
    this.#options = options;
    this.#running = running;
  }

  /** Starts it behind the detours of an installation. */
  static async start(
    { token, auth, key, httpPort, detour }: Installation,
    people: readonly string[],
  ): Promise<KillableProsody> {
    const options = {
      suite: "trixie",
      // With the number of this process, so that it is swept out should that be killed.
      instance: `node-${process.pid}-chaos-${httpPort}`,
      httpPort,
      xmppPort: await freePort(),
      hosts: [
        // With offline, so that what comes before somebody is back is kept, as on any server for people.
        { kind: "virtualhost", host: PEOPLE, modules: ["offline"] },
        {
          kind: "component",
          host: BOTS,
          tokens: [token],
          callback: { address: `127.0.0.1:${detour.port}`, auth, keys: [key] },
        },
      ],
    } as const satisfies ProsodyOptions;
    const users = people.map((jid) => ({ jid, password: PASSWORD }));
    return new KillableProsody(options, await startProsody({ ...options, users }));
  }

  get xmppPort(): number {
    return this.#running.xmppPort;
  }

  /** As the kernel does when memory runs out. */
  async kill(): Promise<void> {
    await this.#running.kill();
  }

  async startAgain(): Promise<void> {
    this.#running = await startProsody(this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.stop();
    await runScript(["remove", "--suite", "trixie", "--instance", this.#options.instance]);
  }
}

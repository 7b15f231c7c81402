import { Worker } from "node:worker_threads";
import { pino } from "pino";
import { register } from "tsx/esm/api";
import { type DirectoryEntry, Permissions, type Sender, type WebEnv } from "../../bot/index.ts";
import { Dispatcher, Mount } from "../../dispatch/index.ts";
import type { Requester } from "../../outbound/index.ts";
import { services } from "../../services/index.ts";
import { iq, Jid, readStanza } from "../../stanza/index.ts";
import type { QueueEntry } from "../../store/index.ts";
import { BotHost } from "../bot-host.ts";
import { FileServices } from "../files.ts";
import { loadBot } from "../load-bots.ts";
import type { Brief, WebAnswer, WebRequest, WrittenDirectory } from "./brief.ts";
import { Channel } from "./channel.ts";
import { remoteStore } from "./remote-store.ts";
import { remoteSender, writeOutcome } from "./wire.ts";

// As the program does: bots may be TypeScript, and run from its sources restanza has tsx loaded already.
if (import.meta.url.endsWith(".js")) register();

/** How often to look for stanzas that somebody has given another chance, in milliseconds. */
const REVIVED_EVERY = 2_000;

/** The mount as a bot's own process sees it: the other bots are elsewhere. */
class OwnMount extends Mount {
  directory: readonly DirectoryEntry[] = [];

  override list(): readonly DirectoryEntry[] {
    return this.directory;
  }

  override isBot({ local }: Jid): boolean {
    return this.directory.some(({ jid }) => jid.local === local);
  }
}

/** One bot at work in this process, which has no other task. */
class Work {
  readonly #brief: Brief;
  readonly #mount: OwnMount;
  readonly #host: BotHost;
  readonly #dispatcher: Dispatcher;
  readonly #files: FileServices;
  #looking: NodeJS.Timeout | undefined;

  constructor(brief: Brief, channel: Channel) {
    this.#brief = brief;
    const { domain, name, isCatchAll, level, rooms, profiles, contacts, deadline, permissions } = brief;
    const log = pino(
      { level, base: null },
      { write: (line) => void channel.call("log", line).catch(() => undefined) },
    );
    const store = remoteStore(channel);
    const sender: Sender = remoteSender("outbox", channel);
    const direct = remoteSender("rest", channel);
    const requester: Requester = {
      iq: (request, options) =>
        direct.iq("element" in request ? request : iq({ ...request }, request.payload), options),
      exchange: (request, options) =>
        direct.exchange("element" in request ? request : iq({ ...request }, request.payload), options),
    };
    this.#mount = new OwnMount(domain, isCatchAll ? { catchAll: name } : {});
    this.#files = new FileServices(brief);
    this.#dispatcher = new Dispatcher({ mounts: [this.#mount], fallback: services(), deadline, store, log });
    this.#host = new BotHost({
      mount: this.#mount,
      sender,
      roomSender: direct,
      log,
      store,
      permissions: new Permissions(permissions),
      host: undefined,
      rooms,
      profiles,
      contacts,
      files: this.#files.for(brief, requester),
      onAwake: () => this.#dispatcher.planTimers(),
    });
  }

  async load(): Promise<void> {
    const { folder, name, config } = this.#brief;
    const loaded = await loadBot(folder);
    if (loaded?.bot.name !== name) throw new Error(`there is no bot called ${name} in ${folder} any more`);
    await this.#host.put(loaded.bot, config);
  }

  /** Goes on with what an earlier process did not get to the end of. */
  async recover(): Promise<void> {
    await this.#dispatcher.recover();
    this.#looking = setInterval(() => {
      // The store has failed, which its own process tells.
      this.#dispatcher.takeRevived().catch(() => undefined);
    }, REVIVED_EVERY);
  }

  async plan(): Promise<void> {
    await this.#dispatcher.planTimers();
  }

  list(directory: WrittenDirectory): void {
    this.#mount.directory = directory.map(({ jid, ...rest }) => ({ ...rest, jid: Jid.parse(jid) }));
  }

  start(life: string): void {
    this.#host.start(life);
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  get host(): BotHost {
    return this.#host;
  }

  async stop(isLast: boolean): Promise<void> {
    clearInterval(this.#looking);
    await this.#dispatcher.idle();
    await this.#host.stop(isLast);
    await this.#files.close();
  }

  async fetch(
    { method, url, headers, body }: WebRequest,
    admit: WebEnv["Bindings"]["admit"],
  ): Promise<WebAnswer> {
    let refused: string | undefined;
    const refuse = (why: string): Response => {
      refused = why;
      return new Response(null, { status: 401 });
    };
    const request = new Request(url, {
      method,
      headers: headers.map(([key, value]): [string, string] => [key, value]),
      ...(body !== undefined && { body }),
    });
    const found = this.#host.web(this.#brief.name);
    const answer = found?.open
      ? await found.app.fetch(request, { refuse, admit })
      : new Response(null, { status: 503 });
    return {
      status: answer.status,
      headers: [...answer.headers],
      body: new Uint8Array(await answer.arrayBuffer()),
      refused,
    };
  }
}

/** A loop in the bot may keep this thread from hearing that its parent is gone; so another one looks. */
function endWithParent(): void {
  const watch = `
    const parent = process.ppid;
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 500);
  `;
  new Worker(watch, { eval: true, execArgv: [], stdout: false }).unref();
}

const send = process.send?.bind(process);
if (send === undefined)
  throw new Error("this is no program of its own: restanza starts it for a bot with isolate");
let work: Work | undefined;
const working = (): Work => {
  if (work === undefined) throw new Error("it has no bot yet");
  return work;
};
const channel: Channel = new Channel((message) => void send(message as object), {
  begin: async (brief: Brief, directory: WrittenDirectory) => {
    work = new Work(brief, channel);
    work.list(directory);
    await work.load();
    await work.recover();
    await work.plan();
  },
  takeWaiting: () => working().dispatcher.takeRevived(),
  list: (directory: WrittenDirectory) => working().list(directory),
  start: (life: string) => working().start(life),
  reload: async () => {
    await working().load();
    await working().plan();
  },
  dispatch: async (xml: string, arrival: Parameters<Dispatcher["dispatch"]>[1]) =>
    writeOutcome(await working().dispatcher.dispatch(readStanza(xml), arrival)),
  takeDue: (entry: QueueEntry) => working().dispatcher.takeDue(entry),
  fetch: (number: number, request: WebRequest) =>
    working().fetch(request, (verified) => channel.call("admit", number, verified)),
  prosodyStarted: () => working().host.prosodyStarted(),
  abort: () => work?.dispatcher.abort(),
  ping: () => undefined,
  stop: (isLast: boolean) => work?.stop(isLast),
});
process.on("message", (message) => channel.receive(message));
// What ends the parent comes to this process too; it ends when the parent says so, or is gone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit(0));
endWithParent();

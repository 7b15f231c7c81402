import {
  type Bot,
  type BotHandle,
  type BotState,
  configureBot,
  Rooms,
  type Sender,
} from "../../bot/index.ts";
import { BotGate, type Mount } from "../../dispatch/index.ts";
import type { Store, Write } from "../../store/index.ts";
import { botFeatures } from "../bot-features.ts";
import type { FoundWeb } from "../hooks/index.ts";
import type { Brief } from "./brief.ts";
import { IsolatedBot } from "./isolated-bot.ts";
import { isolatedWeb } from "./isolated-web.ts";
import type { PlainSender } from "./wire.ts";

/** How bots come to a process of their own. */
export interface IsolationOptions {
  /** What the operator says of it, by the name of the bot. */
  readonly settings: Readonly<Record<string, Bot["isolate"]>>;
  /** Where a bot's files are; `undefined` where it came from none. */
  readonly folderOf: (bot: Bot) => string | undefined;
  /** What each process is told, whatever the bot. */
  readonly brief: Omit<Brief, "name" | "folder" | "config" | "isCatchAll" | "level">;
  readonly catchAll: string | undefined;
  readonly rest: PlainSender;
  /** Told when a process has set a timer, and for when. */
  readonly onTimer: (due: number) => void;
}

/** What {@link IsolatedBots} take. */
export interface IsolatedBotsOptions {
  readonly mount: Mount;
  readonly sender: Sender;
  readonly store?: Store | undefined;
  readonly log: BotHandle["log"];
  readonly host: string | undefined;
  readonly isolation?: IsolationOptions | undefined;
}

/** A bot, and what is known of it here. */
interface Known {
  readonly process: IsolatedBot;
  readonly handle: BotHandle;
  readonly gate: BotGate;
  readonly web: FoundWeb["app"] | undefined;
}

/** The bots of one mount that have processes of their own. */
export class IsolatedBots {
  readonly #options: IsolatedBotsOptions;
  readonly #known = new Map<string, Known>();
  #life: string | undefined;
  /** Settles when no bot is being switched on or off; it never rejects. */
  #switching = Promise.resolve();

  constructor(options: IsolatedBotsOptions) {
    this.#options = options;
  }

  /** Whether a bot is to have a process of its own. */
  takes(bot: Bot): boolean {
    if (this.#options.isolation === undefined) return false;
    return this.#known.has(bot.name) || (this.#wish(bot) ?? false) !== false;
  }

  /** What the operator says, else its author. */
  #wish({ name, isolate }: Bot): Bot["isolate"] {
    return this.#options.isolation?.settings[name] ?? isolate;
  }

  /**
   * Starts the process of a bot; has it load the bot anew where there is one.
   *
   * @throws Error where the bot cannot have one, or does not start in it.
   */
  async put(bot: Bot, config: unknown, handle: BotHandle, isOff: boolean): Promise<void> {
    const { isolation, mount } = this.#options;
    const known = this.#known.get(bot.name);
    if (known !== undefined) return await known.process.reload();
    if (isolation === undefined) throw new Error("there is no isolation here");
    const { store, folder } = this.#demands(bot, isolation);
    const configured = configureBot(bot, config);
    const wish = this.#wish(bot);
    const gate = new BotGate({ log: handle.log, breaker: false });
    gate.disabled = isOff;
    gate.ready = false;
    const address = handle.jid.toString();
    const process = new IsolatedBot({
      brief: {
        ...isolation.brief,
        name: bot.name,
        folder,
        config,
        isCatchAll: isolation.catchAll === bot.name,
        level: this.#options.log.level,
      },
      address,
      timeout: configured.timeout,
      memory: typeof wish === "object" ? wish.memory : undefined,
      words: configured.texts === undefined ? {} : { texts: configured.texts },
      log: handle.log,
      lines: this.#options.log,
      store,
      outbox: this.#options.sender,
      rest: isolation.rest,
      directory: () => mount.list().map((entry) => ({ ...entry, jid: entry.jid.toString() })),
      onState: (isUp) => {
        gate.ready = isUp;
      },
      onCommit: (writes) => this.#committed(handle, writes, isolation),
    });
    handle.identity.show(handle.identity.profile, botFeatures(configured.routes));
    mount.put({ ...handle, ...configured, gate, remote: process });
    if (!isOff) {
      try {
        await process.begin();
      } catch (error) {
        mount.remove(bot.name);
        throw error;
      }
    }
    const web = bot.web && isolatedWeb((request, admit) => process.fetch(request, admit));
    this.#known.set(bot.name, { process, handle, gate, web });
    this.tellOthers();
    if (this.#life !== undefined) await process.start(this.#life);
  }

  #demands(
    bot: Bot,
    { folderOf, brief }: IsolationOptions,
  ): { readonly store: Store; readonly folder: string } {
    const { host, store } = this.#options;
    const refuse = (why: string): Error =>
      new Error(`${bot.name} cannot have a process of its own (isolate): ${why}`);
    if (bot.name === host) throw refuse("the bot at the domain itself looks after the others");
    if (store === undefined || store.leases !== undefined)
      throw refuse(
        `that is not to be had with PostgreSQL; let it have a restanza of its own, with a domain of its own, or configure isolate: { "${bot.name}": false }`,
      );
    const folder = folderOf(bot);
    if (folder === undefined)
      throw refuse("it does not come from a folder of bots, where that process would load it");
    const policy = brief.contacts[bot.name] ?? bot.contacts?.policy;
    if (policy === "ask" || (typeof policy === "object" && policy.otherwise === "ask"))
      throw refuse(
        `its admins are asked by the bot at the domain itself, so its contacts cannot have the policy "ask"; give it another, or configure isolate: { "${bot.name}": false }`,
      );
    return { store, folder };
  }

  /** What a process has written is news to what stands for its bot here. */
  #committed({ jid, rooms, log }: BotHandle, writes: readonly Write[], { onTimer }: IsolationOptions): void {
    for (const write of writes)
      if ("enqueue" in write && write.enqueue.queue === "timers") onTimer(write.enqueue.notBefore ?? 0);
    const collections = writes.map((write) =>
      "put" in write ? write.put.collection : "delete" in write ? write.delete.collection : undefined,
    );
    if (!collections.includes(Rooms.collectionOf(jid))) return;
    rooms.load().catch((err: unknown) => log.error({ err }, "it could not be read in which rooms it is"));
  }

  /** Tells the processes which bots there are now. */
  tellOthers(): void {
    for (const { process } of this.#known.values()) void process.list();
  }

  handle(name: string): BotHandle | undefined {
    return this.#known.get(name)?.handle;
  }

  get states(): readonly (readonly [string, BotState])[] {
    return [...this.#known].map(([name, { gate }]) => [name, gate.state] as const);
  }

  web(name: string): FoundWeb | undefined {
    const { web, handle, gate } = this.#known.get(name) ?? {};
    if (web === undefined || handle === undefined || gate === undefined) return undefined;
    return { app: web, handle, open: this.#life !== undefined && !gate.isAsleep };
  }

  get callable(): string[] {
    return [...this.#known].flatMap(([name, { web }]) => (web === undefined ? [] : [name]));
  }

  start(life: string): void {
    this.#life = life;
    for (const { process, gate } of this.#known.values())
      if (gate.state !== "disabled") void process.start(life);
  }

  /** Switches a bot off, whose process ends, or on again. */
  turn(name: string, off: boolean): void {
    const { gate, process, handle } = this.#known.get(name) ?? {};
    if (gate === undefined || process === undefined || (gate.state === "disabled") === off) return;
    gate.disabled = off;
    this.#switching = this.#switching.then(async () => {
      if ((gate.state === "disabled") !== off) return;
      handle?.log.info(off ? "it was switched off" : "it was switched on");
      try {
        if (off) return await process.stop(false);
        await process.begin();
        if (this.#life !== undefined) await process.start(this.#life);
      } catch (error) {
        handle?.log.error({ err: error }, `${name} could not be switched ${off ? "off" : "on"}`);
      }
    });
  }

  prosodyStarted(): void {
    for (const { process } of this.#known.values()) void process.prosodyStarted();
  }

  async stop(isLast: boolean): Promise<void> {
    this.#life = undefined;
    await this.#switching;
    await Promise.all([...this.#known.values()].map(({ process }) => process.stop(isLast)));
  }

  /** Ends the handlers that are still at work. */
  abort(): void {
    for (const { process } of this.#known.values()) process.abort();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#known.values()].map(({ process }) => process.kill()));
  }
}

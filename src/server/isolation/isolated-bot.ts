import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { type Logger, pino } from "pino";
import type { WebEnv } from "../../bot/index.ts";
import type { Arrival, Outcome, RemoteBot } from "../../dispatch/index.ts";
import type { Stanza } from "../../stanza/index.ts";
import type { QueueEntry, Store, Write } from "../../store/index.ts";
import type { Brief, WebAnswer, WebRequest, WrittenDirectory } from "./brief.ts";
import { Channel } from "./channel.ts";
import { storeProcedures } from "./remote-store.ts";
import { type PlainSender, readOutcome, senderProcedures, type WrittenOutcome, xmlOf } from "./wire.ts";

/** What an {@link IsolatedBot} takes. */
export interface IsolatedBotOptions {
  readonly brief: Brief;
  /** The bot's address. */
  readonly address: string;
  /** For how long its process may not answer, in milliseconds, before it is killed: the bot's `timeout`. */
  readonly timeout: number;
  /** The most memory that its JavaScript may take, in MiB; default: what Node.js allows. */
  readonly memory: number | undefined;
  /** How it tells people of failures. */
  readonly words: Pick<Outcome & { kind: "crash" }, "texts">;
  readonly log: Logger;
  /** Takes the lines that its process logs. */
  readonly lines: Logger;
  readonly store: Store;
  /** Sends through the outbox, and past it. */
  readonly outbox: PlainSender;
  readonly rest: PlainSender;
  /** The bots of the mount. */
  readonly directory: () => WrittenDirectory;
  /** Told when the process is there, and when it is gone. */
  readonly onState: (isUp: boolean) => void;
  /** Told of all that it has written. */
  readonly onCommit: (writes: readonly Write[]) => void;
}

type Admit = WebEnv["Bindings"]["admit"];

/** A bot's process has ended, so that nothing comes of what was asked of it. */
class ProcessEndedError extends Error {
  override name = "ProcessEndedError";
  readonly isStuck: boolean;

  constructor(message: string, isStuck: boolean) {
    super(message);
    this.isStuck = isStuck;
  }
}

/** How often a process is asked whether it is still there, in milliseconds. */
const ASK_EVERY = 1_000;

/** How many stanzas may wait to be answered by it: a process that is stuck answers none. */
const MOST_OPEN = 1_000;

/** How long a process may take to begin, in milliseconds. */
const LONGEST_BEGIN = 60_000;

/** The pauses before a process that has ended is started again, in milliseconds; after a good minute it is the shortest. */
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;
const GOOD_FOR = 60_000;

/** How long what was under way may take to end when all is to end, in milliseconds. */
const LAST_WORDS = 500;

/** Keeps the process of one bot: starts it, talks to it, kills it when it does not answer, and starts it again when it has ended. */
export class IsolatedBot implements RemoteBot {
  readonly #options: IsolatedBotOptions;
  #child: ChildProcess | undefined;
  #channel: Channel | undefined;
  #isUp = false;
  #isStuck = false;
  /** Whether it is to be there. */
  #wanted = false;
  #life: string | undefined;
  #upSince = 0;
  /** Stanzas whose callbacks wait for it. */
  #open = 0;
  #failures = 0;
  #fetches = 0;
  /** By the numbers of the requests that are under way. */
  readonly #admitting = new Map<number, Admit>();
  #restart: NodeJS.Timeout | undefined;
  /** What is being written down for the next process. */
  readonly #writing = new Set<Promise<unknown>>();
  #hasWritten = false;

  constructor(options: IsolatedBotOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isFull(): boolean {
    return this.#open >= MOST_OPEN;
  }

  /**
   * Starts the process. Where that ends at once it is started again, later.
   *
   * @throws whatever is wrong with the bot or its configuration; then there is no process.
   */
  async begin(): Promise<void> {
    this.#wanted = true;
    try {
      await this.#spawn();
    } catch (error) {
      if (error instanceof ProcessEndedError) return;
      await this.kill();
      throw error;
    }
  }

  /** Lets the bot begin, also in every later process. */
  async start(life: string): Promise<void> {
    this.#life = life;
    if (this.#isUp) await this.#tell("start", life);
  }

  /** @throws Error where the newer version does not start; the older one goes on. */
  async reload(): Promise<void> {
    if (this.#isUp) await this.#channel?.call("reload");
    else if (this.#wanted) await this.#spawnNow();
  }

  /** Tells the process which bots there are. */
  async list(): Promise<void> {
    if (this.#isUp) await this.#tell("list", this.#options.directory());
  }

  async dispatch(stanza: Stanza, arrival: Arrival): Promise<Outcome> {
    const { words, log } = this.#options;
    this.#open += 1;
    try {
      const outcome = await this.#call<WrittenOutcome>("dispatch", xmlOf(stanza), arrival);
      return readOutcome(outcome, words);
    } catch (error) {
      if (!(error instanceof ProcessEndedError))
        log.error({ err: error }, "a stanza could not be brought to its process");
      const isStuck = error instanceof ProcessEndedError && error.isStuck;
      // Whether what was said in a room was meant for the bot, or came from it, its process alone knew: there nobody is told.
      const again = stanza.kind === "message" && stanza.type === "groupchat";
      return { kind: isStuck ? "timeout" : "crash", again, ...words };
    } finally {
      this.#open -= 1;
    }
  }

  expect(writing: Promise<unknown>): void {
    this.#hasWritten = true;
    this.#writing.add(writing);
    const written = (): void => void this.#writing.delete(writing);
    writing.then(written, written);
  }

  async takeDue(entry: QueueEntry): Promise<void> {
    // What a process has not taken stays in its queue, for the next one.
    await this.#tell("takeDue", entry);
  }

  /** Calls a web hook. @param admit asked by its process, before the handler runs. */
  async fetch(request: WebRequest, admit: Admit): Promise<WebAnswer> {
    this.#fetches += 1;
    const number = this.#fetches;
    this.#admitting.set(number, admit);
    try {
      return await this.#call("fetch", number, request);
    } finally {
      this.#admitting.delete(number);
    }
  }

  /** Prosody has started, so that its rooms may not know the bot. */
  async prosodyStarted(): Promise<void> {
    if (this.#isUp) await this.#tell("prosodyStarted");
  }

  /** Lets its handlers finish and the bot end, and ends the process. */
  async stop(isLast: boolean): Promise<void> {
    this.#wanted = false;
    this.#life = undefined;
    if (this.#isUp) await this.#tell("stop", isLast);
    await this.kill();
  }

  /** Ends the handlers that are still at work, and soon the process. */
  abort(): void {
    if (this.#isUp) void this.#tell("abort");
    setTimeout(() => this.#child?.kill("SIGKILL"), LAST_WORDS).unref();
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async #spawnNow(): Promise<void> {
    clearTimeout(this.#restart);
    await this.#spawn();
  }

  async #spawn(): Promise<void> {
    const { brief, directory, onState, memory, store, outbox, rest, address, onCommit, lines } =
      this.#options;
    const url = new URL(`./child${extname(import.meta.url)}`, import.meta.url);
    const child = fork(url, {
      serialization: "advanced",
      execArgv: [...ownArguments(), ...(memory === undefined ? [] : [`--max-old-space-size=${memory}`])],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const post = (message: unknown): void => {
      // One that is gone is told of by its end.
      if (child.connected) child.send(message as object, () => undefined);
    };
    const channel = new Channel(post, {
      ...storeProcedures(store, address, onCommit),
      ...senderProcedures("outbox", outbox),
      ...senderProcedures("rest", rest),
      log: (line: string) => write(lines, line),
      admit: (fetch: number, verified: boolean) => this.#admitting.get(fetch)?.(verified),
    });
    this.#child = child;
    this.#channel = channel;
    this.#isStuck = false;
    child.on("message", (message) => channel.receive(message));
    const watching = this.#watch(child, channel);
    const gone = (why: string): void => {
      clearInterval(watching);
      this.#gone(child, channel, why);
    };
    child.once("error", (error) => gone(error.message));
    child.once("exit", (code, signal) => gone(signal === null ? `with the code ${code}` : `by ${signal}`));
    await channel.call("begin", brief, directory());
    // What was written down meanwhile comes before what is brought to it.
    while (this.#hasWritten) {
      this.#hasWritten = false;
      await Promise.allSettled(this.#writing);
      await channel.call("takeWaiting");
    }
    this.#isUp = true;
    this.#upSince = Date.now();
    onState(true);
    if (this.#life !== undefined) await this.#tell("start", this.#life);
  }

  /** Kills a process that has not answered for too long. */
  #watch(child: ChildProcess, channel: Channel): NodeJS.Timeout {
    const { timeout, log } = this.#options;
    let answered = Date.now();
    let asked = false;
    return setInterval(
      () => {
        const silence = Date.now() - answered;
        if (silence >= (this.#isUp ? timeout : Math.max(timeout, LONGEST_BEGIN)) && !this.#isStuck) {
          this.#isStuck = true;
          log.error(`its process has not answered for ${silence} ms, and is killed`);
          child.kill("SIGKILL");
        }
        if (asked) return;
        asked = true;
        const heard = (): void => {
          asked = false;
          answered = Date.now();
        };
        channel.call("ping").then(heard, () => undefined);
      },
      Math.min(ASK_EVERY, timeout / 2),
    );
  }

  #gone(child: ChildProcess, channel: Channel, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const wasUp = this.#isUp;
    this.#isUp = false;
    channel.end(new ProcessEndedError(`the process of the bot has ended ${how}`, this.#isStuck));
    this.#options.onState(false);
    if (!this.#wanted) return;
    if (wasUp && Date.now() - this.#upSince > GOOD_FOR) this.#failures = 0;
    this.#failures += 1;
    const pause = Math.min(SHORTEST_PAUSE * 2 ** (this.#failures - 1), LONGEST_PAUSE);
    const { log } = this.#options;
    log.error(`its process has ended ${how}, and is started again in ${pause} ms`);
    this.#restart = setTimeout(() => {
      this.#spawn().catch((error: unknown) => {
        // Of one that has ended, its end has told.
        if (error instanceof ProcessEndedError) return;
        log.error({ err: error }, "it could not be set up in its new process");
        this.#child?.kill("SIGKILL");
      });
    }, pause);
  }

  /** Has the process do something; that it is gone is told elsewhere. */
  async #tell(procedure: string, ...args: readonly unknown[]): Promise<void> {
    try {
      await this.#call(procedure, ...args);
    } catch (error) {
      if (error instanceof ProcessEndedError) return;
      this.#options.log.error({ err: error }, `its process could not ${procedure}`);
    }
  }

  async #call<Result = void>(procedure: string, ...args: readonly unknown[]): Promise<Result> {
    if (this.#channel === undefined) throw new ProcessEndedError("the bot has no process", false);
    return await this.#channel.call<Result>(procedure, ...args);
  }
}

/** How this process runs TypeScript; not what is about this process alone. */
function ownArguments(): string[] {
  return process.execArgv.filter((each) => !/^--(?:test|inspect|max-old-space-size|expose)/.test(each));
}

/** A line of the log, as pino writes it. */
interface Line {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

function write(log: Logger, line: string): void {
  const { level, time: _, msg, err, ...rest } = JSON.parse(line) as Line;
  const name = pino.levels.labels[level];
  const error = err && { err: Object.assign(new Error(err.message), err) };
  if (name !== undefined && name in log) log[name as "info"]({ ...rest, ...error }, msg);
}

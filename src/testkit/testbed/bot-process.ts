import type { Logger } from "pino";
import type { Bot } from "../../bot/index.ts";
import { type Answer, encodeAnswer, respond } from "../../callback/index.ts";
import { Dispatcher, Mount } from "../../dispatch/index.ts";
import { bearer, Outbox, RestClient } from "../../outbound/index.ts";
import { BotHost } from "../../server/bot-host.ts";
import { services } from "../../services/index.ts";
import { type Stanza, XmlWriteError } from "../../stanza/index.ts";
import type { CallbackResponse } from "../double/reply-rules.ts";
import { DirectTransport } from "./direct-transport.ts";
import { mortalStore } from "./mortal-store.ts";
import { BOTS, type Site, TOKEN } from "./site.ts";
import { MortalClock } from "./test-clock.ts";

/** How often to look for what other processes queued: there are none. */
const NEVER = 2 ** 31 - 1;

/** One life of the bots' process: the pieces of a server without its HTTP. It can be killed. */
export class BotProcess {
  readonly mount: Mount;
  /** Resolves when it is killed. */
  readonly ended: Promise<undefined>;
  readonly #site: Site;
  readonly #clock: MortalClock;
  readonly #log: Logger;
  readonly #client: RestClient;
  readonly #outbox: Outbox;
  readonly #dispatcher: Dispatcher;
  readonly #host: BotHost;
  readonly #end: PromiseWithResolvers<undefined> = Promise.withResolvers();
  #over = false;

  /** @param bots in a test of one bot, it alone. */
  constructor(site: Site, bots: readonly Bot[]) {
    this.#site = site;
    this.ended = this.#end.promise;
    this.#clock = new MortalClock(site.clock);
    const isOver = (): boolean => this.#over;
    this.#log = site.log(isOver);
    const store = mortalStore(site.store, site.activity, isOver);
    const client = new RestClient({
      url: "http://localhost/rest",
      host: BOTS,
      domain: BOTS,
      credentials: bearer(TOKEN),
      transport: new DirectTransport(site, isOver),
    });
    this.#client = client;
    this.#outbox = new Outbox({
      store,
      clients: new Map([[BOTS, client]]),
      logger: this.#log,
      lookEvery: NEVER,
      clock: this.#clock,
      onBounce: (_, error) => void this.#dispatcher.dispatch(error.stanza),
    });
    const host = bots.some(({ name }) => name === "help") ? "help" : undefined;
    this.mount = new Mount(BOTS, { host });
    this.#host = new BotHost({
      mount: this.mount,
      sender: this.#outbox,
      roomSender: client,
      log: this.#log,
      store,
      host,
      clock: this.#clock,
      rooms: {},
      files: site.files,
      permissions: site.permissions,
      onAwake: () => this.#dispatcher.startTimers(),
    });
    this.#dispatcher = new Dispatcher({
      mounts: [this.mount],
      fallback: services(),
      store,
      clock: this.#clock,
      log: this.#log,
    });
    this.#host.onRefused = (stanza) => void this.#dispatcher.dispatch(stanza);
  }

  /** @throws ZodError when a configuration does not fit its bot. */
  async start(bots: readonly Bot[], configs: ReadonlyMap<string, unknown>): Promise<void> {
    for (const bot of bots) await this.#host.put(bot, configs.get(bot.name));
    this.#outbox.start();
    await this.#dispatcher.recover();
    this.#host.start();
    await this.#dispatcher.startTimers();
  }

  /** Takes a callback, and tells how it is answered, as the callback routes do. */
  async take(
    stanza: Stanza,
    arrival: { readonly id: string; readonly repeated: boolean },
  ): Promise<CallbackResponse> {
    const outcome = await this.#dispatcher.dispatch(stanza, arrival);
    const answer = respond(stanza, outcome, true);
    if (answer.receipt !== undefined) void this.#client.send(answer.receipt).catch(() => undefined);
    const response = this.#encode(stanza, answer);
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? undefined,
      body: await response.text(),
    };
  }

  /** Calls a web hook; what is refused is told to `refused`. */
  async call(bot: string, request: Request, refused: (why: string) => void): Promise<Response | undefined> {
    const refuse = (why: string): Response => {
      refused(why);
      return new Response(null, { status: 401 });
    };
    return await this.#host.web(bot)?.app.fetch(request, { refuse, admit: () => undefined });
  }

  /** Resolves when every handler is through. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  /** Ends it as `kill -9` does: nothing that it was at is finished, and nothing that it does from now on gets anywhere. */
  kill(): void {
    this.#over = true;
    this.#site.serve(undefined);
    this.#clock.end();
    this.#end.resolve(undefined);
    this.#dispatcher.abort();
    // What a process had open is closed when it ends, however that is.
    void this.#host.close();
  }

  /** Lets the bots stop. */
  async stop(): Promise<void> {
    await this.#dispatcher.stopTimers();
    await this.#host.stop(true);
    await this.#site.activity.settled();
    this.kill();
  }

  #encode(stanza: Stanza, answer: Answer): Response {
    try {
      return encodeAnswer(answer, "xml", true);
    } catch (error) {
      if (!(error instanceof XmlWriteError)) throw error;
      this.#log.error({ err: error }, "a reply cannot be written as XML");
      return encodeAnswer(respond(stanza, { kind: "crash", again: false }), "xml", true);
    }
  }
}

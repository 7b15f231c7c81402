import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Logger } from "pino";
import { drain, Refusal, readBody } from "../../callback/index.ts";
import type { Pace } from "../../outbound/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import type { BotWeb } from "./bot-web.ts";
import { type Call, Places } from "./places.ts";

/** What is asked of the bots for each request. */
export interface FoundWeb extends BotWeb {
  /** Whether the bot is at work; while it is not, senders are told to try again. */
  readonly open: boolean;
}

/** What {@link hooksApp} takes. */
export interface HooksOptions {
  /** Finds the web hooks of a bot by what follows `/bots/`: its name, or its name and the domain, such as `github@bots.example.org`. */
  readonly find: (bot: string) => FoundWeb | undefined;
  readonly log: Logger;
  /** The largest body, in bytes. */
  readonly maxBytes: number;
  /** How long a handler may take, in milliseconds. */
  readonly timeout: number;
  /** How many requests may be under way for one bot, how many more may be looked at, and of how many more the body may be on its way. */
  readonly concurrency: number;
  /** How often one bot may be called by those who have a secret, and how often by others where it asks for none. */
  readonly rate: Pace;
  /** Told of each request; `bot` is empty where there is no such bot. */
  readonly onAnswered?: (bot: string, status: number) => void;
  readonly clock?: Clock;
}

/** How often to log why requests are refused, in milliseconds, for each bot. */
const LOG_EVERY = 10_000;

/** For how long to wait before trying again, in seconds, where nothing else is known. */
const RETRY_AFTER = 60;

/** What is known of the calls of one bot. */
interface Calls {
  readonly places: Places;
  /** Requests of which all has yet to come, the one that has taken the longest first. */
  readonly reading: Set<HttpBindings["incoming"]>;
  loggedAt: number;
}

/** Brings what comes to `/bots/NAME/…` to that bot. Whatever is no bot's answer has no body: it tells strangers nothing. */
export function hooksApp(options: HooksOptions): Hono<{ Bindings: HttpBindings }> {
  const { find, maxBytes, timeout, concurrency, rate, onAnswered, clock = SYSTEM_CLOCK } = options;
  const calls = new Map<string, Calls>();

  const callsOf = ({ jid, log }: FoundWeb["handle"]): Calls => {
    const known = calls.get(`${jid}`);
    if (known !== undefined) return known;
    const warnOf = (message: string): void => warn(log, fresh, message);
    const fresh: Calls = {
      places: new Places({ concurrency, rate, clock, warn: warnOf }),
      reading: new Set<HttpBindings["incoming"]>(),
      loggedAt: Number.NEGATIVE_INFINITY,
    };
    calls.set(`${jid}`, fresh);
    return fresh;
  };

  const warn = (log: Logger, own: Calls, message: string): void => {
    if (clock.now() - own.loggedAt < LOG_EVERY) return;
    own.loggedAt = clock.now();
    log.warn(`a web hook was refused: ${message}`);
  };

  /** Reads a body. Who sends theirs so slowly that they would keep others out makes room for these. */
  const read = async (log: Logger, own: Calls, request: HttpBindings["incoming"]): Promise<Uint8Array> => {
    const [slowest] = own.reading;
    if (slowest !== undefined && own.reading.size >= concurrency) {
      warn(log, own, `${own.reading.size} are still to send the rest of theirs, and the slowest makes room`);
      own.reading.delete(slowest);
      slowest.destroy();
    }
    own.reading.add(request);
    try {
      return await readBody(request, maxBytes);
    } finally {
      own.reading.delete(request);
    }
  };

  /** Answers by the time that there is, whatever the handler does. */
  const inTime = async (
    { app, handle }: BotWeb,
    own: Calls,
    place: Call,
    make: (signal: AbortSignal) => Request,
  ): Promise<Response> => {
    const refuse = (why: string): Response => {
      warn(handle.log, own, why);
      return empty(401);
    };
    const late = new AbortController();
    const over = Promise.withResolvers<Response>();
    const stopTimer = clock.after(timeout, () => {
      handle.log.error(`${handle.name} was not through with a web hook after ${timeout} ms`);
      late.abort();
      over.resolve(empty(503, RETRY_AFTER));
    });
    try {
      const answer = Promise.resolve(app.fetch(make(late.signal), { refuse, admit: place.admit }));
      // Nobody waits for it any more once it is late.
      answer.catch(() => undefined);
      return await Promise.race([answer, over.promise]);
    } finally {
      stopTimer();
      place.leave();
    }
  };

  const call = async (
    found: FoundWeb,
    own: Calls,
    target: string,
    request: HttpBindings["incoming"],
  ): Promise<Response> => {
    const { log } = found.handle;
    const { method = "GET" } = request;
    if (!METHODS.has(method)) return empty(405);
    if (!found.open) return empty(503, RETRY_AFTER);
    try {
      const body = await read(log, own, request);
      const place = own.places.enter();
      if (place === undefined) return empty(503, 1);
      const url = `http://localhost${target}`;
      const headers = headersOf(request.rawHeaders);
      const withBody = method !== "GET" && method !== "HEAD";
      return await inTime(
        found,
        own,
        place,
        (signal) =>
          new Request(url, {
            method,
            headers,
            signal,
            ...(withBody && { body: body as Uint8Array<ArrayBuffer> }),
          }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.reason !== "too-large") return empty(400);
      warn(log, own, `its body is over ${maxBytes} bytes`);
      return empty(413);
    }
  };

  return new Hono<{ Bindings: HttpBindings }>()
    .all("/bots/*", async (c) => {
      const { incoming } = c.env;
      const [, bot = "", rest = "", query = ""] =
        /^\/bots\/([^/?]*)([^?]*)(.*)$/.exec(incoming.url ?? "") ?? [];
      const found = find(bot);
      const answer =
        found === undefined
          ? empty(404)
          : await call(found, callsOf(found.handle), `${rest || "/"}${query}`, incoming);
      if (!incoming.complete) await drain(incoming);
      onAnswered?.(found?.handle.name ?? "", answer.status);
      return answer;
    })
    .notFound(() => empty(404))
    .onError((error) => {
      options.log.error({ err: error }, "a web hook could not be handled");
      return empty(500);
    });
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function empty(status: number, retryAfter?: number): Response {
  return new Response(null, {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  });
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2)
    headers.append(raw[index] as string, raw[index + 1] as string);
  return headers;
}

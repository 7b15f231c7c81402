import {
  type HttpAnswer,
  type HttpCall,
  type HttpTransport,
  RestConnectionError,
} from "../../outbound/index.ts";
import { readXml } from "../../stanza/index.ts";
import { errorAnswer, type HttpAnswer as MountAnswer, RestError } from "../double/rest-error.ts";
import { isWords } from "./received.ts";
import type { Site } from "./site.ts";

/** Carries what a process sends to the mod_rest of the site, called directly. */
export class DirectTransport implements HttpTransport {
  readonly #site: Site;
  readonly #isOver: () => boolean;

  /** @param isOver whether the process was killed, so that nothing it sends arrives. */
  constructor(site: Site, isOver: () => boolean) {
    this.#site = site;
    this.#isOver = isOver;
  }

  async request(call: HttpCall): Promise<HttpAnswer> {
    const { activity, clock, mischief, transcript } = this.#site;
    call.signal?.throwIfAborted();
    activity.note();
    // As a real one, it takes a moment.
    await undefined;
    if (this.#isOver()) return await new Promise<never>(() => undefined);
    if (this.#site.away) throw failure("ECONNREFUSED", false);
    const mischance =
      call.patient !== true && isWords(readXml(call.body ?? "")) ? mischief.take("posts") : undefined;
    if (mischance?.kind === "drop") {
      transcript.note("a post is lost");
      throw failure("ECONNRESET", true);
    }
    if (mischance?.kind === "delay") {
      transcript.note("a post is delayed");
      await new Promise<void>((resolve) => clock.after(mischance.milliseconds, resolve));
    }
    const answer = await this.#answer(call);
    activity.note();
    if (this.#isOver()) return await new Promise<never>(() => undefined);
    if (mischance?.kind === "duplicate") {
      transcript.note("the answer to a post is lost");
      throw failure("ECONNRESET", true);
    }
    return answer;
  }

  async close(): Promise<void> {}

  destroy(): void {}

  async #answer({ method, path, headers, body = "", signal }: HttpCall): Promise<HttpAnswer> {
    const lowered = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const [pathname = "", query] = path.split(/\?(.*)/s);
    const rest = /^\/rest\/(.+)$/s.exec(pathname)?.[1];
    if (method === "POST" && rest === undefined) this.#site.transcript.add(readXml(body));
    const request = { method, path: rest && decodeURIComponent(rest), query, headers: lowered, body };
    try {
      return toHttp(await unlessAborted(this.#site.mount.handle(request), signal));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      return toHttp(errorAnswer(error.row, lowered["accept"] ?? ""));
    }
  }
}

function toHttp({ status, contentType, headers, body = "" }: MountAnswer): HttpAnswer {
  const type = contentType === undefined ? undefined : { "content-type": contentType };
  return { status, headers: { ...type, ...headers }, body: Buffer.from(body) };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function failure(code: "ECONNREFUSED" | "ECONNRESET", maybeDelivered: boolean): RestConnectionError {
  const what = maybeDelivered ? "the connection to Prosody broke" : "Prosody is away";
  return new RestConnectionError(`${what} (${code}), as the test has it`, {
    kind: "unavailable",
    code,
    retryable: !maybeDelivered,
    maybeDelivered,
  });
}

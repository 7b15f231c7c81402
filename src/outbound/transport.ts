import { Pool } from "undici";
import { Exchange, type HttpAnswer } from "./exchange.ts";
import type { RestClientSettings } from "./options.ts";

/** One HTTP request to Prosody. */
export interface HttpCall {
  readonly method: "GET" | "POST";
  /** With the query, if any. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the answer may be long in coming, as that of an IQ is. */
  readonly patient?: boolean | undefined;
  /** In milliseconds; default: that of the client. */
  readonly headersTimeout?: number | undefined;
}

/** @internal What carries requests to one Prosody. */
export interface HttpTransport {
  /**
   * Sends a request and reads the answer.
   *
   * @throws RestConnectionError when there is none; the reason of the signal when that aborts.
   */
  request(call: HttpCall): Promise<HttpAnswer>;
  /** Ends the connections once what is under way has been answered. */
  close(): Promise<void>;
  /** Ends the connections at once. */
  destroy(): void;
}

/** The connections to one Prosody. */
export class Transport implements HttpTransport {
  readonly #settings: RestClientSettings;
  readonly #brief: Pool;
  // An IQ holds its connection until it is answered; on connections of their own they cannot hold up messages.
  readonly #patient: Pool;
  readonly #headers: Readonly<Record<string, string>>;
  #destroyed: Promise<unknown> | undefined;

  constructor(settings: RestClientSettings) {
    this.#settings = settings;
    this.#brief = pool(settings, settings.connections);
    this.#patient = pool(settings, settings.maxIqs);
    this.#headers = { host: settings.host, "user-agent": settings.userAgent };
  }

  request(call: HttpCall): Promise<HttpAnswer> {
    const exchange = new Exchange({
      maxBytes: this.#settings.maxResponseBytes,
      bodyTimeout: this.#settings.bodyTimeout,
      signal: call.signal,
      letRun: call.patient === true,
    });
    const pool = call.patient ? this.#patient : this.#brief;
    pool.dispatch(
      {
        method: call.method,
        path: call.path,
        headers: { ...this.#headers, ...call.headers },
        body: call.body ?? null,
        headersTimeout: call.headersTimeout ?? this.#settings.headersTimeout,
        // The exchange has its own, over the whole of the body: this one would start again with every byte.
        bodyTimeout: 0,
      },
      exchange,
    );
    return exchange.answer;
  }

  async close(): Promise<void> {
    await (this.#destroyed ?? Promise.all([this.#brief.close(), this.#patient.close()]));
  }

  destroy(): void {
    const error = Object.assign(new Error("closed"), { code: "UND_ERR_DESTROYED" });
    this.#destroyed ??= Promise.all([this.#brief.destroy(error), this.#patient.destroy(error)]);
  }
}

function pool(settings: RestClientSettings, connections: number): Pool {
  return new Pool(settings.url.origin, {
    connections,
    connect: { timeout: settings.connectTimeout },
    keepAliveTimeout: settings.keepAliveTimeout,
  });
}

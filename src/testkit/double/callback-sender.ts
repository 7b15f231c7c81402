import { Agent, type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import type { CallbackResponse } from "./reply-rules.ts";

/** How long Prosody waits for an answer, once connected, in milliseconds. */
const READ_TIMEOUT = 14 * 60_000;

/** One HTTP request of Prosody's. */
export interface OutgoingCallback {
  readonly url: string;
  readonly method: "OPTIONS" | "POST" | "GET";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What came back; `accept` is read from the answer to the probe only. */
export interface CallbackAnswer extends CallbackResponse {
  readonly accept: string | undefined;
}

/** What is known of a callback that got no complete HTTP response. */
export interface FailureOptions {
  /** Whether there was no server, or it broke off before a byte of its answer. */
  readonly isUnanswered: boolean;
  /** Whether it took too long. */
  readonly isTimeout?: boolean;
  /** Whether it went over a connection that had been used before. */
  readonly reused?: boolean;
  readonly cause?: unknown;
}

/** A callback that got no complete HTTP response. */
export class CallbackFailure extends Error {
  override name = "CallbackFailure";
  readonly isUnanswered: boolean;
  readonly isTimeout: boolean;
  readonly reused: boolean;

  constructor(message: string, { isUnanswered, isTimeout = false, reused = false, cause }: FailureOptions) {
    super(message, { cause });
    this.isUnanswered = isUnanswered;
    this.isTimeout = isTimeout;
    this.reused = reused;
  }
}

/** How callbacks are sent. */
export interface SenderOptions {
  /** Keep connections open between callbacks, as `mod_restanza_callback` does. Default `false`. */
  readonly lasting?: boolean;
  /** How many connections last at most. Default 64. */
  readonly connections?: number;
  /** How long to wait for an answer, connecting included, in milliseconds. Default: as long as Prosody, 14 minutes. */
  readonly timeout?: number;
}

/** How one callback is sent. */
export interface SendOptions {
  /** Called once the request is on its way as a whole. */
  readonly written?: () => void;
  /** Over a connection of its own. Default `false`. */
  readonly fresh?: boolean;
}

/** Sends callbacks; each {@link CallbackSender.send} rejects with a {@link CallbackFailure} when there is no complete HTTP response. */
export class CallbackSender {
  readonly #agent: Agent | undefined;
  readonly #timeout: number;
  readonly #stopping = new AbortController();

  constructor({ lasting = false, connections = 64, timeout = READ_TIMEOUT }: SenderOptions = {}) {
    this.#agent = lasting ? new Agent({ keepAlive: true, maxSockets: connections }) : undefined;
    this.#timeout = timeout;
  }

  /** Sends one request. */
  send(callback: OutgoingCallback, { written, fresh = false }: SendOptions = {}): Promise<CallbackAnswer> {
    const url = new URL(callback.url);
    const agent = fresh ? undefined : this.#agent;
    const { headers, raw } = withoutControls(headersOf(url, callback, agent !== undefined));
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: url.hostname,
        port: url.port || 80,
        path: targetOf(callback.url),
        method: callback.method,
        headers,
        setHost: false,
        signal: this.#stopping.signal,
        ...(agent === undefined ? { createConnection: () => rawConnection(url, raw) } : { agent }),
      });
      let isWritten = false;
      let isTimeout = false;
      let readBefore = 0;
      const timer = setTimeout(() => {
        isTimeout = true;
        outgoing.destroy(new Error("timeout"));
      }, this.#timeout);
      const fail = (cause: Error): void => {
        clearTimeout(timer);
        const isAnswering = (outgoing.socket?.bytesRead ?? 0) > readBefore;
        const isUnanswered = !isAnswering && !(isTimeout && isWritten);
        reject(
          new CallbackFailure(cause.message, {
            isUnanswered,
            isTimeout,
            reused: outgoing.reusedSocket,
            cause,
          }),
        );
      };
      outgoing.on("socket", (socket) => {
        readBefore = socket.bytesRead;
      });
      outgoing.on("error", fail);
      outgoing.on("finish", () => {
        isWritten = true;
        written?.();
      });
      outgoing.on("response", (response) =>
        readAnswer(response).then((answer) => {
          clearTimeout(timer);
          resolve(answer);
        }, fail),
      );
      outgoing.end(callback.body);
    });
  }

  /** Breaks off what is under way and closes every connection. */
  stop(): void {
    this.#stopping.abort();
    this.#agent?.destroy();
  }
}

function headersOf(url: URL, callback: OutgoingCallback, lasting: boolean): Record<string, string> {
  const { username, password, host } = url;
  const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    Host: host,
    "User-Agent": "Prosody XMPP Server",
    Connection: lasting ? "keep-alive" : "close",
    ...(username === "" ? undefined : { Authorization: `Basic ${Buffer.from(userinfo).toString("base64")}` }),
    ...(callback.body === undefined
      ? undefined
      : { "Content-Length": String(Buffer.byteLength(callback.body)) }),
    ...callback.headers,
  };
}

/** The path and query as they stand: `URL` would encode the braces of a placeholder that had no value. */
function targetOf(url: string): string {
  const target = /^http:\/\/[^/?#]*([^#]*)/.exec(url)?.[1] ?? "";
  return target.startsWith("/") ? target : `/${target}`;
}

/**
 * Prosody copies `xml:lang` into a header as it is, line breaks included. Node refuses to write such a header, so it is
 * given a stand-in, for which {@link rawConnection} puts the value back.
 */
function withoutControls(all: Record<string, string>): {
  headers: Record<string, string>;
  raw: ReadonlyMap<string, string>;
} {
  const raw = new Map<string, string>();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (/^[\t\x20-\x7e]*$/.test(value)) {
      headers[name] = value;
    } else {
      const standIn = `restanza-raw-value-${raw.size}`;
      raw.set(standIn, Buffer.from(value).toString("latin1"));
      headers[name] = standIn;
    }
  }
  return { headers, raw };
}

function rawConnection(url: URL, raw: ReadonlyMap<string, string>): Socket {
  const socket = connect({ host: url.hostname, port: Number(url.port || 80) });
  if (raw.size === 0) return socket;
  const write = socket.write.bind(socket) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let atHead = true;
  socket.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (!atHead) return write(chunk, ...rest);
    atHead = false;
    const head = Buffer.from(String(chunk), rest[0] === "latin1" ? "latin1" : "utf8").toString("latin1");
    let changed = head;
    for (const [standIn, value] of raw) changed = changed.replace(standIn, () => value);
    return write(
      Buffer.from(changed, "latin1"),
      ...rest.filter((argument) => typeof argument === "function"),
    );
  }) as Socket["write"];
  return socket;
}

async function readAnswer(response: IncomingMessage): Promise<CallbackAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"],
    accept: response.headers.accept,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

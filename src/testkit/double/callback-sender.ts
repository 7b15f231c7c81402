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

/** Sends callbacks; each {@link CallbackSender.send} rejects when there is no complete HTTP response. */
export class CallbackSender {
  readonly #agent: Agent | undefined;
  readonly #stopping = new AbortController();

  /** @param lasting keep connections open between callbacks, as `mod_restanza_callback` does. */
  constructor(lasting: boolean) {
    this.#agent = lasting ? new Agent({ keepAlive: true, maxSockets: 64 }) : undefined;
  }

  /**
   * Sends one request.
   *
   * @param written called once the request is on its way as a whole.
   */
  send(callback: OutgoingCallback, written?: () => void): Promise<CallbackAnswer> {
    const url = new URL(callback.url);
    const { headers, raw } = withoutControls(this.#headers(url, callback));
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: url.hostname,
        port: url.port || 80,
        path: targetOf(callback.url),
        method: callback.method,
        headers,
        setHost: false,
        signal: this.#stopping.signal,
        timeout: READ_TIMEOUT,
        ...(this.#agent === undefined
          ? { createConnection: () => rawConnection(url, raw) }
          : { agent: this.#agent }),
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("read timeout")));
      outgoing.on("error", reject);
      outgoing.on("finish", () => written?.());
      outgoing.on("response", (response) => readAnswer(response).then(resolve, reject));
      outgoing.end(callback.body);
    });
  }

  /** Breaks off what is under way and closes every connection. */
  stop(): void {
    this.#stopping.abort();
    this.#agent?.destroy();
  }

  #headers(url: URL, callback: OutgoingCallback): Record<string, string> {
    const { username, password, host } = url;
    const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      Host: host,
      "User-Agent": "Prosody XMPP Server",
      Connection: this.#agent === undefined ? "close" : "keep-alive",
      ...(username === ""
        ? undefined
        : { Authorization: `Basic ${Buffer.from(userinfo).toString("base64")}` }),
      ...(callback.body === undefined
        ? undefined
        : { "Content-Length": String(Buffer.byteLength(callback.body)) }),
      ...callback.headers,
    };
  }
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

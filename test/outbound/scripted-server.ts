import { EventEmitter, once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  type Credentials,
  componentSecret,
  RestClient,
  type RestClientOptions,
} from "../../src/outbound/index.ts";

/** A request as the server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** What the server does with a request. */
export type Script = (request: Received) => void;

/** A server on loopback that does what the test says, over real connections. */
export class ScriptedServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly sockets: Socket[] = [];
  script: Script = (request) => status(request, 202);
  readonly #server: Server;
  readonly #events = new EventEmitter();

  private constructor() {
    this.#server = createServer(async (message, response) => {
      // Clients of these tests go away in the middle.
      for (const stream of [message, response]) stream.on("error", () => {});
      let body = "";
      message.setEncoding("utf8");
      for await (const chunk of message) body += chunk;
      const { method = "", url = "", headers, socket } = message;
      const request = { method, path: url, headers, body, response, socket };
      this.received.push(request);
      this.script(request);
      this.#events.emit("request");
    });
    this.#server.on("connection", (socket) => {
      socket.on("error", () => {});
      this.sockets.push(socket);
    });
  }

  static async start(script?: Script, port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    if (script) server.script = script;
    server.#server.listen(port, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when that many requests have come. */
  async requests(count: number): Promise<void> {
    while (this.received.length < count) await once(this.#events, "request");
  }

  get bodies(): string[] {
    return this.received.map((request) => request.body);
  }

  client(options: Partial<RestClientOptions> & { credentials?: Credentials } = {}): RestClient {
    return new RestClient({
      url: `${this.origin}/rest`,
      host: "bots.test",
      credentials: componentSecret("bots.test", "very-secret-secret"),
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** Answers with a status and no body. */
export function status({ response }: Received, code: number): void {
  response.writeHead(code).end();
}

/** Answers with XML. */
export function xml({ response }: Received, body: string, code = 200): void {
  response.writeHead(code, { "content-type": "application/xmpp+xml" }).end(body);
}

/** Answers with JSON. */
export function json({ response }: Received, body: unknown, code = 200): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A stream error, as mod_rest tells its own. */
export function streamError(condition: string, text?: string): string {
  const ns = "urn:ietf:params:xml:ns:xmpp-streams";
  const words = text === undefined ? "" : `<text xmlns='${ns}'>${text.replaceAll("'", "&apos;")}</text>`;
  return `<error xmlns='http://etherx.jabber.org/streams'><${condition} xmlns='${ns}'/>${words}</error>`;
}

/** The page that Prosody shows. */
export function page(title: string, extra = ""): string {
  return `<!DOCTYPE html>\n<html>\n<head>\n<title>${title}</title>\n<style>body{margin:1}</style>\n</head>\n<body>\n<h1>${title}</h1>\n<p>Whatever you were looking for is not here.</p>\n<p class="extra">${extra}</p>\n</body>\n</html>\n`;
}

/** The id of the stanza in a body. */
export function idOf(body: string): string {
  return / id="([^"]+)"/.exec(body)?.[1] ?? "";
}

/** Answers an IQ with a result. */
export function result(request: Received, payload = ""): void {
  xml(request, `<iq type='result' id='${idOf(request.body)}'>${payload}</iq>`);
}

/** What a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}

/** Resolves when a connection is closed, in order or not. */
export async function gone(socket: Socket | undefined): Promise<void> {
  if (socket === undefined || socket.destroyed) return;
  await new Promise((resolve) => socket.once("close", resolve));
}

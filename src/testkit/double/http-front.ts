import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { percentDecode } from "./form.ts";
import { errorAnswer, type HttpAnswer, htmlPage, LuaCrash, RestError } from "./rest-error.ts";
import type { RestMount, RestRequest } from "./rest-mount.ts";

/** Beyond `rest_stanza_size_limit` there is nothing to read; Prosody's own HTTP limit, in bytes. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** Answers a path that is not `/rest`; `undefined` where it does not know it. */
export type ExtraRoute = (
  domain: string,
  request: RestRequest & { readonly pathname: string },
) => Promise<HttpAnswer | undefined>;

/** Prosody's HTTP port: chooses the host by the `Host` header and hands requests to its `mod_rest`. */
export class HttpFront {
  readonly #mounts = new Map<string, RestMount>();
  readonly #defaultHost: string;
  readonly #extra: ExtraRoute;
  readonly #server: Server;

  /** @param defaultHost answers where the `Host` header names no host of ours. */
  constructor(defaultHost: string, extra: ExtraRoute) {
    this.#defaultHost = defaultHost;
    this.#extra = extra;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  mount(domain: string, mount: RestMount): void {
    this.#mounts.set(domain, mount);
  }

  /**
   * Starts to listen.
   *
   * @throws TypeError when the address is not a loopback one: the double takes passwords in the clear.
   */
  async listen(host: string, port: number): Promise<number> {
    if (!/^(?:127(?:\.\d{1,3}){3}|::1)$/.test(host)) {
      throw new TypeError(
        `the double would listen on ${host}, where others can reach it; it takes test passwords in the clear, so give it 127.0.0.1 or ::1`,
      );
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const accept = incoming.headers.accept ?? "";
    let answer: HttpAnswer;
    try {
      answer = await this.#answer(incoming);
    } catch (error) {
      if (error instanceof RestError) {
        answer = { ...errorAnswer(error.row, accept), headers: this.#challenge(incoming) };
      } else {
        // Stands for a Lua error, as which a defect of the double itself is shown too.
        const text = error instanceof LuaCrash ? undefined : String(error);
        answer = { status: 500, contentType: "text/html; charset=utf-8", body: htmlPage(500, text) };
        response.shouldKeepAlive = false;
      }
    }
    response.writeHead(answer.status, {
      ...(answer.contentType === undefined ? undefined : { "Content-Type": answer.contentType }),
      ...answer.headers,
      "Content-Length": Buffer.byteLength(answer.body ?? ""),
    });
    response.end(answer.body);
  }

  #domainOf(incoming: IncomingMessage): string {
    const named = (incoming.headers.host ?? "").replace(/:\d+$/, "");
    return this.#mounts.has(named) ? named : this.#defaultHost;
  }

  #challenge(incoming: IncomingMessage): Record<string, string> {
    if (incoming.headers.authorization !== undefined) return {};
    const realm = `realm="${this.#domainOf(incoming)}/rest"`;
    return { "WWW-Authenticate": `basic ${realm}, bearer ${realm}` };
  }

  async #answer(incoming: IncomingMessage): Promise<HttpAnswer> {
    const [pathname = "/", query] = (incoming.url ?? "/").split(/\?(.*)/s);
    const domain = this.#domainOf(incoming);
    const path = /^\/rest\/(.*)$/s.exec(pathname)?.[1];
    const request: RestRequest = {
      method: incoming.method === "GET" ? "GET" : "POST",
      path: path === undefined ? undefined : percentDecode(path),
      query,
      headers: incoming.headers as Record<string, string | undefined>,
      body: await readBody(incoming),
    };
    const isRest = pathname === "/rest" || pathname.startsWith("/rest/");
    if (!isRest) return (await this.#extra(domain, { ...request, pathname })) ?? notFound();
    if (incoming.method === "GET" && path === undefined)
      return { status: 301, headers: { Location: "/rest/" } };
    const mount = this.#mounts.get(domain);
    const known = incoming.method === "POST" || incoming.method === "GET";
    return mount === undefined || !known ? notFound() : mount.handle(request);
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new RestError("size");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function notFound(): HttpAnswer {
  return { status: 404, contentType: "text/html; charset=utf-8", body: htmlPage(404) };
}

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { BotHost } from "./bot-host.ts";
import type { CheckedConfig } from "./config.ts";
import { hooksApp } from "./hooks/index.ts";
import { listen } from "./listen.ts";
import type { Metrics } from "./metrics.ts";
import { OpenRequests } from "./open-requests.ts";

/** The largest head of a request from anywhere, in bytes. */
const LARGEST_HEAD = 16 * 1024;

/** How many may be connected at once. */
const MOST_CONNECTIONS = 1_000;

/** One domain with its bots. */
interface Part {
  readonly mount: { readonly domain: string };
  readonly host: Pick<BotHost, "web" | "callable">;
}

/** Where the web hooks of the bots are served. */
export class WebServer {
  /** What answers them. */
  readonly app: Hono<{ Bindings: HttpBindings }> | undefined;
  readonly #config: CheckedConfig;
  readonly #log: Logger;
  readonly #parts: readonly Part[];
  #server: Server | undefined;
  #requests: OpenRequests | undefined;

  constructor(config: CheckedConfig, parts: readonly Part[], metrics: Metrics, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#parts = parts;
    this.app =
      config.web &&
      hooksApp({
        ...config.web,
        find: (bot) => {
          const [name = "", domain] = bot.split("@", 2);
          for (const { mount, host } of parts) {
            const found = domain === undefined || domain === mount.domain ? host.web(name) : undefined;
            if (found !== undefined) return found;
          }
          return undefined;
        },
        log,
        onAnswered: (bot, status) => metrics.webAnswered(bot, status),
      });
  }

  /** Whether they are served where the callbacks are. */
  get isBeside(): boolean {
    const { web, host, port } = this.#config;
    return web !== undefined && port !== 0 && web.port === port && (web.host ?? host) === host;
  }

  /** Where it listens, where that is a port of its own. */
  get address(): AddressInfo | undefined {
    return this.#server?.address() as AddressInfo | undefined;
  }

  /** @throws ConfigError when the address cannot be had. */
  async start(): Promise<void> {
    const { web, host, timeouts } = this.#config;
    const callable = this.#parts.flatMap((part) => part.host.callable);
    if (web === undefined || this.app === undefined) {
      if (callable.length > 0)
        this.#log.warn(
          { bots: callable },
          "bots have web hooks, and nobody can call them: set WEB_PORT, or web in the configuration file",
        );
      return;
    }
    if (this.isBeside) return;
    const address = { host: web.host ?? host, port: web.port, timeouts };
    this.#server = await listen(this.app, address, {
      largestHead: LARGEST_HEAD,
      prefix: "WEB_",
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#requests = new OpenRequests(this.#server);
    this.#log.info(
      { bots: callable },
      `serving web hooks at http://${address.host}:${this.address?.port}/bots/NAME/`,
    );
  }

  /** Takes no more; resolves when those who have asked have their answers. */
  async stop(): Promise<void> {
    this.#requests?.refuse();
    await this.#requests?.answered();
  }

  /** Ends what is under way. */
  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

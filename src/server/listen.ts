import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type { CheckedConfig } from "./config.ts";
import { ConfigError } from "./load-config.ts";

/** Prosody copies an `xml:lang` of any length into the head; one that is over is refused without a look at whom it hits. */
const LARGEST_HEAD = 1024 * 1024;

/** What an address to listen on can be told besides. */
export interface ListenOptions {
  /** The largest head of a request, in bytes; default 1 MiB. */
  readonly largestHead?: number;
  /** What the names of the environment variables that set the address begin with; default: nothing, for `HOST` and `PORT`. */
  readonly prefix?: string;
}

/**
 * Serves an app on an address.
 *
 * @throws ConfigError when the address cannot be had, with what to do.
 */
export async function listen(
  app: Hono<{ Bindings: HttpBindings }>,
  { host, port, timeouts }: Pick<CheckedConfig, "host" | "port" | "timeouts">,
  { largestHead = LARGEST_HEAD, prefix = "" }: ListenOptions = {},
): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    // Where a request names none; the callbacks refuse that, as the request line allows it.
    hostname: "localhost",
    serverOptions: {
      headersTimeout: timeouts.head,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.idle,
      connectionsCheckingInterval: Math.min(1_000, timeouts.head),
      maxHeaderSize: largestHead,
      requireHostHeader: false,
    },
  }) as Server;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const mend =
      code === "EADDRINUSE"
        ? `something listens there already: stop it, or set ${prefix}PORT to another`
        : `${code}: set ${prefix}HOST and ${prefix}PORT to an address of this machine`;
    throw new ConfigError([`cannot listen on ${host}:${port}; ${mend}`]);
  }
  return server;
}

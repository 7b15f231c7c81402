import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

/** How long a client may take over the head of a request, in milliseconds. */
const HEADERS_TIMEOUT = 10_000;
/** How long it may take over a whole request. */
const REQUEST_TIMEOUT = 30_000;
/** How long a lasting connection of our Prosody module may be idle. */
const KEEP_ALIVE_TIMEOUT = 75_000;

/**
 * Serves an app on an address.
 *
 * @throws Error when the address cannot be had, with what to do.
 */
export async function listen(
  app: Hono<{ Bindings: HttpBindings }>,
  host: string,
  port: number,
): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      connectionsCheckingInterval: 1_000,
    },
  }) as Server;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const mend =
      code === "EADDRINUSE"
        ? "something listens there already: stop it, or set PORT to another"
        : `${code}: set HOST and PORT to an address of this machine`;
    throw new Error(`cannot listen on ${host}:${port}; ${mend}`, { cause: error });
  }
  return server;
}

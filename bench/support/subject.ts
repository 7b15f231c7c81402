/** A server to be measured, in a process of its own: `subject.ts KIND [DOMAIN]`. It tells its port, then its CPU time when asked. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { checkConfig, createLog, loadBots, startServer } from "../../src/server/index.ts";
import { AUTH, CONSTANT, DOMAIN, KEY, XML } from "./stanza.ts";

/** A server that can be measured. */
export type Kind = "node" | "hono" | "restanza" | "restanza-signed";

async function serve(kind: Kind): Promise<number> {
  switch (kind) {
    case "node":
      return await port(
        createServer((_, response) => {
          response.writeHead(200, { "content-type": XML, "content-length": CONSTANT.length });
          response.end(CONSTANT);
        }),
      );
    case "hono": {
      const app = new Hono().post("/callback", (c) => c.body(CONSTANT, 200, { "content-type": XML }));
      return await port(createAdaptorServer({ fetch: app.fetch }) as Server);
    }
    case "restanza":
    case "restanza-signed":
      return await restanza(kind === "restanza-signed" ? [KEY] : []);
  }
}

async function port(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** As `restanza serve` runs it, with the bundled bots. Nobody listens where it would send to: all it says rides inline. */
async function restanza(keys: string[]): Promise<number> {
  const config = checkConfig({
    port: 0,
    logLevel: "warn",
    mounts: [
      {
        domain: process.argv[3] ?? DOMAIN,
        catchAll: "echo",
        rest: { url: "http://127.0.0.1:9/rest", token: "unused" },
        callback: { auth: [AUTH], keys },
      },
    ],
  });
  const bots = (await loadBots(new URL("../../bots", import.meta.url).pathname)).map(({ bot }) => bot);
  const { address } = await startServer(config, bots, createLog(config.logLevel));
  return address.port;
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => process.exit());
process.send?.(await serve(process.argv[2] as Kind));

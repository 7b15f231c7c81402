/** A server to be measured, in a process of its own: `subject.ts KIND [DOMAIN]`. It tells its port, then its CPU time when asked. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { checkConfig, createLog, loadBots, startServer } from "../../src/server/index.ts";
import { AUTH, CONSTANT, DOMAIN, KEY, XML } from "./stanza.ts";

/** A server that can be measured. */
export type Kind =
  | "node"
  | "hono"
  | "restanza"
  | "restanza-signed"
  | "restanza-command"
  | "restanza-commands";

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
      return await restanza(await bundled(), kind === "restanza-signed" ? [KEY] : [], "echo");
    case "restanza-command":
      return await restanza([commanding("bot", 1)]);
    case "restanza-commands":
      return await restanza(Array.from({ length: 1_000 }, (_, number) => commanding(`bot${number}`, 50)));
  }
}

async function port(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function bundled(): Promise<Bot[]> {
  return (await loadBots(new URL("../../bots", import.meta.url).pathname)).map(({ bot }) => bot);
}

/** A bot with so many commands, `command0` among them. */
function commanding(name: string, commands: number): Bot {
  return defineBot({
    name,
    summary: "greets",
    routes(bot) {
      for (let number = 0; number < commands; number += 1) {
        bot.command({ name: `command${number}`, summary: "greets", run: () => "Hello" });
      }
    },
  }) as Bot;
}

/** As `restanza serve` runs it. Nobody listens where it would send to: all it says rides inline. */
async function restanza(bots: readonly Bot[], keys: string[] = [], catchAll?: string): Promise<number> {
  const config = checkConfig({
    port: 0,
    logLevel: "error",
    mounts: [
      {
        domain: process.argv[3] ?? DOMAIN,
        catchAll,
        rest: { url: "http://127.0.0.1:9/rest", token: "unused" },
        // The same callbacks come again and again, and each is news.
        callback: { auth: [AUTH], keys, dedupe: 0 },
      },
    ],
  });
  const { address } = await startServer(config, bots, createLog(config.logLevel));
  return address.port;
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => process.exit());
process.send?.(await serve(process.argv[2] as Kind));

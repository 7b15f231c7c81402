/**
 * restanza as `serve` runs it, in a process of its own: `node.ts STORE REST_PORT`, STORE being `memory`, a file or a URL of
 * PostgreSQL. It tells its port; asked for `cpu`, its CPU time; asked for `idle`, it answers when nothing waits.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "../../src/bot/index.ts";
import { checkConfig, createLog, openStore, startServer } from "../../src/server/index.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { AUTH, DOMAIN, KEY } from "./stanza.ts";

const bots = [
  { name: "echo", ack: "inline", speaks: true },
  { name: "ledger", ack: "durable", speaks: true },
  { name: "tally", ack: "durable", speaks: false },
].map(({ name, ack, speaks }) =>
  defineBot({
    name,
    summary: speaks ? "says back what is said" : "says nothing",
    ack: ack as "inline" | "durable",
    routes: (bot) => void bot.on("message:body", (ctx) => (speaks ? ctx.body : undefined)),
  }),
);

const [, , where = "memory", restPort] = process.argv;
const config = checkConfig({
  port: 0,
  logLevel: "warn",
  mounts: [
    {
      domain: DOMAIN,
      rest: { url: `http://127.0.0.1:${restPort}/rest`, token: "unused" },
      callback: { auth: [AUTH], keys: [KEY] },
    },
  ],
});
const log = createLog(config.logLevel);
const store = where === "memory" ? new MemoryStore() : await openStore(where, { log });
const { address, dispatcher } = await startServer(config, bots, log, store);

async function idle(): Promise<void> {
  for (;;) {
    await dispatcher.idle();
    const waiting = await Promise.all((["inbox", "outbox"] as const).map((queue) => store.counts(queue)));
    if (waiting.every((counts) => counts.waiting === 0)) return;
    await sleep(5);
  }
}

process.on("message", (asked) => {
  if (asked === "idle") void idle().then(() => process.send?.(0));
  else {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  }
});
process.on("disconnect", () => process.exit());
process.send?.(address.port);

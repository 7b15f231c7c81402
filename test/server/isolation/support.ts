import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { pino } from "pino";
import type { Bot } from "../../../src/bot/index.ts";
import {
  type Config,
  checkConfig,
  loadBotNamed,
  loadBots,
  type RunningServer,
  startServer,
} from "../../../src/server/index.ts";
import { type Message, readStanza } from "../../../src/stanza/index.ts";
import { MemoryStore, type Store } from "../../../src/store/index.ts";
import { AUTH, call } from "../../callback/support/harness.ts";
import { type Folder, FRAMEWORK, makeFolder } from "../folder.ts";

export const DOMAIN = "bots.test";

/** The text of a bot that does what people say, however unwise, in a process of its own. */
export function wildText(more = "isolate: true", version = "one"): string {
  return `import { setTimeout } from "node:timers/promises";
import { defineBot } from ${JSON.stringify(FRAMEWORK)};
import { verify } from ${JSON.stringify(new URL("../server/hooks/verify.ts", FRAMEWORK).href)};
import { StanzaError } from ${JSON.stringify(new URL("../stanza/index.ts", FRAMEWORK).href)};

const kept = [];

export default defineBot({
  name: "wild",
  summary: "does what you say",
  ${more},
  setup: (_, { cleanup, log }) => {
    cleanup.defer(() => log.info("the resources of wild are closed"));
    return ${JSON.stringify(version)};
  },
  routes(bot, _, version) {
    bot.hears("version", () => version);
    bot.hears("pid", () => String(process.pid));
    bot.hears("loop", (ctx) => {
      ctx.log.info("it loops");
      process.stderr.write("looping\\n");
      for (;;);
    });
    bot.hears("ready", () => { for (const said of ["ready", null, 7, {}]) process.send(said); return "set"; });
    bot.hears("exit", () => process.exit(3));
    bot.hears("leak", () => { for (;;) kept.push(Array.from({ length: 1_000 }, () => ({ kept }))); });
    bot.hears("throw", () => { throw new Error("a mistake of wild"); });
    bot.hears("forbid", () => { throw new StanzaError("forbidden", { text: "not you" }); });
    bot.hears(/^count$/, async (ctx) => {
      const count = ((await ctx.storage.get("count")) ?? 0) + 1;
      ctx.storage.set("count", count);
      return String(count);
    });
    bot.hears("set and exit", (ctx) => { ctx.storage.set("count", 100); process.exit(3); });
    bot.hears("twice", async (ctx) => { await ctx.reply("first"); return "second"; });
    bot.hears("slow", async (ctx) => { ctx.log.info("it is slow"); await setTimeout(700); return "at last"; });
    bot.hears("tell bob", async (ctx) => { await ctx.send("bob@example.com", "psst"); return "told"; });
    bot.hears("remind", async (ctx) => { await ctx.remind(1, "now"); return "noted"; });
    bot.hears("who", (ctx) => ctx.bot.directory.list().map(({ name }) => name).join(" "));
    const order = bot.dialog("order", async (d) => {
      const city = await d.ask("Which city?");
      if (city === "Atlantis") process.exit(3);
      return \`To \${city}.\`;
    });
    bot.hears("order", (ctx) => order.start(ctx));
    bot.command({ name: "double", summary: "doubles", run: () => "doubled" });
  },
  web(app, bot) {
    app.post("/secret", verify.bearer("a-secret"), (c) => c.body(null, 204));
    app.post("/hook", async (c) => {
      await c.var.send("alice@example.com", await c.req.text());
      return c.text(String(process.pid), 201, { "x-version": bot.resources });
    });
  },
  start: (bot) => bot.log.info("wild has started"),
});
`;
}

/** A server with bots of a folder, and what it sends. */
export interface Place extends AsyncDisposable {
  readonly server: RunningServer;
  readonly folder: Folder;
  readonly log: readonly string[];
  /** The bodies of what was posted. */
  readonly posts: readonly string[];
  /** Says something to a bot: what it answers inline, else its error's condition, else the status. */
  says(text: string, bot?: string, from?: string): Promise<string>;
  /** Says something until it is answered as a bot does that is well. */
  saysUntilWell(text: string): Promise<string>;
}

/** Starts one. */
export async function startPlace(
  bots: Readonly<Record<string, string>>,
  config: Partial<Config> = {},
  store: Store = new MemoryStore(),
): Promise<Place> {
  const folder = await makeFolder(bots);
  const posts: string[] = [];
  const rest = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const stanza = readStanza(body);
    posts.push(stanza.kind === "message" ? (stanza.body ?? "") : stanza.kind);
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(rest, "listening");
  const url = `http://127.0.0.1:${(rest.address() as AddressInfo).port}/rest`;
  const log: string[] = [];
  const checked = checkConfig({
    port: 0,
    web: { port: 0 },
    botsDir: folder.path,
    // What is said inline does not depend on how busy the machine is.
    deadline: 60_000,
    mounts: [{ domain: DOMAIN, rest: { url, token: "a-token" }, callback: { auth: [AUTH], dedupe: 0 } }],
    ...config,
  });
  const loaded = (await loadBots(folder.path)).map(({ bot }) => bot);
  const lines = pino({ level: "debug", base: null }, { write: (line: string) => void log.push(line) });
  const end = async (): Promise<void> => {
    rest.closeAllConnections();
    rest.close();
    await folder[Symbol.asyncDispose]();
  };
  const load = (name: string): Promise<Bot> => loadBotNamed(folder.path, name);
  const server = await startServer(checked, loaded, lines, store, load).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  let count = 0;
  const says = async (text: string, bot = "wild", from = "alice@example.com/phone"): Promise<string> => {
    count += 1;
    const to = `${bot}@${DOMAIN}`;
    const body = `<message type='chat' id='m${count}' to='${to}' from='${from}' xml:lang='en'><body>${text}</body></message>`;
    const answer = await call(server.address.port, { to, from, body });
    if (answer.status !== 200) return String(answer.status);
    const stanza = readStanza(answer.body);
    return stanza.error?.condition ?? (stanza as Message).body ?? "";
  };
  return {
    server,
    folder,
    log,
    posts,
    says,
    async saysUntilWell(text) {
      const deadline = Date.now() + 120_000;
      for (;;) {
        // Each time somebody else, as who has been told that it is not well is not told again.
        const answer = await says(text, "wild", `juliet${Math.random().toString(36).slice(2)}@example.com/x`);
        if (!answer.startsWith("Sorry")) return answer;
        if (Date.now() > deadline) throw new Error(`it has not come back: ${log.slice(-5).join("")}`);
        await setTimeout(50);
      }
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await end();
    },
  };
}

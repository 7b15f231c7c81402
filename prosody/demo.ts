import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { checkConfig, createLog, loadBots, startServer, watchBots } from "../src/server/index.ts";
import { type Suite, startProsody } from "./server.ts";

/**
 * A real Prosody with two accounts and the bots on it: `npm run prosody`.
 *
 * Everything listens on this machine alone, and every secret but the two passwords is made up afresh.
 */
const { values } = parseArgs({
  options: {
    suite: { type: "string" },
    "xmpp-port": { type: "string", default: "5222" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write(`npm run prosody -- [--suite trixie|sid] [--xmpp-port 5222]

RESTANZA_ADMINS names the admins of the bots, instead of alice@localhost; PORT, RESTANZA_BOTS_DIR, RESTANZA_BOT_CONFIG and
RESTANZA_LOG_LEVEL are as for npm start. Web hooks are at WEB_PORT, which is 9004 here.
`);
  process.exit(0);
}

const people = ["alice", "bob"] as const;
const password = "restanza";
const domain = "bots.localhost";
const rooms = "rooms.localhost";
const secret = (): string => randomBytes(24).toString("base64url");
const token = secret();
const auth = `prosody:${secret()}`;
const key = `whsec_${randomBytes(32).toString("base64")}`;

const botsDir = process.env["RESTANZA_BOTS_DIR"] || "bots";
const loaded = await loadBots(botsDir);
const names = loaded.map(({ bot }) => bot.name);
// The callback server has to know Prosody's port, and Prosody that of the callback server: 5280 is Prosody's own default.
const config = checkConfig(
  {
    botsDir,
    mounts: [
      {
        domain,
        rest: { url: "http://127.0.0.1:5280/rest", token },
        callback: { auth: [auth], keys: [key] },
        rooms: names.includes("echo") ? { echo: [`lobby@${rooms}/echo`] } : {},
      },
    ],
  },
  {
    PORT: process.env["PORT"],
    WEB_PORT: process.env["WEB_PORT"] || "9004",
    RESTANZA_LOG_LEVEL: process.env["RESTANZA_LOG_LEVEL"],
    RESTANZA_BOT_CONFIG: process.env["RESTANZA_BOT_CONFIG"],
    RESTANZA_ADMINS: process.env["RESTANZA_ADMINS"] || "alice@localhost",
  },
);
const log = createLog(config.logLevel);
log.info("preparing Prosody; the first time this takes a minute");
const prosody = await startProsody({
  ...(values.suite ? { suite: values.suite as Suite } : {}),
  xmppPort: Number(values["xmpp-port"]),
  httpPort: 5280,
  hosts: [
    {
      kind: "virtualhost",
      host: "localhost",
      // What clients of today look for: pictures, blocking, bookmarks, archives. What bots may ask a server: since when it runs, and more.
      modules: ["pep", "vcard_legacy", "blocklist", "bookmarks", "mam", "uptime", "lastactivity"],
    },
    {
      kind: "component",
      host: domain,
      secret: secret(),
      tokens: [token],
      callback: { address: `127.0.0.1:${config.port}`, auth, keys: [key] },
    },
    {
      kind: "muc",
      host: rooms,
      modules: ["muc_mam"],
      options: { muc_room_default_persistent: true, restrict_room_creation: false },
    },
    {
      kind: "http_file_share",
      host: "upload.localhost",
      options: {
        // By this name, as not every system knows that of the component.
        http_host: "127.0.0.1",
        http_external_url: "http://127.0.0.1:5280/",
        http_file_share_access: ["localhost", domain],
      },
    },
  ],
  users: people.map((person) => ({ jid: `${person}@localhost`, password })),
});
const bots = loaded.map(({ bot }) => bot);
const server = await startServer(config, bots, log);
const watch = await watchBots(config.botsDir, server, log, bots);

const port = prosody.xmppPort;
process.stdout.write(`
Prosody ${prosody.version} is running, and the bots are on it.

  accounts   ${people.map((person) => `${person}@localhost`).join("   ")}   password of both: ${password}
  server     127.0.0.1, port ${port}, without encryption
  bots       ${domain} ${names
    .filter((name) => name !== "help")
    .map((name) => `${name}@${domain}`)
    .join(" ")}
  room       lobby@${rooms} (say "echo: hello" there)
  web hooks  http://127.0.0.1:${config.web?.port}/bots/NAME/
  admins     ${config.groups?.["admins"]?.join(" ")} (say "states" to ${domain})

In profanity:

  /connect alice@localhost server 127.0.0.1 port ${port} tls disable
  /msg echo@${domain} hello

Ctrl-C ends everything. Bots are reloaded when you save them.

`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) process.exit(1);
  stopping = true;
  await Promise.all([server.stop(), watch.close()]);
  await prosody.stop();
  process.exit(0);
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  type BotWatch,
  checkConfig,
  createLog,
  loadBots,
  type RunningServer,
  startServer,
  watchBots,
} from "../server/index.ts";
import { ModRestDouble } from "../testkit/index.ts";
import { surviveRejections } from "./survive-rejections.ts";

/** The bots on a stand-in for Prosody, in one process. */
export interface Playground {
  readonly prosody: ModRestDouble;
  readonly server: RunningServer;
  /** The names of the bots, and the address of each. */
  readonly bots: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** The component that the bots live on. */
export const PLAYGROUND_DOMAIN = "bots.localhost";

/**
 * Starts the bots of `RESTANZA_BOTS_DIR` on the double, everything on this machine and on free ports, with secrets that nobody
 * ever sees.
 *
 * @param user the localpart of the person who chats.
 * @param watch whether bots are loaded anew when they are saved.
 */
export async function startPlayground(user: string, watch: boolean): Promise<Playground> {
  const port = await freePort();
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const { RESTANZA_BOTS, RESTANZA_BOTS_DIR, RESTANZA_BOT_CONFIG, RESTANZA_LOG_LEVEL = "warn" } = process.env;
  const config = checkConfig(
    {
      port: 0,
      mounts: [
        {
          domain: PLAYGROUND_DOMAIN,
          rest: { url: `http://127.0.0.1:${port}/rest`, token },
          callback: { auth: [auth], keys: [key] },
        },
      ],
    },
    { RESTANZA_BOTS, RESTANZA_BOTS_DIR, RESTANZA_BOT_CONFIG, RESTANZA_LOG_LEVEL },
  );
  const log = createLog(config.logLevel);
  surviveRejections(log);
  const loaded = await loadBots(config.botsDir);
  const server = await startServer(
    config,
    loaded.map(({ bot }) => bot),
    log,
  );
  const prosody = await ModRestDouble.start({
    port,
    virtualHosts: [{ domain: "localhost", accounts: { [user]: randomBytes(12).toString("hex") } }],
    components: [
      {
        domain: PLAYGROUND_DOMAIN,
        tokens: [token],
        callback: {
          url: `http://${auth}@127.0.0.1:${server.address.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
          carried: { keys: [key] },
        },
      },
    ],
    rooms: ["rooms.localhost"],
  });
  const watching: BotWatch | undefined = watch ? await watchBots(config.botsDir, server, log) : undefined;
  const mount = server.dispatcher.mount(PLAYGROUND_DOMAIN);
  return {
    prosody,
    server,
    bots: new Map(mount?.list().map(({ name, jid }) => [name, jid.toString()])),
    stop: async () => {
      await Promise.all([server.stop(), watching?.close()]);
      await prosody.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

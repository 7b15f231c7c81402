import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Bot } from "../bot/index.ts";
import {
  checkConfig,
  createLog,
  loadBotNamed,
  loadBotSettings,
  loadBots,
  type RunningServer,
  startServer,
  watchBots,
} from "../server/index.ts";
import type { Jid } from "../stanza/index.ts";
import { ModRestDouble } from "../testkit/index.ts";
import { devLog } from "./dev/dev-log.ts";
import { loadWorkingBots } from "./dev/working-bots.ts";
import { surviveRejections } from "./survive-rejections.ts";

/** The bots on a stand-in for Prosody, in one process. */
export interface Playground {
  readonly prosody: ModRestDouble;
  readonly server: RunningServer;
  /** The names of the bots, and the address of each. */
  readonly bots: ReadonlyMap<string, string>;
  /** Has a bot join a room, under its name. */
  bring(bot: string, room: Jid): Promise<void>;
  stop(): Promise<void>;
}

/** The component that the bots live on. */
export const PLAYGROUND_DOMAIN = "bots.localhost";

/** The service that rooms are at. */
export const ROOMS_DOMAIN = "rooms.localhost";

/** What {@link startPlayground} takes. */
export interface PlaygroundOptions {
  /** The localpart of the person who chats. */
  readonly user: string;
  /** The configuration file, of which only what concerns the bots themselves is used. */
  readonly file: string | undefined;
  /**
   * Has bots loaded anew when they are saved, tells here what becomes of that and what fails, in whole lines, and goes on without
   * the bots that cannot be set up; default: they are not, and one that cannot be set up is thrown.
   */
  readonly watch?: (text: string) => void;
}

/**
 * Starts the bots on the double, everything on this machine and on free ports, with secrets that nobody ever sees. Who
 * chats is an admin.
 */
export async function startPlayground({ user, file, watch }: PlaygroundOptions): Promise<Playground> {
  const [port, callbackPort] = await Promise.all([freePort(), freePort()]);
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const { RESTANZA_BOTS, RESTANZA_BOTS_DIR, RESTANZA_BOT_CONFIG, RESTANZA_LOG_LEVEL = "warn" } = process.env;
  const { WEB_HOST, WEB_PORT } = process.env;
  const settings = await loadBotSettings(file, process.env);
  const config = checkConfig(
    {
      ...settings,
      groups: { ...settings.groups, admins: [...(settings.groups["admins"] ?? []), `${user}@localhost`] },
      port: callbackPort,
      web: { port: 0 },
      mounts: [
        {
          domain: PLAYGROUND_DOMAIN,
          rest: { url: `http://127.0.0.1:${port}/rest`, token },
          callback: { auth: [auth], keys: [key] },
        },
      ],
    },
    { RESTANZA_BOTS, RESTANZA_BOTS_DIR, RESTANZA_BOT_CONFIG, RESTANZA_LOG_LEVEL, WEB_HOST, WEB_PORT },
  );
  const log = createLog(config.logLevel, watch && devLog(config.botsDir, watch));
  surviveRejections(log);
  const bots =
    watch === undefined
      ? (await loadBots(config.botsDir)).map(({ bot }) => bot)
      : await loadWorkingBots(config, log);
  // Before the bots, as these may join rooms when they start.
  const prosody = await ModRestDouble.start({
    port,
    virtualHosts: [{ domain: "localhost", accounts: { [user]: randomBytes(12).toString("hex") } }],
    components: [
      {
        domain: PLAYGROUND_DOMAIN,
        tokens: [token],
        callback: {
          url: `http://${auth}@127.0.0.1:${callbackPort}/callback?from={from}&to={to}&kind={kind}&type={type}`,
          carried: { keys: [key] },
        },
      },
    ],
    rooms: [ROOMS_DOMAIN],
    // As on a Prosody with muc_mam: without, nobody can react to a message.
    roomArchives: true,
  });
  const load = (name: string): Promise<Bot> => loadBotNamed(config.botsDir, name);
  const server = await startServer(config, bots, log, undefined, load).catch(async (error: unknown) => {
    await prosody.stop();
    throw error;
  });
  const watching =
    watch &&
    (await watchBots(config.botsDir, server, createLog("info", devLog(config.botsDir, watch)), bots));
  const mount = server.dispatcher.mount(PLAYGROUND_DOMAIN);
  return {
    prosody,
    server,
    get bots() {
      return new Map(mount?.list().map(({ name, jid }) => [name, jid.toString()]));
    },
    bring: async (bot, room) => await mount?.get(bot)?.rooms.join(room, bot),
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

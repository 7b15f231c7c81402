import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { pino } from "pino";
import {
  type ComponentSpec,
  type HostSpec,
  type Prosody,
  type ProsodyOptions,
  provision,
  type Suite,
  startProsody,
  type VirtualHostSpec,
} from "../../prosody/server.ts";
import type { Bot } from "../../src/bot/index.ts";
import {
  type Config,
  checkConfig,
  loadBots,
  type RunningServer,
  startServer,
} from "../../src/server/index.ts";
import { MemoryStore } from "../../src/store/index.ts";

/** A real Prosody with restanza on it: what an operator has after reading the README. */
export interface World extends AsyncDisposable {
  readonly prosody: Prosody;
  readonly server: RunningServer;
  /** What restanza has logged, a line each. */
  readonly log: readonly string[];
  /** Ends Prosody and starts it anew at the same ports; what it had in memory is gone, and who was connected is not any more. */
  restartProsody(): Promise<void>;
  /** Ends restanza, and starts it anew on what it has stored. */
  restartServer(): Promise<void>;
}

/** The domains of a {@link World}: how each is mounted is told by its name. */
export const DOMAINS = {
  /** XML, both of our modules. */
  bots: "bots.test",
  /** XML, no module of ours but the token: the order of callbacks is left to chance. */
  stock: "stock.test",
  /** JSON callbacks. */
  json: "json.test",
  people: "people.test",
  rooms: "rooms.test",
} as const;

/** The password of every account. */
export const PASSWORD = "romeo and juliet";

/**
 * Starts both.
 *
 * @param bots besides the bundled ones.
 * @param rooms to join at the start, by bot, on `bots.test`.
 * @param settings what else an operator configures.
 * @param roomModules of Prosody, for the rooms.
 * @param peopleHost what else is configured for the people.
 * @param hosts more of them.
 * @param options of the whole Prosody.
 * @param mount what else an operator configures for each domain of bots.
 */
export async function startWorld(
  suite: Suite,
  bots: readonly Bot[],
  {
    rooms = {},
    deadline = 300,
    settings = {},
    roomModules = [],
    peopleHost = {},
    hosts = [],
    options = {},
    mount = {},
  }: {
    rooms?: Record<string, string[]>;
    deadline?: number;
    settings?: Partial<Config>;
    roomModules?: readonly string[];
    peopleHost?: Pick<VirtualHostSpec, "modules" | "options">;
    hosts?: readonly HostSpec[];
    options?: NonNullable<ProsodyOptions["options"]>;
    mount?: Partial<NonNullable<Config["mounts"]>[number]>;
  } = {},
): Promise<World> {
  // Where there is no such Prosody yet, one is made first, which takes longer than a bot waits between its tries.
  await provision(suite);
  const token = randomBytes(24).toString("base64url");
  const secret = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const bundled = (await loadBots(new URL("../../bots", import.meta.url).pathname)).map(({ bot }) => bot);
  const lines: string[] = [];
  const log: Logger = pino({ level: "debug", base: null }, { write: (line) => void lines.push(line) });
  const port = await freePort();
  const component = (host: string, spec: Partial<ComponentSpec> = {}): ComponentSpec => ({
    kind: "component",
    host,
    secret,
    tokens: [token],
    callback: { address: `127.0.0.1:${port}`, auth, ...spec.callback },
    ...(spec.restanza ? { restanza: spec.restanza } : {}),
  });
  const httpPort = await freePort();
  const rest = { url: `http://127.0.0.1:${httpPort}/rest`, token };
  const store = new MemoryStore();
  const serve = (): Promise<RunningServer> =>
    startServer(
      checkConfig({
        ...settings,
        port,
        deadline,
        mounts: [
          { ...mount, domain: DOMAINS.bots, rest, callback: { auth: [auth], keys: [key] }, rooms },
          { ...mount, domain: DOMAINS.stock, rest, callback: { auth: [auth] } },
          { ...mount, domain: DOMAINS.json, rest, callback: { auth: [auth], format: "json" } },
        ],
      }),
      [...bundled, ...bots],
      log,
      store,
    );
  let server = await serve();
  const address = `127.0.0.1:${port}`;
  const startIt = (xmppPort?: number): Promise<Prosody> =>
    startProsody({
      suite,
      httpPort,
      ...(xmppPort !== undefined && { xmppPort }),
      options,
      hosts: [
        { kind: "virtualhost", host: DOMAINS.people, ...peopleHost },
        { ...component(DOMAINS.bots), callback: { address, auth, keys: [key] } },
        component(DOMAINS.stock, { restanza: ["token"] }),
        {
          ...component(DOMAINS.json, { restanza: ["token"] }),
          callback: { address, auth, contentType: "application/json" },
        },
        { kind: "muc", host: DOMAINS.rooms, modules: roomModules },
        ...hosts,
      ],
      users: ["alice", "bob"].map((name) => ({ jid: `${name}@${DOMAINS.people}`, password: PASSWORD })),
    });
  let prosody: Prosody;
  try {
    prosody = await startIt();
  } catch (error) {
    await server.stop();
    throw error;
  }
  const end = async (): Promise<void> => {
    await server.stop();
    await prosody.stop();
  };
  return {
    get prosody() {
      return prosody;
    },
    get server() {
      return server;
    },
    log: lines,
    restartProsody: async () => {
      const { xmppPort } = prosody;
      await prosody.stop();
      prosody = await startIt(xmppPort);
    },
    restartServer: async () => {
      await server.stop();
      server = await serve();
    },
    [Symbol.asyncDispose]: end,
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return await new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

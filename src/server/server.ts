import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { type Bot, BotControlError } from "../bot/index.ts";
import { type Refusal, refuseBroken } from "../callback/index.ts";
import { Dispatcher } from "../dispatch/index.ts";
import type { RestClient } from "../outbound/index.ts";
import { services } from "../services/index.ts";
import { MemoryStore, type Store } from "../store/index.ts";
import { serverApp } from "./app.ts";
import { observeBots } from "./bot-metrics.ts";
import type { CheckedConfig } from "./config.ts";
import { FileServices } from "./files.ts";
import { listen } from "./listen.ts";
import { Metrics } from "./metrics.ts";
import { closeBots, type MountParts, mountAll } from "./mounting.ts";
import { Nodes } from "./nodes.ts";
import { OpenRequests } from "./open-requests.ts";
import { createOutbox } from "./outbox.ts";
import { observeQueues } from "./queue-metrics.ts";
import { RefusalLog } from "./refusal-log.ts";
import { createRestClient } from "./rest.ts";
import { WebServer } from "./web-server.ts";
import { whatIsWrongInBots } from "./what-is-wrong.ts";
import { within } from "./within.ts";

/** How long the last words to the senders of what was cut short may take, in milliseconds. */
const LAST_WORDS = 1_000;

/** How often to look for stanzas that somebody has given another chance, in milliseconds. */
const REVIVED_EVERY = 2_000;

/** restanza at work. */
export interface RunningServer {
  /** Where the callback server listens. */
  readonly address: AddressInfo;
  /** Where web hooks are served, where that is a port of its own. */
  readonly webAddress: AddressInfo | undefined;
  readonly dispatcher: Dispatcher;
  /** The mod_rest client of a mount, by its domain. */
  client(domain: string): RestClient | undefined;
  /**
   * Puts a bot in the place of the one of its name, on every mount that has it; a new one where the mount takes all bots, or names it.
   *
   * @throws ZodError when its configuration does not fit; the older one goes on.
   */
  reload(bot: Bot): Promise<void>;
  /** Takes no more, lets the handlers end for as long as the configuration grants, and is gone; once, however often it is called. */
  stop(): Promise<void>;
}

/**
 * Starts restanza: first it goes on with what an earlier process acknowledged and did not get to the end of, then it
 * takes callbacks.
 *
 * @param store where state is kept; the caller closes it when the server has stopped.
 * @param load loads a bot anew from its files, for an admin who asks for it; default: nobody can.
 * @throws ConfigError when the bots do not fit the configuration, with every problem there is.
 */
export async function startServer(
  config: CheckedConfig,
  bots: readonly Bot[],
  log: Logger,
  store: Store = new MemoryStore(),
  load?: (name: string) => Promise<Bot>,
): Promise<RunningServer> {
  const clients = new Map(config.mounts.map((mount) => [mount.domain, createRestClient(mount, log)]));
  const outbox = createOutbox({
    store,
    clients,
    mounts: config.mounts,
    log,
    onBounce: (bounce) => void dispatcher.dispatch(bounce),
  });
  let stopped: Promise<void> | undefined;
  let reloading = Promise.resolve();
  const reload = (bot: Bot): Promise<void> => {
    // Two at once would wait for the same handlers, and each for the other.
    const reloaded = reloading.then(async () => {
      const own = parts.filter(({ mount, takes }) => mount.get(bot.name) ?? takes(bot.name));
      for (const { host } of own) await host.put(bot, config.bots[bot.name]);
      if (stopped === undefined) await dispatcher.startTimers();
    });
    reloading = reloaded.catch(() => undefined);
    return reloaded;
  };
  const reloadNamed =
    load &&
    (async (name: string): Promise<void> => {
      try {
        await reload(await load(name));
        log.info({ bot: name }, `${name} was reloaded`);
      } catch (error) {
        log.error({ err: error, bot: name }, `${name} could not be reloaded; the one from before goes on`);
        const why = whatIsWrongInBots(error, config.botsDir);
        throw new BotControlError("controlNotReloaded", { bot: name, why }, { cause: error });
      }
    });
  const awake = async (): Promise<void> => {
    if (stopped === undefined) await dispatcher.startTimers();
  };
  const files = new FileServices(config);
  let expectTimer: (due: number) => void = () => undefined;
  const parts = await mountAll({
    config,
    bots,
    sender: outbox,
    clients,
    files,
    store,
    log,
    reload: reloadNamed,
    onAwake: awake,
    onTimer: (due) => expectTimer(due),
  }).catch(async (error: unknown) => {
    await closeAll(clients);
    throw error;
  });
  const dispatcher = new Dispatcher({
    mounts: parts.map(({ mount }) => mount),
    fallback: services(),
    deadline: config.deadline,
    store,
    log,
  });
  for (const { host } of parts) host.onRefused = (stanza) => void dispatcher.dispatch(stanza);
  expectTimer = (due) => dispatcher.expectTimer(due);
  outbox.start();
  const recovered = await dispatcher.recover();
  if (recovered > 0)
    log.info({ recovered }, "going on with stanzas that an earlier process did not get to the end of");
  const metrics = new Metrics();
  observeQueues(metrics.registry, { outbox, store, domains: [...clients.keys()] });
  observeBots(
    metrics.registry,
    parts.map(({ mount }) => mount),
  );
  const refusals = new RefusalLog(log);
  const onRefused = (refusal: Refusal): void => {
    metrics.refused(refusal);
    refusals.refused(refusal);
  };
  let ready = false;
  const web = new WebServer(config, parts, metrics, log);
  const onFound = (domain: string): void =>
    parts.find(({ mount }) => mount.domain === domain)?.host.prosodyStarted();
  const app = serverApp({
    onFound,
    mounts: parts.map(({ callback }) => callback),
    dispatcher,
    log,
    limits: { bytes: config.maxBytes },
    onHandled: (stanza, status) => metrics.handled(stanza, status),
    onRefused,
    isReady: () => ready,
    metrics,
    hooks: web.isBeside ? web.app : undefined,
  });
  const server = await listen(app, config).catch(async (error: unknown) => {
    await closeBots(parts);
    await outbox.stop({ signal: AbortSignal.abort() });
    await closeAll(clients);
    throw error;
  });
  refuseBroken(server, onRefused);
  const requests = new OpenRequests(server);
  const address = server.address() as AddressInfo;
  log.info(
    { bots: parts.flatMap(({ mount }) => mount.list().map(({ jid }) => jid.toString())) },
    `serving callbacks at http://${config.host}:${address.port}/callback`,
  );
  const nodes = new Nodes(store, log, async () => {
    for (const { host } of parts) await host.refreshRooms();
  });
  const life = await nodes.join();
  for (const { host } of parts) host.start(life);
  await dispatcher.startTimers();
  ready = true;
  const look = (): void => {
    dispatcher
      .takeRevived()
      .catch((error: unknown) => log.error({ err: error }, "the inbox could not be read"));
  };
  const looking = setInterval(() => {
    look();
    if (store.leases === undefined) return;
    for (const { host } of parts)
      host
        .refreshStates()
        .catch((error: unknown) =>
          log.error({ err: error }, "it could not be read which bots are switched off"),
        );
  }, REVIVED_EVERY);
  const stopListening = store.leases?.listen((queue) => {
    if (queue === "inbox") look();
  });

  const end = async (): Promise<void> => {
    ready = false;
    clearInterval(looking);
    stopListening?.();
    dispatcher.retire();
    const finished = finish(requests, web, dispatcher, nodes, parts);
    await within(config.shutdownTimeout, finished, () => {
      log.warn(`handlers were still at work after ${config.shutdownTimeout} ms; their senders are told`);
      dispatcher.abort();
      for (const { host } of parts) host.abort();
    });
    await within(LAST_WORDS, finished);
    server.closeAllConnections();
    web.close();
    // What Prosody has not taken by now waits in the store for the next start.
    await outbox.stop({ signal: AbortSignal.timeout(LAST_WORDS) });
    await closeAll(clients);
    await files.close();
  };
  await web.start().catch(async (error: unknown) => {
    await end();
    throw error;
  });

  return {
    address,
    webAddress: web.address,
    dispatcher,
    client: (domain) => clients.get(domain),
    reload,
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}

async function closeAll(clients: ReadonlyMap<string, RestClient>): Promise<void> {
  await Promise.all([...clients.values()].map((client) => client.close()));
}

async function finish(
  requests: OpenRequests,
  web: WebServer,
  dispatcher: Dispatcher,
  nodes: Nodes,
  parts: readonly MountParts[],
): Promise<void> {
  requests.refuse();
  await dispatcher.stopTimers();
  await Promise.all([web.stop(), dispatcher.idle()]);
  const isLast = await nodes.leave();
  for (const { host } of parts) await host.stop(isLast);
  await requests.answered();
}

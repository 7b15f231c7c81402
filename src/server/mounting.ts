import type { Logger } from "pino";
import { type Bot, type BotControl, Permissions, type Sender } from "../bot/index.ts";
import { CallbackCredentials, type CallbackMount, SignatureVerifier } from "../callback/index.ts";
import { Mount } from "../dispatch/index.ts";
import type { RestClient } from "../outbound/index.ts";
import type { Store } from "../store/index.ts";
import { BotHost } from "./bot-host.ts";
import type { CheckedConfig, MountConfig } from "./config.ts";
import type { FileServices } from "./files.ts";
import { folderOf } from "./load-bots.ts";
import { ConfigError } from "./load-config.ts";
import { misnamedRules, permissionConfig, unknownGroups } from "./permissions-config.ts";
import { receiptSender } from "./receipts.ts";
import { whatKeepsFromSetup } from "./what-is-wrong.ts";

/** What the mounts of a server are made of. */
export interface Mounting {
  readonly config: CheckedConfig;
  readonly bots: readonly Bot[];
  readonly sender: Sender;
  /** The client of each mount, by its domain. */
  readonly clients: ReadonlyMap<string, RestClient>;
  readonly files: FileServices;
  readonly store: Store;
  readonly log: Logger;
  /** Loads a bot anew for an admin who asks for it; default: nobody can. */
  readonly reload: BotControl["reload"];
  /** Told when a bot that was off, or not yet set up, is there. */
  onAwake(): Promise<void>;
  /** Told when a timer of a bot that lives in a process of its own is due, in milliseconds since 1970. */
  onTimer(due: number): void;
}

/** One domain with its bots. */
export interface MountParts {
  readonly mount: Mount;
  readonly host: BotHost;
  readonly callback: CallbackMount;
  /** Whether a bot of this name belongs there. */
  takes(name: string): boolean;
}

/**
 * Puts the bots at their domains.
 *
 * @throws ConfigError with every problem there is; what the bots have set up is closed by then.
 */
export async function mountAll(mounting: Mounting): Promise<MountParts[]> {
  const { config, log } = mounting;
  const problems: string[] = [];
  const parts: MountParts[] = [];
  for (const settings of config.mounts) {
    problems.push(...misnamed(settings, mounting));
    const part = mountParts(settings, mounting);
    parts.push(part);
    problems.push(...(await putBots(part, settings, mounting)));
  }
  const mounted = parts.flatMap(({ mount }) => [...mount.bots]);
  problems.push(...misnamedRules(config, mounted));
  for (const warning of unknownGroups(permissionConfig(config), [])) log.warn(warning);
  if (problems.length === 0) return parts;
  await closeBots(parts);
  throw new ConfigError([...new Set(problems)]);
}

/** Closes what the bots of a server that does not start have set up. */
export async function closeBots(parts: readonly MountParts[]): Promise<void> {
  await Promise.all(parts.map(({ host }) => host.close()));
}

/** The bots that belong to a mount. */
function chosenFor({ bots }: MountConfig, mounting: Mounting): readonly string[] {
  return bots ?? mounting.bots.map(({ name }) => name);
}

/** The bot at the domain itself. */
function hostOf(settings: MountConfig, mounting: Mounting): string | undefined {
  return settings.host ?? (chosenFor(settings, mounting).includes("help") ? "help" : undefined);
}

/** What the configuration says of bots that there are not. */
function misnamed(settings: MountConfig, mounting: Mounting): string[] {
  const { config, bots } = mounting;
  const names = bots.map(({ name }) => name);
  const chosen = chosenFor(settings, mounting);
  const anywhere = [config.bots, config.profiles, config.contacts, config.isolate].flatMap((each) =>
    Object.keys(each),
  );
  const here = [hostOf(settings, mounting), settings.catchAll, ...Object.keys(settings.rooms)];
  return [
    ...[...chosen, ...anywhere]
      .filter((name) => !names.includes(name))
      .map(
        (name) =>
          `there is no bot called ${name}; there are ${names.join(", ") || "none"} in ${config.botsDir}`,
      ),
    ...here
      .filter((name) => name !== undefined && !chosen.includes(name))
      .map(
        (name) =>
          `there is no bot called ${name} on ${settings.domain}; there are ${chosen.join(", ") || "none"}`,
      ),
  ];
}

function mountParts(settings: MountConfig, mounting: Mounting): MountParts {
  const { config, clients, files, store, log, reload, sender } = mounting;
  const { domain, catchAll, rooms, upload } = settings;
  const { profiles, contacts } = config;
  const host = hostOf(settings, mounting);
  const client = clients.get(domain) as RestClient;
  const permissions = permissionConfig(config);
  const mount = new Mount(domain, { host, catchAll });
  const botHost = new BotHost({
    mount,
    sender,
    roomSender: client,
    log,
    store,
    reload,
    permissions: new Permissions(permissions),
    host,
    rooms,
    files: files.for(settings, client),
    profiles,
    contacts,
    onAwake: () => mounting.onAwake(),
    isolation: {
      settings: config.isolate,
      folderOf,
      brief: {
        domain,
        upload,
        rooms,
        downloads: config.downloads,
        deadline: config.deadline,
        permissions,
        profiles,
        contacts,
      },
      catchAll,
      rest: client,
      onTimer: (due) => mounting.onTimer(due),
    },
  });
  const takes = (name: string): boolean => settings.bots?.includes(name) ?? true;
  return { mount, host: botHost, callback: callbackMount(settings, client, log), takes };
}

/** @returns what is wrong with those that cannot be put. */
async function putBots({ host }: MountParts, settings: MountConfig, mounting: Mounting): Promise<string[]> {
  const { bots, config } = mounting;
  const chosen = chosenFor(settings, mounting);
  const own = bots.filter(({ name }) => chosen.includes(name));
  // Side by side, so that what several wait for is waited for once.
  const put = await Promise.allSettled(own.map((bot) => host.put(bot, config.bots[bot.name])));
  return put.flatMap((each, index) =>
    each.status === "rejected"
      ? [`the bot ${own[index]?.name} ${whatKeepsFromSetup(each.reason, own[index]?.name ?? "")}`]
      : [],
  );
}

function callbackMount({ domain, callback }: MountConfig, client: RestClient, log: Logger): CallbackMount {
  const { auth, keys, tolerance, dedupe, format } = callback;
  return {
    domain,
    credentials: new CallbackCredentials(auth),
    verifier: keys.length > 0 ? new SignatureVerifier(keys, { tolerance }) : undefined,
    dedupe,
    sendReceipt: receiptSender(client, log),
    format: format === "prosody" ? undefined : format,
  };
}

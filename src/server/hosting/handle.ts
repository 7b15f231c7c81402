import type { Logger } from "pino";
import {
  type BotControl,
  type BotHandle,
  decorate,
  type Files,
  Identity,
  Occupants,
  Peers,
  type Permissions,
  type Profile,
  presenting,
  type RoomSender,
  Rooms,
  type Sender,
} from "../../bot/index.ts";
import type { BotGate, Mount } from "../../dispatch/index.ts";
import { PepNotifier } from "../../services/index.ts";
import { Jid, type Presence } from "../../stanza/index.ts";
import type { Clock, Store } from "../../store/index.ts";
import { botContacts } from "../bot-contacts.ts";
import { botFeatures } from "../bot-features.ts";

/** What all bots of a mount are wired to. */
export interface Wiring {
  readonly mount: Mount;
  readonly sender: Sender;
  /** Sends what joins and leaves rooms: past the queue, as the bot has to know whether it is in, and tries again itself. */
  readonly roomSender: RoomSender;
  readonly log: Logger;
  /** The bot at the domain itself. */
  readonly host: string | undefined;
  /** Where it is kept which rooms the bots are in, and all else that they remember; default: nowhere. */
  readonly store?: Store | undefined;
  /** Who may run which commands; default: nobody is an admin. */
  readonly permissions?: Permissions | undefined;
  /** Where the bots' files go; default: nowhere. */
  readonly files?: Files | undefined;
  /** Default: the real time. */
  readonly clock?: Clock | undefined;
}

/** What a bot's handle has to know of what becomes of the bots. */
export interface Surroundings {
  /** What the bot at the domain itself does with the others. */
  readonly control: BotControl;
  /** A bot that is at work in this process. */
  readonly find: (name: string) => { readonly handle: BotHandle; readonly gate: BotGate } | undefined;
  /** Given what a room has refused a bot with on the spot. */
  readonly onRefused: (stanza: Presence) => void;
}

/** Makes what a bot has of its own, for all its versions: who it is, whom it knows, where it is, and how it sends. */
export function botHandle(
  name: string,
  profile: Profile,
  { mount, sender, roomSender, log: mountLog, host, store, permissions, files, clock }: Wiring,
  { control, find, onRefused }: Surroundings,
): BotHandle {
  const jid = name === host ? Jid.of(undefined, mount.domain) : Jid.of(name, mount.domain);
  const identity = new Identity(jid, profile, botFeatures(undefined));
  const own = presenting(sender, { identity });
  const log = mountLog.child({ bot: jid.toString() });
  const occupants = new Occupants();
  return {
    name,
    jid,
    identity,
    peers: peersOf(name, jid, own, clock, find),
    sender: own,
    directory: mount,
    files,
    clock,
    store,
    onTimer: (due) => mount.onTimer?.(due),
    control: name === host ? control : undefined,
    log,
    contacts: botContacts(
      { name, jid, sender: own, identity, log },
      {
        store,
        clock,
        direct: roomSender,
        state: () => find(name)?.gate.state ?? "running",
        host: () => (host === undefined ? undefined : find(host)?.handle),
      },
    ),
    rooms: new Rooms(jid, presentingInRooms(roomSender, identity), store, {
      clock,
      occupants,
      log,
      onBounce: onRefused,
    }),
    occupants,
    permissions,
  };
}

/** What the clients of others can do; those that want to are told what the bot shows of itself. */
function peersOf(
  name: string,
  jid: Jid,
  sender: Sender,
  clock: Clock | undefined,
  find: Surroundings["find"],
): Peers {
  const notifier = new PepNotifier();
  return new Peers(jid, {
    ask: (request, timeout) => sender.iq(request, { timeout }),
    clock,
    onPresence: (from, available) => {
      const bot = find(name);
      if (!available) notifier.gone(from);
      else if (bot !== undefined && !bot.gate.isAsleep && !bot.handle.rooms.has(from))
        void notifier.available(bot.handle, from);
    },
  });
}

/** Past the queue, presence is decorated too. */
function presentingInRooms(sender: RoomSender, identity: Identity): RoomSender {
  return {
    send: (stanza) => sender.send(stanza.kind === "presence" ? decorate(stanza, { identity }) : stanza),
    iq: (stanza, options) => sender.iq(stanza, options),
  };
}

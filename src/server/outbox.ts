import type { Logger } from "pino";
import { type MountPace, Outbox, type RestClient } from "../outbound/index.ts";
import type { Message, Presence, Stanza } from "../stanza/index.ts";
import type { Store } from "../store/index.ts";
import type { MountConfig } from "./config.ts";

/** What {@link createOutbox} takes. */
export interface ServerOutboxOptions {
  readonly store: Store;
  /** The clients of the mounts, by domain. */
  readonly clients: ReadonlyMap<string, RestClient>;
  readonly mounts: readonly MountConfig[];
  readonly log: Logger;
  /** Told of what came back when nobody waited for it any more: news for the bot that sent it. */
  readonly onBounce: (bounce: Stanza) => void;
}

/** The outbox of all mounts: what bots send waits in it until Prosody has taken it. */
export function createOutbox({ store, clients, mounts, log, onBounce }: ServerOutboxOptions): Outbox {
  return new Outbox({
    store,
    clients,
    pace: new Map(mounts.map(paceOf)),
    logger: log,
    onBounce: (_, error) => {
      onBounce(error.stanza);
      return undefined;
    },
    onExpired: (stanza) => {
      log.warn(about(stanza), "a stanza was not sent in time, and is given up");
      return undefined;
    },
    onBuried: (stanza, error) => {
      log.error({ ...about(stanza), err: error }, "a stanza will never be sent, and was put aside");
      return undefined;
    },
  });
}

function paceOf({ domain, rest }: MountConfig): [string, MountPace] {
  return [domain, { all: rest.pace, room: rest.roomPace }];
}

function about({ id, kind, from, to }: Message | Presence): object {
  return { id, kind, from: String(from), to: String(to) };
}

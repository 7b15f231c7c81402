import { type Message, type Presence, readStanza } from "../../stanza/index.ts";
import type { NewEntry, QueueEntry } from "../../store/index.ts";
import type { Prepared } from "../prepare.ts";
import type { Waiter } from "./waiter.ts";

/** @internal A stanza on its way: what the store has of it, and what only this process knows. */
export interface Item {
  /** Of the entry. */
  readonly id: string;
  readonly key: string;
  /** The domain of its sender, which says whose Prosody it goes through. */
  readonly domain: string;
  readonly stanza: Prepared;
  readonly priority: number;
  readonly expires: number | undefined;
  /** Whether it goes to a room, and so at the pace of rooms. */
  readonly room: boolean;
  /** Who waits to hear what becomes of it. */
  waiter: Waiter | undefined;
  /** Whether it is in the store. */
  committed: boolean;
  /** How often Prosody has failed on it. */
  attempts: number;
  /** Whether Prosody may have taken it. */
  doubtful: boolean;
}

/** What an entry holds, besides what every entry has. */
type Payload = { readonly domain: string; readonly room?: true } & Prepared;

/** @internal */
export function entryOf({ id, key, domain, stanza, priority, expires, room }: Item): NewEntry {
  const { to, ...rest } = stanza;
  const payload = {
    domain,
    ...(room ? { room } : undefined),
    ...(to === undefined ? undefined : { to }),
    ...rest,
  };
  return { queue: "outbox", id, key, payload, priority, expires };
}

/** @internal */
export function itemOf({ id, key, payload, priority, expires, attempts }: QueueEntry): Item {
  const { domain, room = false, ...stanza } = payload as unknown as Payload;
  return {
    id,
    key,
    domain,
    stanza,
    priority,
    expires,
    room,
    waiter: undefined,
    committed: true,
    attempts,
    doubtful: false,
  };
}

/** @internal The stanza itself, to be shown to somebody. */
export function stanzaOf({ stanza }: Item): Message | Presence {
  return readStanza(stanza.xml) as Message | Presence;
}

import { Jid, type PresenceShow } from "../../stanza/index.ts";
import type { ContactRecord } from "./record.ts";

/** A client of a contact that is there. */
export interface ContactResource {
  /** `undefined` where it has not told. */
  readonly resource: string | undefined;
  /** `undefined` for simply available. */
  readonly show: PresenceShow | undefined;
  /** In its words, at most 300 characters of them. */
  readonly status: string | undefined;
  readonly priority: number;
  /** What tells what it can do (XEP-0115): the node and the hash as in disco#info, `node#ver`. */
  readonly caps: string | undefined;
  /** Since when nobody has touched it, where it tells (XEP-0319), in milliseconds since 1970. */
  readonly idle: number | undefined;
  /** When it has told, in milliseconds since 1970. */
  readonly since: number;
}

/** Somebody whom a bot knows as contacts know each other (RFC 6121 §2.1.2). */
export interface Contact {
  /** The bare JID. */
  readonly jid: Jid;
  /** Whether it sees when the bot is there (`from`), the bot sees when it is there (`to`), or `both`. */
  readonly subscription: "none" | "to" | "from" | "both";
  /** Whether the bot has asked to see it, and was not answered yet. */
  readonly asked: boolean;
  /** Whether it may see the bot as soon as it asks. */
  readonly approved: boolean;
  /** Whether it is there; known only where the bot sees it. */
  readonly online: boolean;
  /** Its clients that are there, by priority, the one heard of last first; at most 16. */
  readonly resources: readonly ContactResource[];
}

/** @internal */
export function contactOf(jid: string, record: ContactRecord, life: string | undefined): Contact {
  const { from = false, to = false, asked = false, approved = false } = record;
  const told = to && record.life === life ? (record.resources ?? []) : [];
  const resources = told
    .map(({ resource, show, status, priority, caps, idle, since }) => ({
      resource: resource || undefined,
      show,
      status,
      priority,
      caps,
      idle,
      since,
    }))
    .reverse()
    .sort((one, other) => other.priority - one.priority);
  const subscription = to ? (from ? "both" : "to") : from ? "from" : "none";
  return {
    jid: Jid.fromWire(jid),
    subscription,
    asked,
    approved,
    online: resources.length > 0,
    resources,
  };
}

/** @internal Whether there is anything between the bot and somebody. */
export function isAnything({ subscription, asked, approved }: Contact): boolean {
  return subscription !== "none" || asked || approved;
}

import {
  type Element,
  el,
  Jid,
  JidError,
  type Message,
  type Presence,
  type Stanza,
} from "../stanza/index.ts";

/** XEP-0045: Multi-User Chat, what somebody who joins sends. */
export const NS_MUC = "http://jabber.org/protocol/muc";

/** XEP-0045: Multi-User Chat, what a room tells of its occupants. */
export const NS_MUC_USER = "http://jabber.org/protocol/muc#user";

/** What a join may ask for. */
export interface JoinOptions {
  /** For rooms that want one (XEP-0045 §7.2.5). */
  readonly password?: string | undefined;
  /** How many messages from before the join to send (§7.2.14); default 0: a bot must not answer what is long past. */
  readonly history?: number | undefined;
}

/** The payload of the presence that joins a room. */
export function buildJoin({ password, history = 0 }: JoinOptions = {}): Element {
  return el(
    "x",
    { xmlns: NS_MUC },
    el("history", { maxstanzas: history }),
    password !== undefined && el("password", {}, password),
  );
}

/** The status codes that a room gives with a presence or a message (§16.6). */
export function readStatusCodes(stanza: Presence | Message): number[] {
  const codes = stanza.child("x", NS_MUC_USER)?.childrenNamed("status") ?? [];
  return codes.map((status) => Number(status.attr("code"))).filter(Number.isInteger);
}

/** The nickname that a presence announces as an occupant's next one (§7.6); `undefined` where no address could have it. */
export function readNewNick(presence: Presence): string | undefined {
  const { from } = presence;
  const nick = presence.child("x", NS_MUC_USER)?.child("item")?.attr("nick");
  if (from === undefined || nick === undefined) return undefined;
  try {
    // As it is: so it will be in the addresses of what the occupant sends.
    return Jid.fromWire(`${from.bare}/${nick}`).resource;
  } catch (error) {
    if (error instanceof JidError) return undefined;
    throw error;
  }
}

/** Whether a stanza comes from a room as such: groupchat, an occupant's presence, or a private message. */
export function isFromRoom(stanza: Stanza): boolean {
  return (
    (stanza.kind === "message" && stanza.type === "groupchat") ||
    (stanza.kind !== "iq" && stanza.child("x", NS_MUC_USER) !== undefined)
  );
}

/** §16.6: this presence is about yourself. */
export const STATUS_SELF = 110;
/** §16.6: this join has made the room. */
export const STATUS_CREATED = 201;
/** §16.6: the occupant goes on under another nickname. */
export const STATUS_NEW_NICK = 303;

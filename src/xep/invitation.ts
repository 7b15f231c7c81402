import { type Element, el, type Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { NS_MUC_USER } from "./muc.ts";
import { readBoolean } from "./values.ts";

/** XEP-0249: Direct MUC Invitations; also its feature. */
export const NS_DIRECT_INVITATION = "jabber:x:conference";

/** Somebody asks the bot into a room. */
export interface Invitation {
  readonly room: Jid;
  /** Who asks; a room may not say. */
  readonly from: Jid | undefined;
  readonly reason: string | undefined;
  /** What the room wants to hear at the door. */
  readonly password: string | undefined;
  /** Whether it was the room that passed it on, which may say whatever it likes about who asks. */
  readonly mediated: boolean;
  /** There where a chat is to go on in the room (XEP-0045 §7.9). */
  readonly continues?: ContinuedChat | undefined;
}

/** A chat that is to go on in a room. */
export interface ContinuedChat {
  /** Its thread, by which clients show that one belongs to the other. */
  readonly thread?: string | undefined;
}

/** What an invitation may say beside the room. */
export interface InvitationOptions {
  readonly reason?: string | undefined;
  readonly password?: string | undefined;
  /** Default: nothing goes on. */
  readonly continues?: ContinuedChat | undefined;
}

/** An invitation, whether its sender sent it (XEP-0249) or had the room send it (XEP-0045 §7.8.2). */
export function readInvitation(message: Message): Invitation | undefined {
  return readMediated(message) ?? readDirect(message);
}

function readMediated(message: Message): Invitation | undefined {
  const user = message.child("x", NS_MUC_USER);
  const invite = user?.child("invite");
  const room = message.from;
  // An occupant could write the same, in a private message.
  if (!invite || room?.isBare !== true) return undefined;
  const goesOn = invite.child("continue");
  return {
    room,
    from: readJid(invite.attr("from")),
    reason: invite.childText("reason"),
    password: user?.childText("password"),
    mediated: true,
    ...(goesOn && { continues: { thread: goesOn.attr("thread") } }),
  };
}

function readDirect(message: Message): Invitation | undefined {
  const x = message.child("x", NS_DIRECT_INVITATION);
  const room = readJid(x?.attr("jid"));
  if (room?.isBare !== true) return undefined;
  return {
    room,
    from: message.from,
    reason: x?.attr("reason"),
    password: x?.attr("password"),
    mediated: false,
    ...(readBoolean(x?.attr("continue")) && { continues: { thread: x?.attr("thread") } }),
  };
}

/** Asks somebody into a room, in a message to them. */
export function buildDirectInvitation(
  room: Jid,
  { reason, password, continues }: InvitationOptions = {},
): Element {
  const chat = continues && { continue: true, thread: continues.thread };
  return el("x", { xmlns: NS_DIRECT_INVITATION, jid: room.bare.toString(), password, reason, ...chat });
}

/**
 * Has a room ask somebody in: the payload of a message to the room (XEP-0045 §7.8.2).
 *
 * @param continues the chat that is to go on there (§7.9); default: none.
 */
export function buildMediatedInvitation(to: Jid, reason?: string, continues?: ContinuedChat): Element {
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    el(
      "invite",
      { to: to.toString() },
      reason !== undefined && el("reason", {}, reason),
      continues && el("continue", { thread: continues.thread }),
    ),
  );
}

/**
 * Passes an invitation on: the payload of a message from the room to who is asked in (XEP-0045 §7.8.2). For a component that has rooms of
 * its own.
 *
 * @param from who asks.
 */
export function buildRoomInvitation(
  from: Jid | string | undefined,
  { reason, password, continues }: InvitationOptions = {},
): Element {
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    el(
      "invite",
      { from: from?.toString() },
      reason !== undefined && el("reason", {}, reason),
      continues && el("continue", { thread: continues.thread }),
    ),
    password !== undefined && el("password", {}, password),
  );
}

/** That somebody does not come, as the room tells who asked (XEP-0045 §7.8.2). */
export interface Decline {
  readonly room: Jid;
  /** Who does not come. */
  readonly from: Jid | undefined;
  readonly reason: string | undefined;
}

/** Tells by way of the room that one does not come: the payload of a message to the room. */
export function buildDecline(to: Jid, reason?: string): Element {
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    el("decline", { to: to.toString() }, reason !== undefined && el("reason", {}, reason)),
  );
}

/**
 * Passes on that somebody does not come: the payload of a message from the room to who has asked. For a component that has rooms of its
 * own.
 *
 * @param from who does not come.
 */
export function buildRoomDecline(from: Jid | string | undefined, reason?: string): Element {
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    el("decline", { from: from?.toString() }, reason !== undefined && el("reason", {}, reason)),
  );
}

/** That somebody does not come. */
export function readDecline(message: Message): Decline | undefined {
  const decline = message.child("x", NS_MUC_USER)?.child("decline");
  const room = message.from;
  // An occupant could write the same, in a private message.
  if (decline === undefined || room?.isBare !== true) return undefined;
  return { room, from: readJid(decline.attr("from")), reason: decline.childText("reason") };
}

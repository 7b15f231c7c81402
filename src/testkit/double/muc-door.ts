import { type Element, el, Jid, NS_CLIENT } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildDirectInvitation,
  buildRoomDecline,
  buildRoomInvitation,
  NS_MUC,
} from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { errorReply } from "./answers.ts";
import type { MucRoom } from "./muc-room.ts";

/** Why a room does not let somebody in (XEP-0045 §7.2); `undefined` where it does. */
export function refusalOf(room: MucRoom, stanza: Element, affiliation: Affiliation): Element | undefined {
  const { password, membersOnly } = room.configuration;
  if (affiliation === "outcast")
    return errorReply(stanza, "auth", "forbidden", "You have been banned from this room", room.jid);
  if (membersOnly && affiliation === "none")
    return errorReply(stanza, "auth", "registration-required", undefined, room.jid);
  const said = stanza.child("x", NS_MUC)?.childText("password") ?? "";
  if (password !== "" && said !== password)
    return errorReply(stanza, "auth", "not-authorized", undefined, room.jid);
  return undefined;
}

/** Whether somebody may ask others in. */
export function mayInvite(room: MucRoom, jid: string): boolean {
  const affiliation = room.affiliationOf(jid);
  if (room.configuration.membersOnly) return affiliation === "owner" || affiliation === "admin";
  return room.roleOf(jid) !== "none" && room.roleOf(jid) !== "visitor";
}

/** An invitation or its decline as a room passes it on (§7.8.2). @param rest what else is in the message. */
export function passedOn(room: MucRoom, stanza: Element, asked: Element, rest: Element): Element {
  const from = stanza.attr("from") ?? "";
  const to = asked.attr("to") ?? "";
  const invites = asked.name === "invite";
  const { password, nonAnonymous } = room.configuration;
  const isHidden = invites && !nonAnonymous && room.roleOf(to) !== "moderator";
  const byJid = (jid: string) => room.occupants.find(({ realJid }) => realJid === jid)?.nickJid;
  const byNick = (jid: string) => room.occupants.find(({ nickJid }) => nickJid === jid)?.realJid;
  const shown = isHidden ? (byJid(from) ?? from) : from;
  const reason = asked.childText("reason") ?? "";
  const words = `${shown} ${invites ? "invited you to" : "declined your invite to"} the room ${room.jid}`;
  return rest.withAttrs({ from: room.jid, to: invites ? to : (byNick(to) ?? to) }).append(
    invites
      ? buildRoomInvitation(shown, { reason, password: password === "" ? undefined : password })
      : buildRoomDecline(shown, reason),
    // Prosody has the reason in it as text, which is older than XEP-0249.
    invites && buildDirectInvitation(Jid.parse(room.jid)).append(reason),
    stanza.child("body", NS_CLIENT) === undefined &&
      el("body", { xmlns: NS_CLIENT }, `${words}${reason && ` (${reason})`}`),
  );
}

/** Makes somebody a member who was asked in, where only members may come in. */
export function admit(room: MucRoom, jid: string): void {
  if (room.configuration.membersOnly && room.affiliationOf(jid) === "none")
    room.affiliate(bareOf(jid), "member");
}

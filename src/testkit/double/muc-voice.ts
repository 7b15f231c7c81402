import { type Element, el, Jid, NS_CLIENT } from "../../stanza/index.ts";
import { buildVoiceForm, formValues, NS_DATA, readDataForm, VOICE_FORM } from "../../xep/index.ts";
import { type MucOccupant, nickOf } from "./muc-occupant.ts";
import type { MucRoom } from "./muc-room.ts";

/**
 * Tells the moderators of a room that a visitor wants to speak, or lets the visitor speak as one of them allows it (XEP-0045 §8.6);
 * `false` where a message is about nothing of that.
 */
export function passVoice(
  room: MucRoom,
  stanza: Element,
  sender: MucOccupant,
  route: (stanza: Element) => void,
): boolean {
  const x = stanza.child("x", NS_DATA);
  const form = x && readDataForm(x);
  if (form?.type !== "submit" || form.formType !== VOICE_FORM) return false;
  if (sender.role === "moderator") grant(room, sender, formValues(form));
  else if (sender.role === "visitor") ask(room, sender, route);
  return true;
}

function ask(room: MucRoom, { realJid, nickJid }: MucOccupant, route: (stanza: Element) => void): void {
  const form = buildVoiceForm({ role: "participant", jid: Jid.parse(realJid), nick: nickOf(nickJid) });
  for (const { role, realJid: to } of room.occupants)
    if (role === "moderator")
      route(el("message", { xmlns: NS_CLIENT, type: "normal", from: room.jid, to }, form));
}

function grant(room: MucRoom, moderator: MucOccupant, values: ReadonlyMap<string, readonly string[]>): void {
  const [jid] = values.get("muc#jid") ?? [];
  const isAllowed = ["1", "true"].includes(values.get("muc#request_allow")?.[0] ?? "");
  const visitor = room.occupants.find(({ realJid, role }) => realJid === jid && role === "visitor");
  if (visitor !== undefined && isAllowed)
    room.setRole(nickOf(visitor.nickJid), "participant", {
      actor: nickOf(moderator.nickJid),
      reason: "Voice granted",
    });
}

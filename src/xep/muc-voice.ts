import type { Element, Jid, Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { buildSubmit, formValues, NS_DATA, readDataForm } from "./data-forms.ts";
import { ROLES, type Role } from "./occupant.ts";

/** The `FORM_TYPE` of a request for voice (XEP-0045 §7.13, §8.6). */
export const VOICE_FORM = "http://jabber.org/protocol/muc#request";

/** A visitor wants to speak in a moderated room; the room passes that on to its moderators. */
export interface VoiceRequest {
  readonly role: Role;
  readonly jid: Jid | undefined;
  readonly nick: string | undefined;
}

/** Who wants to speak, as a room tells its moderators. */
export function readVoiceRequest(message: Message): VoiceRequest | undefined {
  const x = message.from?.resource === undefined ? message.child("x", NS_DATA) : undefined;
  const form = x && readDataForm(x);
  if (form?.type !== "form" || form.formType !== VOICE_FORM) return undefined;
  const values = formValues(form);
  return {
    role: ROLES.find((role) => role === values.get("muc#role")?.[0]) ?? "participant",
    jid: readJid(values.get("muc#jid")?.[0]),
    nick: values.get("muc#roomnick")?.[0],
  };
}

/** Asks for voice (§7.13): the payload of a message to the room. */
export function buildVoiceRequest(): Element {
  return buildSubmit({ "muc#role": "participant" }, VOICE_FORM);
}

/** Grants or refuses what was asked for (§8.6): the payload of a message to the room. */
export function buildVoiceAnswer({ role, jid, nick }: VoiceRequest, allow: boolean): Element {
  return buildSubmit(
    {
      "muc#role": role,
      "muc#jid": jid?.toString(),
      "muc#roomnick": nick,
      "muc#request_allow": allow ? "true" : "false",
    },
    VOICE_FORM,
  );
}

import type { Element, Jid, Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { buildDataForm, buildSubmit, formValues, NS_DATA, readDataForm } from "./data-forms.ts";
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

/**
 * Tells a moderator who wants to speak (§8.6), as a form to fill in: the payload of a message from the room. For a component that has
 * rooms of its own.
 */
export function buildVoiceForm({ role, jid, nick }: VoiceRequest): Element {
  const values = (value: { toString(): string } | undefined): string[] =>
    value === undefined ? [] : [value.toString()];
  return buildDataForm({
    formType: VOICE_FORM,
    title: "Voice request",
    instructions:
      'To approve this request for voice, select the "Grant voice to this person?" checkbox and click OK. To skip this request, click the cancel button.',
    fields: [
      { var: "muc#role", type: "list-single", label: "Requested role", values: [role] },
      { var: "muc#jid", type: "jid-single", label: "User ID", values: values(jid) },
      { var: "muc#roomnick", type: "text-single", label: "Room Nickname", values: values(nick) },
      {
        var: "muc#request_allow",
        type: "boolean",
        label: "Grant voice to this person?",
        values: ["false"],
      },
    ],
  });
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

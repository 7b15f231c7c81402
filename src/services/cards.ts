import type { Profile } from "../bot/index.ts";
import type { Element, Jid } from "../stanza/index.ts";
import { buildVCard, buildVCard4, type VCard4Property } from "../xep/index.ts";

/** The vCard of a bot in the format that clients ask for most (XEP-0054). */
export function vcardOf({ nick, avatar, description, url }: Profile, jid: Jid): Element {
  return buildVCard({
    fullName: nick,
    nickname: nick,
    photo: avatar && { type: avatar.type, data: avatar.data },
    jid: jid.toString(),
    url,
    description,
  });
}

/** The same by XEP-0292. */
export function vcard4Of({ nick, avatar, description, url }: Profile, jid: Jid): Element {
  const properties = [
    property("kind", "text", "application"),
    property("fn", "text", nick),
    property("nickname", "text", nick),
    avatar && property("photo", "uri", `data:${avatar.type};base64,${base64(avatar.data)}`),
    property("impp", "uri", `xmpp:${jid}`),
    url === undefined ? undefined : property("url", "uri", url),
    property("note", "text", description),
  ];
  return buildVCard4(properties.filter((each) => each !== undefined));
}

function property(name: string, type: string, text: string): VCard4Property {
  return { name, values: [{ type, text }] };
}

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

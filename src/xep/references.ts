import type { Jid, Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";

/** XEP-0372: References; also its feature. */
export const NS_REFERENCES = "urn:xmpp:reference:0";

/** That a message speaks of somebody. */
export interface Mention {
  /** Of whom: a person, or an occupant of a room. */
  readonly jid: Jid;
  /** Where in the body the name begins, in code points, where that is said. */
  readonly begin: number | undefined;
  /** The first code point after the name. */
  readonly end: number | undefined;
}

/** Of whom a message speaks. */
export function readMentions(message: Message): Mention[] {
  return message.element.childrenNamed("reference", NS_REFERENCES).flatMap((reference) => {
    const uri = reference.attr("uri") ?? "";
    if (reference.attr("type") !== "mention" || !uri.startsWith("xmpp:")) return [];
    const jid = readJid(decoded(uri.slice("xmpp:".length).replace(/\?.*$/s, "")));
    return jid ? [{ jid, begin: offset(reference.attr("begin")), end: offset(reference.attr("end")) }] : [];
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function offset(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

import { type Element, el, Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";

/** XEP-0372: References; also its feature. */
export const NS_REFERENCES = "urn:xmpp:reference:0";

/** That a message refers to something. */
export interface Reference {
  /** `mention` for somebody, `data` for anything else. */
  readonly type: string;
  readonly uri: string;
  /** Where in the body it begins, in code points; default: nowhere in particular. */
  readonly begin?: number | undefined;
  /** The first code point after it. */
  readonly end?: number | undefined;
  /** Which earlier message it belongs to; default: this one. */
  readonly anchor?: string | undefined;
}

/** That a message speaks of somebody. */
export interface Mention {
  /** Of whom: a person, or an occupant of a room. */
  readonly jid: Jid;
  /** Where in the body the name begins, in code points, where that is said. */
  readonly begin: number | undefined;
  /** The first code point after the name. */
  readonly end: number | undefined;
}

/** What a message refers to. Whoever follows an address follows what a stranger has named. */
export function readReferences(message: Message): Reference[] {
  return message.element.childrenNamed("reference", NS_REFERENCES).flatMap((reference) => {
    const type = reference.attr("type");
    const uri = reference.attr("uri");
    if (type === undefined || uri === undefined) return [];
    const [begin, end] = [offset(reference.attr("begin")), offset(reference.attr("end"))];
    return [{ type, uri, begin, end, anchor: reference.attr("anchor") }];
  });
}

/** Of whom a message speaks. */
export function readMentions(message: Message): Mention[] {
  return readReferences(message).flatMap(({ type, uri, begin, end }) => {
    if (type !== "mention" || !uri.startsWith("xmpp:")) return [];
    const jid = readJid(decoded(uri.slice("xmpp:".length).replace(/\?.*$/s, "")));
    return jid ? [{ jid, begin, end }] : [];
  });
}

/** Says what a message refers to. */
export function buildReference({ type, uri, begin, end, anchor }: Reference): Element {
  return el("reference", { xmlns: NS_REFERENCES, anchor, begin, end, type, uri });
}

/**
 * Says of whom a message speaks, so that their client can call their attention to it.
 *
 * @param jid the person, or the occupant of a room.
 * @throws JidError when that is no JID.
 */
export function buildMention(jid: Jid | string, range: { begin?: number; end?: number } = {}): Element {
  return buildReference({ type: "mention", uri: `xmpp:${encoded(Jid.parse(jid))}`, ...range });
}

/** RFC 5122 §2.2: what a JID may have and an address on the web may not. */
function encoded({ local, domain, resource }: Jid): string {
  const part = (text: string): string => encodeURIComponent(text).replaceAll("%3A", ":");
  return `${local === undefined ? "" : `${part(local)}@`}${domain.startsWith("[") ? domain : part(domain)}${resource === undefined ? "" : `/${part(resource)}`}`;
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

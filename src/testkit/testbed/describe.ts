import { type Element, NS_CLIENT, type Stanza, StanzaError } from "../../stanza/index.ts";
import {
  NS_CAPABILITY_HASHES,
  NS_CAPS,
  NS_CHAT_STATES,
  NS_CORRECTION,
  NS_DISCO_INFO,
  NS_FALLBACK,
  NS_MUC,
  NS_MUC_USER,
  NS_NICK,
  NS_OCCUPANT_ID,
  NS_REACTIONS,
  NS_RECEIPTS,
  NS_REPLY,
  NS_RETRACTION,
  NS_STANZA_IDS,
  NS_VCARD_UPDATE,
  readChatState,
  readReactions,
  readReceipt,
} from "../../xep/index.ts";
import { viewOf } from "../double/view.ts";

/** What need not be told, or is told in words of its own. */
const KNOWN: ReadonlySet<string> = new Set([
  NS_CAPABILITY_HASHES,
  NS_CAPS,
  NS_CHAT_STATES,
  NS_CLIENT,
  NS_CORRECTION,
  NS_FALLBACK,
  NS_MUC,
  NS_MUC_USER,
  NS_NICK,
  NS_OCCUPANT_ID,
  NS_REACTIONS,
  NS_RECEIPTS,
  NS_REPLY,
  NS_RETRACTION,
  NS_STANZA_IDS,
  NS_VCARD_UPDATE,
  "urn:xmpp:delay",
]);

/** What a stanza says, in a few words for a person; `undefined` where it says nothing, as one that tells that somebody does not type. */
export function describe(element: Element): string | undefined {
  const stanza = viewOf(element);
  // What a client can is asked behind everybody's back.
  if (stanza.kind === "iq" && stanza.payload?.is("query", NS_DISCO_INFO)) return undefined;
  if (stanza.type === "error") return `[error ${wordsOf(element)}]`;
  const parts =
    stanza.kind === "message" ? message(stanza) : stanza.kind === "iq" ? [stanza.type] : [presence(element)];
  for (const child of element.elements) if (!KNOWN.has(child.ns)) parts.push(payload(child));
  const body = stanza.kind === "message" ? stanza.body : undefined;
  const said = [...parts.map((part) => `[${part}]`), ...(body === undefined ? [] : [body])];
  return said.length === 0 ? undefined : said.join(" ");
}

function message(stanza: Stanza & { readonly kind: "message" }): string[] {
  const parts: string[] = [];
  if (stanza.child("replace", NS_CORRECTION)) parts.push("corrects");
  if (stanza.child("reply", NS_REPLY)) parts.push("replies");
  if (stanza.child("retract", NS_RETRACTION)) parts.push("retracts");
  const reactions = readReactions(stanza);
  if (reactions) parts.push(`reacts ${reactions.emojis.join(" ")}`.trimEnd());
  if (readChatState(stanza) === "composing") parts.push("typing");
  if (readReceipt(stanza) !== undefined) parts.push("received");
  if (stanza.subject !== undefined) parts.push(`subject ${stanza.subject}`.trimEnd());
  return parts;
}

function presence(element: Element): string {
  const joins = element.child("x", NS_MUC) !== undefined && element.attr("type") === undefined;
  return joins ? "joins" : (element.attr("type") ?? "available");
}

function payload(child: Element): string {
  if (!child.is("x", "jabber:x:data")) return `${child.name} ${child.ns}`;
  const fields = child.childrenNamed("field").flatMap((field) => {
    const name = field.attr("var");
    const values = field.childrenNamed("value").map(({ text }) => text);
    return name === undefined ? [] : [values.length === 0 ? name : `${name}=${values.join(",")}`];
  });
  return ["form", child.attr("type"), child.childText("title"), ...fields].filter(Boolean).join(" ");
}

function wordsOf(element: Element): string {
  const error = element.child("error", NS_CLIENT);
  if (error === undefined) return "of no kind";
  const { condition, text } = StanzaError.fromElement(error);
  return text === undefined ? condition : `${condition}: ${text}`;
}

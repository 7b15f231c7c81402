import { type Element, el, type Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { buildFallback, withoutFallback } from "./fallback.ts";

/** XEP-0461: Message Replies; also its feature. */
export const NS_REPLY = "urn:xmpp:reply:0";

/** Which message another one answers. */
export interface ReplyTo {
  /** The id of that message; in a room, the one that the room gave it (XEP-0359). */
  readonly id: string;
  /** Who wrote it, where that is said. */
  readonly jid: Jid | undefined;
}

/** Which message this one answers. */
export function readReplyTo(message: Message): ReplyTo | undefined {
  const reply = message.child("reply", NS_REPLY);
  const id = reply?.attr("id");
  return id === undefined ? undefined : { id, jid: readJid(reply?.attr("to")) };
}

/** The body without the quotation that is there only for clients that do not know of replies (XEP-0461 §3.1). */
export function readUnquoted(message: Message): string | undefined {
  return withoutFallback(message, NS_REPLY);
}

/** Says which message another one answers. */
export function buildReplyTo({ id, jid }: { readonly id: string; readonly jid?: Jid | undefined }): Element {
  return el("reply", { xmlns: NS_REPLY, to: jid?.toString(), id });
}

/**
 * Makes the body of an answer that quotes what it answers, and says which part of it is the quotation (XEP-0461 §3.1).
 *
 * @param quoted what is quoted; of more than 280 code points or 6 lines, the beginning.
 * @returns the body and the fallback; they go beside {@link buildReplyTo}.
 */
export function buildQuotation(quoted: string, answer: string): Element[] {
  const quotation = shortened(quoted)
    .split("\n")
    .map((line) => (line.startsWith(">") ? `>${line}\n` : `> ${line}\n`))
    .join("");
  const end = Array.from(quotation).length;
  return [el("body", {}, quotation + answer), buildFallback(NS_REPLY, { start: 0, end })];
}

const MOST_QUOTED = 280;
const MOST_LINES = 6;

function shortened(text: string): string {
  const trimmed = text.replace(/\r\n?/g, "\n").trim();
  const points = Array.from(trimmed.slice(0, 2 * MOST_QUOTED + 2));
  const lines = points.slice(0, MOST_QUOTED).join("").split("\n").slice(0, MOST_LINES);
  const kept = lines.join("\n").trimEnd();
  return kept.length < trimmed.length ? `${kept} …` : kept;
}

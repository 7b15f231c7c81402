import { type Element, el, type Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { withoutFallback } from "./fallback.ts";

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

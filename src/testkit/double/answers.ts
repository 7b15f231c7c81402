import { randomBytes } from "node:crypto";
import { type AttributeInit, type Element, el, NS_CLIENT, NS_STANZAS } from "../../stanza/index.ts";

/** The attributes of a stanza that Prosody lets through; everything else on the root is dropped. */
export interface StanzaAttributes extends AttributeInit {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly "xml:lang"?: string | undefined;
}

/** A stanza with exactly these attributes, and children as they are. */
export function restamp(element: Element, attrs: StanzaAttributes): Element {
  return el(element.name, { xmlns: NS_CLIENT, ...attrs }, ...element.children);
}

/** A fresh id with the look of Prosody's. */
export function freshId(): string {
  return randomBytes(9).toString("base64url");
}

/** The empty reply to a stanza: addresses swapped, id and type kept, an IQ's type `result`. */
export function emptyReply(stanza: Element): Element {
  return el(stanza.name, {
    xmlns: NS_CLIENT,
    to: stanza.attr("from"),
    from: stanza.attr("to"),
    id: stanza.attr("id"),
    type: stanza.name === "iq" ? "result" : stanza.attr("type"),
  });
}

/** The error reply to a stanza; unlike many servers, Prosody does not send the payload back. */
export function errorReply(
  stanza: Element,
  type: string,
  condition: string,
  text?: string,
  by?: string,
): Element {
  return emptyReply(stanza)
    .withAttrs({ type: "error" })
    .withChildren(
      el(
        "error",
        { xmlns: NS_CLIENT, type, by },
        el(condition, { xmlns: NS_STANZAS }),
        text !== undefined && el("text", { xmlns: NS_STANZAS }, text),
      ),
    );
}

/** Whether a stanza may be answered at all (RFC 6120 §8.3.1): errors and results are not. */
export function isAnswerable(stanza: Element): boolean {
  const type = stanza.attr("type");
  return type !== "error" && !(stanza.name === "iq" && type === "result");
}

import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0439: Quick Response; also its feature. */
export const NS_QUICK_RESPONSE = "urn:xmpp:tmp:quick-response";

/** An answer that a client may offer as a button: it is sent as the body of a message. */
export interface QuickResponse {
  readonly value: string;
  /** What stands on the button. Default: the value. */
  readonly label?: string | undefined;
  /** Has to be the language that the body of the message states. */
  readonly lang?: string | undefined;
}

/** Something to do that a client may offer as a button: its id is sent, without a body. */
export interface QuickAction {
  readonly id: string;
  readonly label: string;
  readonly lang?: string | undefined;
}

/** The answers that a message offers. */
export function readQuickResponses(message: Message): QuickResponse[] {
  return message.element.childrenNamed("response", NS_QUICK_RESPONSE).flatMap((response) => {
    const value = response.attr("value");
    if (value === undefined) return [];
    return [{ value, label: response.attr("label"), lang: response.attr("xml:lang") }];
  });
}

/** What a message offers to do. */
export function readQuickActions(message: Message): QuickAction[] {
  return message.element.childrenNamed("action", NS_QUICK_RESPONSE).flatMap((action) => {
    const { id, label, "xml:lang": lang } = action.attrs;
    return id === undefined || label === undefined ? [] : [{ id, label, lang }];
  });
}

/** Which action somebody has selected. */
export function readSelectedAction(message: Message): string | undefined {
  return message.child("action-selected", NS_QUICK_RESPONSE)?.attr("id");
}

/** Offers an answer. A message must not offer two of the same value or label, and has one body at most, which lists them too. */
export function buildQuickResponse({ value, label, lang }: QuickResponse): Element {
  return el("response", { xmlns: NS_QUICK_RESPONSE, "xml:lang": lang, value, label });
}

/** Offers something to do. A message must not offer two of the same id or label, and has one body at most. */
export function buildQuickAction({ id, label, lang }: QuickAction): Element {
  return el("action", { xmlns: NS_QUICK_RESPONSE, "xml:lang": lang, id, label });
}

/** Selects an action, in a message without a body. */
export function buildSelectedAction(id: string): Element {
  return el("action-selected", { xmlns: NS_QUICK_RESPONSE, id });
}

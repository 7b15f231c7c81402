import { type Element, el, type NodeInit } from "./element.ts";
import { BaseStanza, type StanzaInit, StanzaShapeError, stanzaElement } from "./stanza.ts";

/** RFC 6121 §5.2.2. */
export type MessageType = "normal" | "chat" | "groupchat" | "headline" | "error";

/** A text with one variant a language; the key `""` is the variant without `xml:lang`. */
export type LocalizedText = string | Readonly<Record<string, string>>;

/** What a {@link message} may be made with. */
export interface MessageInit extends StanzaInit {
  /** Default `normal`, which is written as no type at all. */
  readonly type?: MessageType | undefined;
  readonly body?: LocalizedText | undefined;
  readonly subject?: LocalizedText | undefined;
  /** The conversation thread (XEP-0201). */
  readonly thread?: string | undefined;
}

/** A message (RFC 6121 §5). */
export class Message extends BaseStanza {
  readonly kind = "message";

  /**
   * The type; `normal` where there is none.
   *
   * RFC 6121 §5.2.2 has a type that is not known read as `normal`.
   */
  get type(): MessageType {
    const type = this.element.attr("type");
    return types.find((known) => known === type) ?? "normal";
  }

  /** The body in the language of the stanza itself, else the first there is. */
  get body(): string | undefined {
    return this.#text("body");
  }

  /** Every body by its language; the key `""` is the one without. */
  get bodies(): Record<string, string> {
    const bodies: Record<string, string> = Object.create(null);
    for (const body of this.element.childrenNamed("body")) bodies[body.attr("xml:lang") ?? ""] ??= body.text;
    return bodies;
  }

  get subject(): string | undefined {
    return this.#text("subject");
  }

  get thread(): string | undefined {
    return this.element.childText("thread");
  }

  #text(name: string): string | undefined {
    let first: Element | undefined;
    for (const child of this.element.children) {
      if (typeof child === "string" || !child.is(name, this.element.ns)) continue;
      const lang = child.attr("xml:lang");
      if (lang === undefined || lang === this.lang) return child.text;
      first ??= child;
    }
    return first?.text;
  }
}

const types: readonly MessageType[] = ["normal", "chat", "groupchat", "headline", "error"];

/**
 * Makes a message.
 *
 * @example
 * ```ts
 * import { message } from "restanza/stanza";
 *
 * message({ to: "juliet@example.com", type: "chat", body: "Hello" });
 * message({ to: "juliet@example.com", body: { en: "Hello", de: "Hallo" } });
 * ```
 * @throws JidError when `to` or `from` is no JID.
 */
export function message(init: MessageInit, ...children: NodeInit[]): Message {
  if (init.type !== undefined && !types.includes(init.type)) {
    throw new StanzaShapeError(
      `${JSON.stringify(init.type)} is no type of a message; it is one of ${types.join(", ")}`,
    );
  }
  return new Message(
    stanzaElement("message", init, init.type === "normal" ? undefined : init.type, [
      localized("subject", init.subject),
      localized("body", init.body),
      init.thread !== undefined && el("thread", {}, init.thread),
      ...children,
    ]),
  );
}

function localized(name: string, text: LocalizedText | undefined): Element[] {
  if (text === undefined) return [];
  if (typeof text === "string") return [el(name, {}, text)];
  return Object.entries(text).map(([lang, variant]) => el(name, { "xml:lang": lang || undefined }, variant));
}

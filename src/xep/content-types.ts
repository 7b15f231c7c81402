import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0481: Content Types in Messages; also its feature. */
export const NS_CONTENT = "urn:xmpp:content";

/** What a message says, in a format. */
export interface TypedContent {
  /** Such as `text/markdown`. */
  readonly type: string;
  /** The text; `undefined` where it is the body itself that is in this format (§2.1). */
  readonly text?: string | undefined;
}

/** In which formats a message comes besides its plain body. */
export function readContents(message: Message): TypedContent[] {
  return message.element.childrenNamed("content", NS_CONTENT).flatMap((content) => {
    const type = content.attr("type")?.trim();
    return type ? [{ type, text: content.text === "" ? undefined : content.text }] : [];
  });
}

/** Says the same as the body in a format, or which format the body has. */
export function buildContent({ type, text }: TypedContent): Element {
  return el("content", { xmlns: NS_CONTENT, type }, text);
}

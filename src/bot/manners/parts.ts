import { el, Message, type Presence } from "../../stanza/index.ts";
import type { BotHandle } from "../bot-handle.ts";
import { textsOf } from "../i18n/framework.ts";
import { LONGEST_MESSAGE, splitText } from "./split.ts";

/** Of how many messages one reply may be. */
const MOST_PARTS = 10;
/** The most bytes that one UTF-16 unit takes. */
const UNIT_BYTES = 3;

/**
 * @internal Makes several messages of one whose text is too long. The first keeps what else the message holds and its id; the others are
 * of the same type and thread, and have none yet.
 *
 * @param lang in which who does not get the rest of it, as there would be too many, is told so.
 * @returns `undefined` where it is short enough, or holds its text more than once, such as in several languages.
 */
export function partsOf(
  message: Message,
  bot: Pick<BotHandle, "texts">,
  lang: string | undefined,
): Message[] | undefined {
  const { element } = message;
  const [body, ...others] = element.childrenNamed("body");
  if (body === undefined || others.length > 0) return undefined;
  const { text } = body;
  if (text.length * UNIT_BYTES <= LONGEST_MESSAGE || Buffer.byteLength(text) <= LONGEST_MESSAGE)
    return undefined;
  const texts: string[] = [];
  for (const part of splitText(text)) {
    if (texts.length === MOST_PARTS) {
      texts.push(textsOf(bot).say("leftOut", lang));
      break;
    }
    texts.push(part);
  }
  return texts.map((part, index) => {
    const words = el("body", body.attrs, part);
    const content = index === 0 ? element.children : element.childrenNamed("thread");
    const children =
      index === 0 ? content.map((child) => (child === body ? words : child)) : [words, content];
    const made = element.withChildren(...children);
    return new Message(index === 0 ? made : made.withAttrs({ id: undefined }));
  });
}

/** @internal What a stanza is sent as: a message that is too long as several. */
export function partsOfStanza(
  stanza: Message | Presence,
  bot: Pick<BotHandle, "texts">,
  lang: string | undefined,
): readonly (Message | Presence)[] {
  return (stanza.kind === "message" ? partsOf(stanza, bot, lang) : undefined) ?? [stanza];
}

import { readCorrection, readReactions, readUnquoted } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { readMention } from "../filters/mention.ts";
import { CANCELLING } from "./texts.ts";

/** What a person has answered: words, or how they have reacted to a message. */
export interface Answer {
  readonly text: string;
  /** The id of the message; of one that corrects another, that of the first. */
  readonly by?: string | undefined;
  /** Whether it corrects another (XEP-0308). */
  readonly corrects?: boolean;
  /** Whether it was picked from what there is, so that it is a choice itself rather than words for one. */
  readonly picked?: boolean;
  /** The message that it is a reaction to. */
  readonly reactionTo?: string;
}

/** What a message may answer; `undefined` for what answers nothing, such as that somebody is typing. */
export function readAnswer(ctx: Context): Answer | undefined {
  const { stanza } = ctx;
  if (stanza.kind !== "message" || stanza.type === "error" || stanza.type === "headline") return undefined;
  const reactions = readReactions(stanza);
  if (reactions !== undefined) {
    const [emoji] = reactions.emojis;
    return emoji === undefined ? undefined : { text: emoji, reactionTo: reactions.to };
  }
  // Who answers in a room may name the bot, and who answers by a reply quotes the question.
  const text = (readMention(stanza, ctx) ?? readUnquoted(stanza))?.trim();
  if (!text) return undefined;
  const corrected = readCorrection(stanza);
  return { text, by: corrected ?? stanza.id, corrects: corrected !== undefined };
}

/** A text as it is compared: whatever its case, and the full stop of who ends sentences. */
export function plain(text: string): string {
  return text
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, "");
}

/** Whether a text would end a dialog. */
export function cancels(text: string): boolean {
  return CANCELLING.has(plain(text).replace(/^!/, ""));
}

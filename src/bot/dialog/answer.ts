import type { Message } from "../../stanza/index.ts";
import { readCorrection, readReactions, readReplyTo, readUnquoted } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { readMention } from "../filters/mention.ts";
import { hasWords } from "../filters/words.ts";
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
  /** The message of the bot that it is a reaction to, by the bot's own id. */
  readonly reactionTo?: string;
  /** Whether it answers somebody else in the room. */
  readonly isToOthers?: boolean;
}

/** What a message may answer; `undefined` for what answers nothing, such as that somebody is typing. */
export function readAnswer(ctx: Context): Answer | undefined {
  const { stanza } = ctx;
  if (stanza.kind !== "message" || stanza.type === "error" || stanza.type === "headline") return undefined;
  const reactions = readReactions(stanza);
  if (reactions !== undefined) {
    const [emoji] = reactions.emojis;
    return emoji === undefined ? undefined : { text: emoji, reactionTo: ownId(ctx, reactions.to) };
  }
  if (!hasWords(stanza)) return undefined;
  // Who answers in a room may name the bot, and who answers by a reply quotes the question.
  const text = (readMention(stanza, ctx) ?? readUnquoted(stanza))?.trim();
  if (!text) return undefined;
  const corrected = readCorrection(stanza);
  const isToOthers = ctx.inRoom && isReplyToOthers(ctx, stanza);
  return { text, by: corrected ?? stanza.id, corrects: corrected !== undefined, isToOthers };
}

/** In a room, what the bot has said has another id for all others. */
function ownId({ bot, from }: Context, id: string): string {
  return bot.rooms.ownId(from, id) ?? id;
}

function isReplyToOthers({ bot, from }: Context, stanza: Message): boolean {
  const to = readReplyTo(stanza);
  if (to?.jid === undefined || bot.rooms.ownId(from, to.id) !== undefined) return false;
  const nick = bot.rooms.nick(from);
  const { bare, resource } = to.jid;
  return nick !== undefined && resource !== undefined && bare.equals(from.bare) && resource !== nick;
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

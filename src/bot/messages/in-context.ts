import type { Message } from "../../stanza/index.ts";
import { isMarkable, readReferenceId, readStanzaId } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import { ReplyError } from "../reply.ts";
import { displayed, type MessageContent, reaction, retraction } from "./content.ts";

/**
 * @internal The message that a handler is about.
 *
 * @throws ReplyError when it is about something else.
 */
export function originalOf(ctx: Context, what: string): Message {
  if (ctx.stanza.kind === "message") return ctx.stanza;
  throw new ReplyError(
    `${what} is for messages, and this is ${ctx.stanza.kind === "iq" ? "an IQ" : "a presence"}`,
  );
}

/** @internal A reaction to the message that a handler is about; `undefined` where it has no id by which it could be named. */
export function reactionTo(ctx: Context, emojis: readonly string[]): MessageContent | undefined {
  const id = readReferenceId(originalOf(ctx, "ctx.react()"));
  return id === undefined ? undefined : reaction(id, ...emojis);
}

/** @internal That the message was read which a handler is about; `undefined` where nobody wants to know. */
export function displayedIn(ctx: Context): MessageContent | undefined {
  const message = originalOf(ctx, "ctx.markDisplayed()");
  // XEP-0333 §4: in a room by the room's id, elsewhere by the message's own.
  const id = message.type === "groupchat" ? readStanzaId(message, ctx.from) : message.id;
  return id === undefined || !isMarkable(message) ? undefined : displayed(id);
}

/** @internal Takes back what the bot has said where a handler is. */
export async function retractionIn(ctx: Context, id: string): Promise<MessageContent> {
  const { type } = originalOf(ctx, "ctx.retract()");
  // XEP-0424 §4: in a room by the room's id, which the bot knows once the room has reflected the message.
  const known = type === "groupchat" ? await ctx.bot.rooms.roomId(ctx.from, id) : undefined;
  return retraction(known ?? id, textsOf(ctx.bot).say("retracted", await languageOf(ctx)));
}

import type { Message, Presence } from "../stanza/index.ts";
import type { Answering, Sent } from "./answering.ts";
import type { Context } from "./context.ts";
import { currentLanguage } from "./i18n/language.ts";
import { partsOfStanza } from "./manners/parts.ts";

/**
 * @internal Sends something of a bot's own from within a handler: to the conversation of its stanza in the order of the replies, to anybody
 * else past it. What is too long is sent in parts, one after another.
 *
 * @returns what is known of the first part.
 */
export function sendWithin(ctx: Context, answering: Answering, stanza: Message | Presence): Promise<Sent> {
  const isHere = stanza.to?.bare.equals(ctx.from.bare) === true;
  let before: Promise<unknown> | undefined;
  // Each has its number at once, whatever else the handler says meanwhile.
  const sending = partsOfStanza(stanza, ctx.bot, currentLanguage(ctx)).map((part) => {
    if (isHere) return answering.send(part);
    const earlier = before;
    const sent = answering.elsewhere(async (options) => {
      if (earlier !== undefined) await earlier;
      return await ctx.bot.sender.send(part, { ...options, signal: ctx.signal });
    });
    before = sent;
    return sent;
  });
  // As soon as it is sent, and no turn later: who waits for it may answer before the handler returns.
  const [first] = sending as [Promise<Sent>];
  return sending.length > 1 ? Promise.all(sending).then(() => first) : first;
}

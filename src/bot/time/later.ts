import { message, writeXml } from "../../stanza/index.ts";
import type { Context } from "../context.ts";
import { type TimerCall, timerEntry } from "./call.ts";

/**
 * @internal Has something run later in the conversation of a stanza, together with all else that its handler changes.
 *
 * @param due when, in milliseconds since 1970.
 */
export function runLater(
  ctx: Context,
  timer: Pick<TimerCall, "kind" | "name" | "number">,
  due: number,
): void {
  const { stanza, bot, from } = ctx;
  const toAll = stanza.kind === "message" && stanza.type === "groupchat";
  // Whoever has several clients reads it where they are by then.
  const sender = ctx.inRoom ? from : from.bare;
  const origin = message({
    from: sender.toString(),
    to: ctx.to.toString(),
    type: toAll ? "groupchat" : "chat",
    lang: stanza.lang,
  });
  const payload = {
    bot: bot.jid.toString(),
    conversation: `${bot.jid} ${from.bare}`,
    xml: writeXml(origin.element),
    timer: { ...timer, attempt: 0, late: 0 },
  };
  ctx.effects.add({ enqueue: timerEntry(payload, due) });
}

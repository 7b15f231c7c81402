import { type Jid, message, writeXml } from "../../stanza/index.ts";
import type { Write } from "../../store/index.ts";
import type { Context } from "../context.ts";
import { entryId, MOST_ATTEMPTS, type TimerCall, timerEntry } from "./call.ts";

/** What stands for the message that a handler would have. */
interface Origin {
  readonly bot: Jid;
  readonly from: Jid;
  readonly to: Jid;
  readonly type: "chat" | "groupchat";
  readonly lang?: string | undefined;
}

type Timer = Pick<TimerCall, "kind" | "name" | "number">;

/**
 * @internal Has something run later in the conversation of a stanza, together with all else that its handler changes.
 *
 * @param due when, in milliseconds since 1970.
 */
export function runLater(ctx: Context, timer: Timer, due: number): void {
  const { stanza, bot, from, to } = ctx;
  const type = stanza.kind === "message" && stanza.type === "groupchat" ? "groupchat" : "chat";
  // Whoever has several clients reads it where they are by then.
  const sender = ctx.inRoom ? from : from.bare;
  ctx.effects.add(laterEntry({ bot: bot.jid, from: sender, to, type, lang: stanza.lang }, timer, due));
}

/** @internal Takes a timer out of its queue, whichever attempt waits there; one that is due has left it, and finds that it was cancelled. */
export async function dropLater({ bot, from, effects }: Context, number: number): Promise<void> {
  const conversation = `${bot.jid} ${from.bare}`;
  for (let attempt = 0; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const id = entryId(conversation, { kind: "timer", name: "", number, attempt, late: 0 });
    if (await effects.dropQueued({ queue: "timers", id })) return;
  }
}

/** @internal Has something run later in the conversation with somebody. */
export function laterEntry({ bot, from, to, type, lang }: Origin, timer: Timer, due: number): Write {
  const origin = message({ from, to, type, lang });
  const payload = {
    bot: bot.toString(),
    conversation: `${bot} ${from.bare}`,
    xml: writeXml(origin.element),
    timer: { ...timer, attempt: 0, late: 0 },
  };
  return { enqueue: timerEntry(payload, due) };
}

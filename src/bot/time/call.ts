import { createHash } from "node:crypto";
import type { Jid } from "../../stanza/index.ts";
import { message, writeXml } from "../../stanza/index.ts";
import type { JsonValue, NewEntry } from "../../store/index.ts";

/** @internal Which timer is due. */
export interface TimerCall {
  /** Set by a handler, by a schedule of the bot, or by a dialog that waits for an answer. */
  readonly kind: "timer" | "every" | "dialog";
  /** Of a dialog, the key under which it is stored. */
  readonly name: string;
  /** Of a timer, its number in its conversation; of the others, when it was due. */
  readonly number: number;
  /** How often it has failed. */
  readonly attempt: number;
  /** How many runs before this one were late too, and are caught up with. */
  readonly late: number;
}

/** @internal A timer in its queue, with all that its handling begins with. */
export interface TimerPayload {
  /** The address of the bot. */
  readonly bot: string;
  /** In whose turn it runs. */
  readonly conversation: string;
  /** What stands for the stanza that a handler would have. */
  readonly xml: string;
  readonly timer: TimerCall;
}

/** @internal The same for every attempt: what is said under it is said once. */
export function timerName({ conversation, timer }: Omit<TimerPayload, "xml" | "bot">): string {
  if (timer.kind !== "dialog") return `timer ${conversation} ${timer.number}`;
  // Occupants of one room have dialogs of their own; their names may be longer than an index takes.
  const key = createHash("sha256").update(timer.name).digest("base64url");
  return `dialog ${conversation} ${timer.number} ${key}`;
}

/** @internal After how long what has failed is tried again, in milliseconds; then it is put aside. */
export const PAUSES = [5_000, 30_000, 180_000] as const;

/** @internal How often a timer is tried again. */
export const MOST_ATTEMPTS: number = PAUSES.length;

/** @internal The id of a timer in its queue: each attempt has its own. */
export function entryId(conversation: string, timer: TimerCall): string {
  const name = timerName({ conversation, timer });
  return timer.attempt === 0 ? name : `${name} ${timer.attempt}`;
}

/** @internal The entry of a timer in its queue: alone under its key, so that none waits for another. */
export function timerEntry(payload: TimerPayload, notBefore: number): NewEntry {
  const id = entryId(payload.conversation, payload.timer);
  return {
    queue: "timers",
    id,
    key: id,
    payload: payload as unknown as JsonValue,
    notBefore: Math.max(0, notBefore),
  };
}

/** @internal The conversation of a schedule; no address has a space in it, so no other one is called that. */
export function scheduleConversation(bot: Jid, name: string): string {
  return `${bot} every ${name}`;
}

/** @internal The first entry of a run of a schedule. */
export function runEntry(bot: Jid, name: string, due: number, late = 0): NewEntry {
  const address = bot.toString();
  return timerEntry(
    {
      bot: address,
      conversation: scheduleConversation(bot, name),
      xml: writeXml(message({ from: address, to: address, type: "chat" }).element),
      timer: { kind: "every", name, number: due, attempt: 0, late },
    },
    due,
  );
}

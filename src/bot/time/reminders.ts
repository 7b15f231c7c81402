import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import { keyOf } from "../session/key.ts";
import { dropLater, runLater } from "./later.ts";
import { PendingTimers } from "./pending.ts";
import { checkData } from "./timer-data.ts";
import { dueAt, type When } from "./when.ts";

/** A timer that a handler has set, and that is not due yet. */
export interface Reminder {
  /** Its number in its conversation. */
  readonly id: number;
  /** Of the timer; `"remind"` for what `ctx.remind` has set. */
  readonly name: string;
  /** When it is due, in milliseconds since 1970. */
  readonly due: number;
  /** What it was set with: the words of a reminder, or its message as `{ xml }`. */
  readonly data: JsonValue;
}

/** What was set with `ctx.remind` and `ctx.schedule` for whoever reads the replies: a person, a room, or an occupant in private. */
export interface Reminders {
  /** What is not due yet, the next first. */
  list(): Promise<readonly Reminder[]>;
  /**
   * Takes one back.
   *
   * @returns whether there was one of this number.
   */
  cancel(id: number): Promise<boolean>;
}

/** @internal The name of the timer that says what it was set with. */
export const REMIND = "remind";

/** @internal */
export function remindersOf(ctx: Context): Reminders {
  const reader = keyOf(ctx, "conversation");
  return {
    list: async () =>
      (await pendingOf(ctx).list(reader)).map(({ number, name, due, data }) => ({
        id: number,
        name,
        due,
        data,
      })),
    cancel: async (id) => {
      const isCancelled = await pendingOf(ctx).cancel(id, reader);
      if (isCancelled) await dropLater(ctx, id);
      return isCancelled;
    },
  };
}

/**
 * @internal Sets a timer in the conversation of a stanza, together with all else that its handler changes.
 *
 * @throws TypeError when it is no time, or the data is no JSON.
 */
export async function setTimer(ctx: Context, name: string, when: When, data: JsonValue): Promise<Reminder> {
  const due = dueAt(when, ctx.now);
  checkData(name, data);
  const reader = keyOf(ctx, "conversation");
  const id = await pendingOf(ctx).add({ name, due, data, reader });
  runLater(ctx, { kind: "timer", name, number: id }, due);
  return { id, name, due, data };
}

/** @internal */
export function pendingOf(ctx: Context): PendingTimers {
  return new PendingTimers(ctx.effects, ctx.from.bare.toString());
}

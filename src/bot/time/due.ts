import type { Jid } from "../../stanza/index.ts";
import type { Context } from "../context.ts";
import { timeOut } from "../dialog/timeout.ts";
import type { Chain } from "../middleware.ts";
import type { Effects } from "../storage.ts";
import { PAUSES, type TimerPayload, timerEntry } from "./call.ts";
import { pendingOf } from "./reminders.ts";
import { isPlanned } from "./schedule.ts";
import type { Timetable } from "./timer-set.ts";

/** @internal Runs what is due, by all that is known of the bot. */
export function runDue({ timer }: TimerPayload, { timers, schedules }: Timetable): Chain<Context> {
  return async (pass) => {
    const { ctx } = pass;
    const { kind, name, number } = timer;
    if (kind === "every") {
      // What was taken out is not planned any more; what is planned, and not known here, is known to a newer node.
      if (!schedules.has(name) && !(await isPlanned(name, ctx.effects))) return;
      return await known(schedules.get(name), "schedule", name).run(timer, ctx);
    }
    if (kind === "dialog") return await timeOut(ctx, timer);
    const pending = await pendingOf(ctx).take(number);
    if (pending === undefined) return;
    const chain = known(timers.get(name), "timer", name);
    const { due, data } = pending;
    Object.defineProperty(ctx, "timer", { value: { name, id: number, due, data } });
    await chain(pass, () => undefined);
  };
}

/**
 * @internal What follows when that has failed.
 *
 * @param final whether it is to be put aside whatever has been tried.
 * @returns whether it is tried again; if not, its schedule goes on without it.
 */
export async function dueFailed(
  payload: TimerPayload,
  { schedules }: Timetable,
  { effects, bot, now, final }: { effects: Effects; bot: Jid; now: number; final: boolean },
): Promise<boolean> {
  const { timer } = payload;
  const pause = PAUSES[timer.attempt];
  if (pause !== undefined && !final) {
    const again = { ...payload, timer: { ...timer, attempt: timer.attempt + 1 } };
    effects.add({ enqueue: timerEntry(again, now + pause) });
    return true;
  }
  if (timer.kind === "every") await schedules.get(timer.name)?.goOn(timer, effects, bot, now);
  return false;
}

function known<Value>(value: Value | undefined, kind: string, name: string): Value {
  if (value !== undefined) return value;
  throw new Error(
    `the bot has no ${kind} called ${JSON.stringify(name)}, though one is due: where it was renamed or taken out, define it again until what waits has run`,
  );
}

import type { Context } from "../context.ts";
import { textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import type { Storage } from "../storage.ts";
import type { TimerCall } from "../time/call.ts";
import { runLater } from "../time/later.ts";
import { type Flight, flightsOf } from "./flight.ts";

/**
 * Has a dialog looked at when its question is to be answered by. Nothing is taken back when it is answered: a dialog has one
 * such look ahead of it, which finds out what it waits at by then, so that many short questions do not fill the queue.
 *
 * @param key of the dialog.
 * @param until in milliseconds since 1970.
 * @param now what time it is at the least.
 */
export async function expectTimeout(
  ctx: Context,
  key: string,
  until: number,
  now: number = ctx.now,
): Promise<void> {
  const due = Math.ceil(until);
  const area = looksOf(ctx);
  const expected = await area.get<number>(key);
  if (expected !== undefined && expected > now && expected <= due) return;
  area.set(key, due, { ttl: due - ctx.now });
  runLater(ctx, { kind: "dialog", name: key, number: due }, due);
}

/** @internal Looks at a dialog: where its question was not answered in time, it ends and its person is told. */
export async function timeOut(ctx: Context, { name: key, number: due }: TimerCall): Promise<void> {
  const area = flightsOf(ctx);
  const flight = (await area.get(key)) as Flight | undefined;
  if (flight === undefined) return;
  // The clock of the store has said that it is due, and that of this node may be behind.
  const now = Math.max(ctx.now, due);
  const { until } = flight.waiting;
  if (now < until) return await expectTimeout(ctx, key, until, now);
  area.delete(key);
  await ctx.reply(textsOf(ctx.bot).say("dialogExpired", await languageOf(ctx)));
}

function looksOf(ctx: Context): Storage {
  return ctx.effects.area("dialog timeouts", { guarded: true });
}

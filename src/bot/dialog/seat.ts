import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import type { MenuCall, StageQuestion } from "../menus/call.ts";
import { textOf } from "./answered.ts";
import { answererOf } from "./answerer.ts";
import { type Flight, flightsOf, lastQuestion } from "./flight.ts";
import type { RunInput } from "./run.ts";
import { expectTimeout } from "./timeout.ts";

/** How long a dialog is remembered that nobody has answered, so that its person can be told, in milliseconds. */
export const REMEMBERED = 7 * 24 * 60 * 60 * 1_000;

/** Where a dialog is held: in a chat, or in the forms of a menu. */
export interface Seat {
  /** Shows its questions; default: they are said. */
  readonly show: RunInput<Context>["show"];
  /** Keeps it until it is answered. */
  keep(flight: Flight): Promise<void>;
  /** Forgets it, as it is over. */
  leave(): void;
  /** Tells that it is over before its end. */
  fail?(): void;
}

/** In the chat with the sender. */
export function chatSeat(ctx: Context): Seat {
  const key = answererOf(ctx);
  const area = flightsOf(ctx);
  return {
    show: undefined,
    async keep(flight) {
      const { until } = flight.waiting;
      area.set(key, flight as unknown as JsonValue, { ttl: until - ctx.now + REMEMBERED });
      await expectTimeout(ctx, key, until);
    },
    leave: () => area.delete(key),
  };
}

/**
 * In the forms of a menu, which keeps it; one that takes longer than the menu waits goes on in the chat.
 *
 * @param given what the person has answered, for the case that the same question is put again.
 * @param back whether they want to answer it anew.
 */
export function menuSeat(ctx: Context, menu: MenuCall, given: string | undefined, back: boolean): Seat {
  let shown: StageQuestion | undefined;
  return {
    show(question) {
      if (!menu.isOpen) return false;
      shown = { ...question, given: back || question.problem !== undefined ? given : undefined };
      return true;
    },
    async keep(flight) {
      if (menu.isOpen) menu.stage = { flight, question: shown };
      else await chatSeat(ctx).keep(flight);
    },
    leave: () => undefined,
    fail: () => {
      menu.failed = true;
    },
  };
}

/** What the last question was answered by, as a form has it. */
export function givenBefore({ log }: Flight): string | undefined {
  const { value } = log[lastQuestion(log) ?? -1] ?? {};
  if (typeof value === "boolean") return value ? "1" : "0";
  return textOf(value);
}

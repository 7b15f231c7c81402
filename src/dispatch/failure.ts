import type { Context } from "../bot/index.ts";
import type { Delivery } from "./delivery.ts";
import type { Exchange } from "./exchange.ts";
import { explanation } from "./explanation.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { type Outcome, silent } from "./outcome.ts";
import { putAside, putOff } from "./put-aside.ts";
import type { Tenure } from "./tenure.ts";
import { translated, verdict } from "./verdict.ts";
import type { Visit } from "./visit.ts";

/** Whose handlers have failed, and what can still be done about it. */
export interface Failing {
  readonly error: unknown;
  readonly delivery: Delivery;
  readonly environment: HandlingEnvironment;
  readonly exchange: Exchange;
  readonly visit: Visit;
  readonly tenure: Tenure | undefined;
  /** What the handlers were given. */
  readonly ctx: Context | undefined;
}

/**
 * What the sender is to be told of a failure. What the handlers said before has gone when this resolves, and they say nothing more.
 * Nobody has asked for what a timer does, so nobody is told that it failed.
 */
export async function judge(failing: Failing): Promise<Outcome> {
  const { error, delivery, environment, exchange, visit, ctx } = failing;
  const { outcome, result } =
    delivery.due === undefined
      ? verdict(error, delivery, environment.crashes)
      : { outcome: silent, result: undefined };
  visit.result = result;
  exchange.close(
    error instanceof Error ? error : new Error("the handler threw what is no Error", { cause: error }),
  );
  while (exchange.busy) await exchange.flushed();
  return await translated(outcome, ctx);
}

/** How a failure comes to its end. */
export interface Conclusion {
  readonly outcome: Outcome;
  /** The id of its entry in the inbox, or the one that it would have. */
  readonly entryId: string;
  /** Whether the inbox holds it. */
  readonly isHeld: boolean;
  /** Whether the callback has been answered, or its answer gets to nobody, so that the sender is told by POST. */
  readonly byPost: boolean;
}

/** Tells whom the callback does not tell, and notes in the inbox that it failed. It never rejects. */
export async function conclude(
  { error, delivery, environment, exchange, tenure }: Failing,
  { outcome, entryId, isHeld, byPost }: Conclusion,
): Promise<void> {
  const { stanza, due } = delivery;
  const failed = { id: entryId, error, delivery, tenure };
  if (due !== undefined) return await putOff(due, failed, environment);
  if (byPost) await exchange.conclude(explanation(stanza, outcome));
  if (isHeld) await putAside(failed, environment);
}

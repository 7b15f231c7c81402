import { type Context, languageOf } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import { StoreError } from "../store/index.ts";
import type { CrashStreaks } from "./crash-streaks.ts";
import { type Delivery, logged } from "./delivery.ts";
import { HandlerTimeoutError } from "./handler-timeout.ts";
import type { Outcome } from "./outcome.ts";

/** What a handler's failure means. */
export interface Verdict {
  /** For whoever has sent the stanza. */
  readonly outcome: Outcome;
  /** For the bot; `undefined` where it is no fault of its own. */
  readonly result: "worked" | "failed" | undefined;
}

/** Tells what a handler meant for the sender from what it did not mean at all, which is logged. */
export function verdict(error: unknown, delivery: Delivery, crashes: CrashStreaks): Verdict {
  if (error instanceof StanzaError && !error.received)
    return { outcome: { kind: "error", error }, result: "worked" };
  const result = error instanceof StoreError ? undefined : "failed";
  const { bot, stanza, conversation } = delivery;
  const context = logged(delivery, error);
  const texts = bot.texts && { texts: bot.texts };
  // Only a message is answered with an apology, so only there it matters whether there was one already.
  const again = stanza.kind === "message" && crashes.crashed(conversation);
  if (error instanceof HandlerTimeoutError) {
    bot.log.error(context, `${bot.name} took too long over a stanza; its signal was fired`);
    return { outcome: { kind: "timeout", again, ...texts }, result };
  }
  bot.log.error(context, `${bot.name} failed over a stanza`);
  return { outcome: { kind: "crash", again, ...texts }, result };
}

/** What the sender is told of a failure is told in the language that they have chosen; where the store fails too, in their client's. */
export async function translated(outcome: Outcome, ctx: Context | undefined): Promise<Outcome> {
  if (outcome.kind !== "crash" && outcome.kind !== "timeout") return outcome;
  if (ctx?.stanza.kind !== "message") return outcome;
  try {
    const lang = await languageOf(ctx);
    return lang === undefined ? outcome : { ...outcome, lang };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return outcome;
  }
}

import type { Context } from "../context.ts";
import { occupantIdOf } from "../occupant-id.ts";
import type { Storage } from "../storage.ts";

/** What was read of somebody's choice, for whoever cannot wait. */
const read = new WeakMap<Context, string | undefined>();

/**
 * @internal The language in which the sender wants to be spoken to: what they have chosen, else the `xml:lang` of the stanza (RFC 6120 §8.1.5).
 * The choice comes first, as clients and servers put an `xml:lang` on every stanza whatever the person reads.
 */
export async function languageOf(ctx: Context): Promise<string | undefined> {
  if (!read.has(ctx)) read.set(ctx, await area(ctx).get<string>(keyOf(ctx)));
  return currentLanguage(ctx);
}

/** @internal The same, as far as it is known at once. */
export function currentLanguage(ctx: Context): string | undefined {
  return read.get(ctx) ?? ctx.stanza.lang;
}

/** Keeps the choice of the sender; `undefined` takes it back. */
export function chooseLanguage(ctx: Context, language: string | undefined): void {
  if (language === undefined) area(ctx).delete(keyOf(ctx));
  else area(ctx).set(keyOf(ctx), language);
  read.set(ctx, language);
}

function area(ctx: Context): Storage {
  return ctx.effects.area("languages");
}

function keyOf(ctx: Context): string {
  if (!ctx.inRoom) return ctx.from.bare.toString();
  const occupant = occupantIdOf(ctx);
  return occupant === undefined ? ctx.from.toString() : `${ctx.from.bare} occupant ${occupant}`;
}

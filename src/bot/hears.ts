import type { Context } from "./context.ts";
import { type Condition, filterSpec } from "./filters/index.ts";
import type { Chain, Pass } from "./middleware.ts";
import { wordsKey } from "./route-index.ts";

/** What {@link Composer.hears} adds to the context. */
export interface Heard {
  /** The body of the message. */
  readonly body: string;
  /** What the pattern found; for words, the whole body alone. */
  readonly match: RegExpMatchArray;
}

/** @internal Runs a chain for messages whose body matches. */
export function heard<C extends Context>(pattern: RegExp | string, chain: Chain<C & Heard>): Chain<C> {
  const find = matcher(pattern);
  return (pass, next) => {
    const match = body.test(pass.ctx) !== false ? find(pass.ctx.body ?? "") : null;
    if (match === null) return next();
    const { ctx } = pass;
    Object.assign(ctx, { match });
    return chain(pass as unknown as Pass<C & Heard>, () => {
      const rest = next();
      // Others further on may have matched something else.
      if (rest !== undefined) return rest.finally(() => Object.assign(ctx, { match }));
      Object.assign(ctx, { match });
      return undefined;
    });
  };
}

/** @internal When a pattern can match. */
export function heardWhen(pattern: RegExp | string): { readonly when: Condition; readonly keys?: string[] } {
  if (pattern instanceof RegExp)
    return { when: { classes: body.classes, parts: [...body.parts, `pattern ${pattern}`] } };
  const words = wordsKey(pattern);
  return { when: { classes: body.classes, parts: [...body.parts, words] }, keys: [words] };
}

const body = filterSpec("message:body");

function matcher(pattern: RegExp | string): (body: string) => RegExpMatchArray | null {
  if (pattern instanceof RegExp) {
    // A global or sticky pattern would remember where it left off in another message.
    const fresh = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    return (body) => fresh.exec(body);
  }
  // Its key lets nothing but these words come here.
  return (body) => [body];
}

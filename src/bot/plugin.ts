import { Context } from "./context.ts";
import type { Chain, Handler, MaybePromise, Pass } from "./middleware.ts";

/**
 * Adds properties to the context, and so to its type, for the handlers of the composer that `extend` returns.
 *
 * @example
 * ```ts
 * import { defineBot, type Plugin } from "restanza";
 *
 * const shouting: Plugin<{ readonly loud: boolean }> = {
 *   add: (ctx) => ({
 *     get loud() {
 *       return ctx.body !== undefined && ctx.body === ctx.body.toUpperCase();
 *     },
 *   }),
 * };
 *
 * defineBot({
 *   name: "calm",
 *   summary: "asks for quiet",
 *   routes(bot) {
 *     bot.extend(shouting).on("message:body", (ctx, next) => (ctx.loud ? "Hush!" : next()));
 *   },
 * });
 * ```
 */
export interface Plugin<Added extends object, Needs extends Context = Context> {
  /**
   * Makes what is added, for each stanza that comes by. A getter stays one, so what costs something is paid for by who
   * looks at it.
   */
  readonly add: (ctx: Needs) => MaybePromise<Added>;
  /** Runs around the handlers that have what is added; default: `next()` and nothing else. */
  readonly around?: Handler<Needs & Added>;
}

/** @internal Runs a chain with what a plugin adds. What comes after the chain does not lose what it had under the same name. */
export function extended<C extends Context, Added extends object>(
  plugin: Plugin<Added, C>,
  chain: Chain<C & Added>,
): Chain<C> {
  const run = (pass: Pass<C>, added: Added, next: () => MaybePromise<void>): MaybePromise<void> => {
    const names = Object.getOwnPropertyDescriptors(added);
    assign(pass.ctx, names);
    return chain(pass as unknown as Pass<C & Added>, () => {
      const rest = next();
      // Further on another plugin may have added something else by the same name.
      if (rest !== undefined) return rest.finally(() => assign(pass.ctx, names));
      assign(pass.ctx, names);
      return undefined;
    });
  };
  return (pass, next) => {
    const added = plugin.add(pass.ctx);
    return added instanceof Promise ? added.then((is) => run(pass, is, next)) : run(pass, added, next);
  };
}

function assign(ctx: Context, names: PropertyDescriptorMap): void {
  for (const name of Object.keys(names)) {
    if (name in Context.prototype || CONTEXT_FIELDS.has(name)) {
      throw new TypeError(
        `a plugin cannot add ctx.${name}: every context has that already; choose another name for what it adds`,
      );
    }
    Object.defineProperty(ctx, name, { ...names[name], configurable: true });
  }
}

const CONTEXT_FIELDS: ReadonlySet<string> = new Set(["stanza", "from", "to", "bot"]);

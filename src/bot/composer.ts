import type { Context } from "./context.ts";
import { type Filter, type Filtered, predicate } from "./filter.ts";
import {
  type Chain,
  compose,
  type Handler,
  link,
  type Middleware,
  type MiddlewareObject,
} from "./middleware.ts";
import { extended, type Plugin } from "./plugin.ts";
import type { Reply } from "./reply.ts";

/** What {@link Composer.hears} adds to the context. */
export interface Heard {
  /** The body of the message. */
  readonly body: string;
  /** What the pattern found; for words, the whole body alone. */
  readonly match: RegExpMatchArray;
}

/**
 * Holds handlers and tries them in the order in which they were added, until one handles the stanza. A composer is
 * itself middleware, so routers nest.
 *
 * @example
 * ```ts
 * import { Composer } from "restanza";
 *
 * const greetings = new Composer();
 * greetings.hears(/^good (morning|night)$/i, (ctx) => `Good ${ctx.match[1]} to you`);
 * greetings.on("message:groupchat", (ctx, next) => next());
 * ```
 */
export class Composer<C extends Context = Context> implements MiddlewareObject<C> {
  readonly #links: Chain<C>[] = [];

  /** Adds middleware that sees every stanza. */
  use(...middleware: Middleware<C>[]): this {
    for (const each of middleware) this.#links.push(chainOf(each));
    return this;
  }

  /**
   * Adds handlers for what passes a filter, or any of several, and returns a composer for more of them.
   *
   * @throws TypeError when there is no such filter.
   */
  on<F extends Filter>(
    filter: F | readonly F[],
    ...handlers: Middleware<Filtered<C, F>>[]
  ): Composer<Filtered<C, F>> {
    const predicates = (typeof filter === "string" ? [filter] : filter).map(predicate);
    const [only] = predicates;
    const passes =
      predicates.length === 1 && only ? only : (ctx: Context) => predicates.some((test) => test(ctx));
    return this.filter((ctx): ctx is Filtered<C, F> => passes(ctx), ...handlers);
  }

  /**
   * Adds handlers for messages whose body matches: a pattern anywhere in it, or words that it must equal, whatever
   * their case and the white space around.
   */
  hears(pattern: RegExp | string, ...handlers: Middleware<Filtered<C, "message:body"> & Heard>[]): this {
    const inner = new Composer<Filtered<C, "message:body"> & Heard>().use(...handlers);
    const chain = chainOf(inner);
    const hasBody = predicate("message:body");
    const find = matcher(pattern);
    this.#links.push((pass, next) => {
      const match = hasBody(pass.ctx) ? find(pass.ctx.body as string) : null;
      if (match === null) return next();
      const ctx = Object.assign(pass.ctx, { match }) as unknown as Filtered<C, "message:body"> & Heard;
      const heard = { ctx, answer: (reply: Reply) => pass.answer(reply) };
      return chain(heard, () => {
        const rest = next();
        // Others further on may have matched something else.
        if (rest !== undefined) return rest.finally(() => Object.assign(ctx, { match }));
        Object.assign(ctx, { match });
        return undefined;
      });
    });
    return this;
  }

  /** Returns a composer whose handlers have what a plugin adds to the context. */
  extend<Added extends object>(plugin: Plugin<Added, C>): Composer<C & Added> {
    const inner = new Composer<C & Added>();
    const { around } = plugin;
    const outer = around === undefined ? inner : new Composer<C & Added>().use(around.bind(plugin), inner);
    this.#links.push(extended(plugin, outer.chain()));
    return inner;
  }

  /** Adds handlers for what passes a test, and returns a composer for more of them. */
  filter<D extends C>(test: (ctx: C) => ctx is D, ...handlers: Middleware<D>[]): Composer<D>;
  filter(test: (ctx: C) => boolean, ...handlers: Middleware<C>[]): Composer<C>;
  filter<D extends C>(test: (ctx: C) => boolean, ...handlers: Middleware<D>[]): Composer<D> {
    const inner = new Composer<D>().use(...handlers);
    this.#links.push((pass, next) => (test(pass.ctx) ? inner.chain()(pass as never, next) : next()));
    return inner;
  }

  middleware(): Handler<C> {
    const chain = this.chain();
    return async (ctx, next) => {
      await chain({ ctx, answer: (reply) => ctx.reply(reply) }, next);
    };
  }

  /** @internal All handlers as one; handlers that are added later are part of it. */
  chain(): Chain<C> {
    return this.#chain;
  }

  #composed: { readonly links: number; readonly run: Chain<C> } | undefined;

  readonly #chain: Chain<C> = (pass, next) => {
    if (this.#composed?.links !== this.#links.length) {
      this.#composed = { links: this.#links.length, run: compose([...this.#links]) };
    }
    return this.#composed.run(pass, next);
  };
}

function chainOf<C extends Context>(middleware: Middleware<C>): Chain<C> {
  if (middleware instanceof Composer) return middleware.chain();
  return link(typeof middleware === "function" ? middleware : middleware.middleware());
}

function matcher(pattern: RegExp | string): (body: string) => RegExpMatchArray | null {
  if (pattern instanceof RegExp) {
    // A global or sticky pattern would remember where it left off in another message.
    const fresh = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    return (body) => fresh.exec(body);
  }
  const wanted = pattern.trim().toLowerCase();
  return (body) => (body.trim().toLowerCase() === wanted ? ([body] as RegExpMatchArray) : null);
}

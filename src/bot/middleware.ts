import type { Reply } from "./reply.ts";
import { Rest } from "./rest.ts";

/** Hands the stanza on to what comes after; resolves once all that has run. */
export type Next = () => Promise<void>;

/** A value, or a promise of one. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Handles a stanza. Returning a value replies with it; returning nothing says that the stanza was handled in silence;
 * calling `next()` leaves it to what comes after; throwing a `StanzaError` tells the sender so.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
export type Handler<C> = (ctx: C, next: Next) => MaybePromise<Reply | void>;

/** Whatever composes: a handler, or something that holds handlers, such as a {@link Composer}. */
export type Middleware<C> = Handler<C> | MiddlewareObject<C>;

/** Something that is used like a handler. */
export interface MiddlewareObject<C> {
  middleware(): Handler<C>;
}

/** @internal What one pass through a chain needs besides the context. */
export interface Pass<C> {
  readonly ctx: C;
  /** Takes what a handler returned. */
  answer(reply: Reply): MaybePromise<void>;
}

/** A chain of handlers, composed; `next` is what runs when the last of them hands the stanza on. */
export type Chain<C> = (pass: Pass<C>, next: () => MaybePromise<void>) => MaybePromise<void>;

/**
 * @internal Composes handlers into one chain. Nothing awaits what is not a promise, so a stanza that is handled at once costs
 * no turn of the event loop.
 */
export function compose<C>(links: readonly Chain<C>[]): Chain<C> {
  const last = links.at(-1);
  if (last === undefined) return (_, next) => next();
  return links.slice(0, -1).reduceRight(
    (rest, each): Chain<C> =>
      (pass, next) =>
        each(pass, () => rest(pass, next)),
    last,
  );
}

/** @internal One handler as a link of a chain. */
export function link<C>(handler: Handler<C>): Chain<C> {
  return (pass, next) => {
    let rest: Rest | undefined;
    const result = handler(pass.ctx, () => {
      if (rest)
        throw new Error("next() was called twice in one handler; a stanza can be handed on only once");
      rest = new Rest((resolve) => resolve(next()));
      return rest;
    });
    if (result instanceof Promise) return result.then((reply) => settle(pass, rest, reply));
    return settle(pass, rest, result);
  };
}

/** Answers with what a handler returned, once what it handed on and did not wait for is through. */
// biome-ignore lint/suspicious/noConfusingVoidType: see Handler
function settle<C>(pass: Pass<C>, rest: Rest | undefined, reply: Reply | void): MaybePromise<void> {
  if (rest !== undefined && !rest.awaited) return rest.then(() => settle(pass, undefined, reply));
  if (reply !== undefined) return pass.answer(reply);
}

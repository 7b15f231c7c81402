import { StanzaError } from "../stanza/index.ts";
import type { Chain, MaybePromise } from "./middleware.ts";
import type { Reply } from "./reply.ts";

/**
 * Handles what the handlers inside a boundary have thrown. Returning a value replies with it; returning nothing says that
 * the stanza was handled in silence; throwing hands an error on.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
export type ErrorHandler<C> = (error: unknown, ctx: C) => MaybePromise<Reply | void>;

/** What a boundary catches. */
export interface BoundaryOptions<C> {
  readonly handle: ErrorHandler<C>;
  /** Whether it gets a `StanzaError` that a handler throws to tell the sender something; default `false`. */
  readonly stanzaErrors?: boolean;
}

/** @internal Runs a chain, and has its errors handled; those of what comes after the chain are none of its own. */
export function bounded<C>({ handle, stanzaErrors = false }: BoundaryOptions<C>, chain: Chain<C>): Chain<C> {
  return (pass, next) => {
    const foreign = new Set<unknown>();
    const abroad = (error: unknown): never => {
      foreign.add(error);
      throw error;
    };
    const outside = (): MaybePromise<void> => attempt(next, abroad);
    return attempt(
      () => chain(pass, outside),
      (error) => {
        const forSender = error instanceof StanzaError && !error.received;
        if (foreign.has(error) || (forSender && !stanzaErrors)) throw error;
        const answered = handle(error, pass.ctx);
        if (answered instanceof Promise) return answered.then((reply) => answer(reply));
        return answer(answered);
      },
    );
    // biome-ignore lint/suspicious/noConfusingVoidType: see ErrorHandler
    function answer(reply: Reply | void): MaybePromise<void> {
      return reply === undefined ? undefined : pass.answer(reply);
    }
  };
}

function attempt(
  run: () => MaybePromise<void>,
  failed: (error: unknown) => MaybePromise<void>,
): MaybePromise<void> {
  try {
    const running = run();
    return running instanceof Promise ? running.catch(failed) : running;
  } catch (error) {
    return failed(error);
  }
}

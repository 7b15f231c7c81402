import type { Hono } from "hono";
import type { Jid, Message, Presence } from "../stanza/index.ts";
import type { Sent } from "./answering.ts";

/** What handlers of web hooks find in `c.var`. */
export interface WebVariables {
  /**
   * The id of the delivery, which it has again when its sender tries again; `undefined` where the sender gives none. The
   * `verify` helpers set it.
   */
  delivery: string | undefined;
  /**
   * Sends something from the bot's own address; resolves as soon as it is safe in the store. A delivery that comes again within 24
   * hours sends nothing a second time: what its handler sends is told apart by its number and its addressee.
   *
   * @throws JidError when `to` is no JID; StoreError when it could not be kept, for which the sender is to try again.
   */
  readonly send: (to: Jid | string, content: string | Message | Presence) => Promise<Sent>;
}

/** @internal Why a request must not go on: too many came, or are under way. */
export interface WebDenial {
  readonly status: 429 | 503;
  /** In how many seconds it may. */
  readonly retryAfter: number;
}

/** The types of a bot's {@link WebApp}. */
export interface WebEnv {
  Bindings: {
    /** @internal Says in the log why a request is not let in, and answers it. */
    readonly refuse: (why: string) => Response;
    /** @internal Says whether a request has a secret of the bot, before its handler runs. Gives why that must not run. */
    readonly admit: (verified: boolean) => WebDenial | undefined | Promise<WebDenial | undefined>;
  };
  Variables: WebVariables;
}

/** What a bot adds its web hooks to: a Hono app whose `/` is the bot's own path. */
export type WebApp = Hono<WebEnv>;

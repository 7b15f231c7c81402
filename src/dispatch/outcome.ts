import type { Catalogues, FrameworkText } from "../bot/index.ts";
import { type Stanza, StanzaError } from "../stanza/index.ts";

/**
 * What became of a stanza, before anybody thinks of HTTP. How each is answered is the business of the callback room, in
 * one table.
 */
export type Outcome =
  /** The last reply, to ride in the answer to the callback. */
  | { readonly kind: "reply"; readonly stanza: Stanza }
  /** Handled, with nothing to say, or nothing more. */
  | { readonly kind: "silent" }
  /** The handler is still at work; what it says goes out by POST. */
  | { readonly kind: "accepted" }
  /** No handler wanted it. */
  | { readonly kind: "unhandled" }
  /** To be told to the sender: thrown by a handler, or found by the dispatcher. */
  | { readonly kind: "error"; readonly error: StanzaError }
  /** A handler threw something that it did not mean for the sender. `again`: so failed the one before in this conversation. */
  | ({ readonly kind: "crash"; readonly again: boolean } & Words)
  /** It could be neither handled nor kept for later, and nothing has come of it: it has to come again, or its sender be told. */
  | { readonly kind: "unavailable" }
  /** A handler ran out of time. `again` as above. */
  | ({ readonly kind: "timeout"; readonly again: boolean } & Words);

/** How the sender is told. */
interface Words {
  /** The bot's own words; default: restanza's. */
  readonly texts?: Catalogues<FrameworkText>;
  /** The language that the sender has chosen; default: that of the stanza. */
  readonly lang?: string;
}

/** {@link Outcome}s of which there is one only. */
export const silent: Outcome = { kind: "silent" };
export const accepted: Outcome = { kind: "accepted" };
export const unhandled: Outcome = { kind: "unhandled" };
export const unavailable: Outcome = { kind: "unavailable" };
export const overloaded: Outcome = {
  kind: "error",
  error: new StanzaError("resource-constraint", {
    text: "Too much is waiting here. Please try again in a minute.",
  }),
};

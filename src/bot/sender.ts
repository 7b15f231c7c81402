import type { Iq, Message, Presence } from "../stanza/index.ts";
import type { Write } from "../store/index.ts";

/** What can be said of one sending. */
export interface SendOptions {
  /** Stops waiting, and the sending where it has not begun. */
  readonly signal?: AbortSignal | undefined;
  /** A name for this very sending: what is given again under it is not sent again, as when a handler is run once more. */
  readonly once?: string | undefined;
  /** Conditions and changes that are committed with it, all or none; only for what goes through a store. */
  readonly along?: readonly Write[] | undefined;
}

/** How a bot's stanzas leave: the mod_rest client in earnest, the test kit in a test. */
export interface Sender {
  /** Resolves when the server has taken the stanza, or it is safe until it does; which is not to say that it arrived. */
  send(
    stanza: Message | Presence,
    options?: SendOptions,
  ): Promise<{
    readonly id: string;
    /** Set where it was given before, under the same name; nothing was done. */
    readonly repeated?: true;
  }>;
  /**
   * Queues several, all or none; resolves with their ids when they are safe in the store. Left out where there is none.
   *
   * @param options.once a name for them all.
   */
  enqueue?(
    stanzas: readonly (Message | Presence)[],
    options?: Pick<SendOptions, "once" | "along">,
  ): Promise<readonly string[]>;
  /** Resolves with the result; rejects with a `StanzaError` where the answer is one. */
  iq(stanza: Iq, options?: SendOptions): Promise<Iq>;
}

import type { IqAnswer, IqOptions } from "../outbound/index.ts";
import type { Iq, Jid, Message, Presence } from "../stanza/index.ts";
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

/** What can be said of one broadcast. */
export interface BroadcastSendOptions {
  /** Ends it; what is queued by then goes out. */
  readonly signal?: AbortSignal | undefined;
  /** A name for all of it: who was given it under this name is left out. */
  readonly once?: string | undefined;
  /** Not to be sent after this time, in milliseconds since 1970. */
  readonly expires?: number | undefined;
  /** How many may wait before the next recipients are asked for. */
  readonly most?: number | undefined;
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
  /**
   * Queues a stanza for each of many recipients, after what else there is to send, and only so many at a time. Left out where there is no
   * store.
   */
  broadcast?(
    recipients: AsyncIterable<Jid>,
    make: (to: Jid) => Message | Presence,
    options: BroadcastSendOptions,
  ): Promise<unknown>;
  /** Resolves with the result; rejects with a `StanzaError` where the answer is one. */
  iq(stanza: Iq, options?: IqOptions): Promise<Iq>;
  /** As `iq`, for what is answered with messages as well, as an archive is. Left out where nothing is. */
  exchange?(stanza: Iq, options?: IqOptions): Promise<IqAnswer>;
}

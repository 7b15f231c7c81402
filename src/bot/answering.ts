import type { Message, Presence } from "../stanza/index.ts";
import type { Reply } from "./reply.ts";
import type { SendOptions } from "./sender.ts";

/** What is known of something sent. */
export interface Sent {
  /** The id of the stanza. */
  readonly id: string;
  /** Set where it was sent before, by an earlier run of the same handler. */
  readonly repeated?: true;
}

/** @internal A message that is sent before it is complete, and corrected until it is (XEP-0308). */
export interface Draft {
  /** The id of the first sending, which every correction names; a run of the handler after a crash has the same. */
  readonly id: string;
  /**
   * Sends the first words.
   *
   * @returns whether that is news: `false` where an earlier run has sent them.
   */
  begin(stanza: Message): Promise<boolean>;
  /** Sends what there is meanwhile. */
  correct(stanza: Message): Promise<void>;
  /** Sends what stays, unless an earlier run has. */
  end(stanza: Message): Promise<void>;
}

/** @internal How a context answers: the dispatcher decides by which way a reply leaves. */
export interface Answering {
  reply(reply: Reply): Promise<void>;
  /** Sends something of its own within the order of the replies. */
  send(stanza: Message | Presence): Promise<Sent>;
  /**
   * Sends something to somebody else, which has a number among the replies but no place in their order.
   *
   * @param send told by which name, made of its number, it is sent once, and on which condition.
   */
  elsewhere(send: (options: Pick<SendOptions, "once" | "along">) => Promise<Sent>): Promise<Sent>;
  /** Takes the next place among the replies for a message that grows. */
  draft(): Draft;
  /** Answers an IQ once all that handling it changes is kept, rather than at once. */
  answerOnceKept(reply: Reply): void;
  readonly signal: AbortSignal;
}

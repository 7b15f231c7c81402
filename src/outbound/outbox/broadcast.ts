import { Jid, JidError, type Message, type Presence, StanzaShapeError } from "../../stanza/index.ts";
import { RestRefusedError } from "../errors.ts";
import { whole } from "../options.ts";
import type { Item } from "./item.ts";
import type { OutboxSendOptions } from "./options.ts";

/** How a broadcast is sent. */
export interface BroadcastOptions extends Omit<OutboxSendOptions, "along"> {
  /** Default -10, so that answers go before. */
  readonly priority?: number | undefined;
  /** How many stanzas may wait in the queue before the next recipients are asked for. Default 1,000. */
  readonly most?: number | undefined;
  /**
   * A name for the broadcast. Who was given it under this name within the store's `queueMemory` (24 hours) is left out: so one
   * that a crash has ended goes on when it is begun again. Default: everybody gets it.
   */
  readonly once?: string | undefined;
}

/** What became of a broadcast. */
export interface Broadcast {
  /** How many stanzas are safe in the queue; some of them have left it already. */
  readonly queued: number;
  /** How many recipients were given it before, under the same `once`. */
  readonly repeated: number;
  /** How many recipients cannot be sent to; each is logged. */
  readonly refused: number;
}

/** Whom a broadcast is for. */
export type Recipients = AsyncIterable<Jid | string> | Iterable<Jid | string>;

/** @internal What a broadcast needs of the outbox. */
export interface BroadcastPort {
  /** @throws where the stanza cannot be sent. */
  admit(stanza: Message | Presence, options: OutboxSendOptions): Item;
  /** @returns for each whether it is new in the queue. */
  queue(items: readonly Item[]): Promise<readonly boolean[]>;
  /** Resolves when fewer than so many wait; `false` when the outbox is stopped before. */
  below(limit: number, signal: AbortSignal | undefined): Promise<boolean>;
  refused(recipient: Jid | string, error: Error): void;
}

/** Recipients in one commit. */
const CHUNK = 100;

/** @internal */
export async function broadcast(
  recipients: Recipients,
  make: (to: Jid) => Message | Presence,
  { priority = -10, expires, once, signal, most = 1_000 }: BroadcastOptions,
  port: BroadcastPort,
): Promise<Broadcast> {
  whole("most", most, 1, Number.MAX_SAFE_INTEGER);
  let queued = 0;
  let repeated = 0;
  let refused = 0;
  let chunk: Item[] = [];
  const flush = async (): Promise<void> => {
    if (!(await port.below(most, signal))) {
      throw new RestRefusedError(
        `the outbox was stopped in the middle of a broadcast: ${queued} stanzas are in the queue and go out, the others are not; begin it again with the same once to go on`,
        "closed",
      );
    }
    for (const isNew of await port.queue(chunk)) {
      if (isNew) queued += 1;
      else repeated += 1;
    }
    chunk = [];
  };
  for await (const recipient of recipients) {
    signal?.throwIfAborted();
    try {
      const jid = Jid.parse(recipient);
      const name = once === undefined ? undefined : `${once} ${jid}`;
      chunk.push(port.admit(make(jid), { priority, expires, once: name }));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused += 1;
      port.refused(recipient, error);
    }
    if (chunk.length === CHUNK) await flush();
  }
  if (chunk.length > 0) await flush();
  return { queued, repeated, refused };
}

/** One recipient who cannot be reached must not keep it from the others. */
function isRefusal(error: unknown): error is Error {
  return error instanceof JidError || error instanceof StanzaShapeError || error instanceof RestRefusedError;
}

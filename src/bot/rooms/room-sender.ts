import type { Iq, Message, Presence } from "../../stanza/index.ts";

/** Sends what joins and leaves, and asks rooms. */
export interface RoomSender {
  send(stanza: Message | Presence): Promise<unknown>;
  /** @param options.timeout in milliseconds. */
  iq(
    stanza: Iq,
    options?: { readonly timeout?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<Iq>;
}

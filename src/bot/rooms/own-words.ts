import type { Jid, Message } from "../../stanza/index.ts";
import { readCorrection, readStanzaId } from "../../xep/index.ts";

/** How many messages one bot remembers. */
const MOST = 1_000;
/** How long the ids may be that are remembered: rooms make them up. */
const LONGEST_ID = 256;

/**
 * @internal Under which ids rooms keep what the bot has said there (XEP-0359): reactions and replies name these (XEP-0444 §4.1), and the bot knows
 * its own. In memory alone, since most bots never ask.
 */
export class OwnWords {
  readonly #ids = new Map<string, string>();

  /** Learns from a message of the bot that a room has reflected. */
  observe(message: Message): void {
    const room = message.from?.bare;
    const given = room && readStanzaId(message, room);
    const own = readCorrection(message) ?? message.id;
    if (given === undefined || own === undefined || given.length + own.length > 2 * LONGEST_ID) return;
    this.#ids.set(`${room} ${given}`, own);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > MOST && oldest !== undefined) this.#ids.delete(oldest);
  }

  /** The bot's id of what a room keeps under another one. */
  find(room: Jid, id: string): string | undefined {
    return this.#ids.get(`${room.bare} ${id}`);
  }

  /** Under which id a room keeps what the bot has said under its own; of what was corrected, the first. */
  given(room: Jid, own: string): string | undefined {
    const prefix = `${room.bare} `;
    for (const [key, id] of this.#ids)
      if (id === own && key.startsWith(prefix)) return key.slice(prefix.length);
    return undefined;
  }
}

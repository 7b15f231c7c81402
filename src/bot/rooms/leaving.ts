import { Jid, presence, StanzaError } from "../../stanza/index.ts";
import type { RoomBook } from "./book.ts";
import { occupantAt } from "./nicknames.ts";
import type { Occupants } from "./occupants.ts";
import type { RoomSender } from "./room-sender.ts";

/** What {@link Leaving} takes. */
export interface LeavingOptions {
  readonly bot: Jid;
  readonly sender: Pick<RoomSender, "send">;
  readonly book: RoomBook;
  readonly occupants: Occupants | undefined;
}

/** Leaves rooms (XEP-0045 §7.14). */
export class Leaving {
  readonly #options: LeavingOptions;

  constructor(options: LeavingOptions) {
    this.#options = options;
  }

  /** Leaves a room for good. @throws RestError when that could not be sent, so that the bot is still in it; StoreError */
  async leave(room: Jid, status: string | undefined): Promise<void> {
    const { book, occupants } = this.#options;
    const key = room.bare.toString();
    const stay = book.get(key);
    if (stay === undefined) return;
    const nick = book.nick(key);
    book.set(key, undefined);
    try {
      if (nick !== undefined) await this.#depart(occupantAt(room, nick), status);
      occupants?.forget(room);
    } catch (error) {
      if (!book.has(key)) book.set(key, stay);
      throw error;
    } finally {
      await book.save();
    }
  }

  /** Leaves every room, to be back at the next start. @throws RestError when that could not be sent; StoreError */
  async departAll(): Promise<void> {
    const { book } = this.#options;
    try {
      for (const [room, stay] of book.stays.all) {
        const own = book.nick(room);
        if (own === undefined) continue;
        // That it is out then is no news, and no reason to wait before it is back.
        book.set(room, { ...stay, wish: stay.wish ?? own, nick: undefined, asked: undefined });
        book.note(room, { isJoinedHere: false });
        await this.#depart(occupantAt(Jid.fromWire(room), own));
      }
    } finally {
      await book.stays.save();
    }
  }

  async #depart(occupant: Jid, status?: string): Promise<void> {
    const { bot, sender } = this.#options;
    try {
      await sender.send(presence({ from: bot, to: occupant, type: "unavailable", status }));
    } catch (error) {
      // Where it does not arrive there is no room to be in.
      if (!(error instanceof StanzaError)) throw error;
    }
  }
}

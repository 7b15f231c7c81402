import { type Element, type Iq, iq, type Jid, type Message, StanzaError } from "../../stanza/index.ts";
import { buildRoomListQuery, type RoomEntry, readRoomList } from "../../xep/index.ts";
import { type RoomAction, RoomError } from "./room-error.ts";
import type { RoomSender } from "./room-sender.ts";

/** Asks one room for something; where it refuses, the error knows what that was about. */
export class RoomAsker {
  readonly room: Jid;
  readonly bot: Jid;
  readonly #sender: RoomSender;

  /** @param room its bare JID. */
  constructor(room: Jid, bot: Jid, sender: RoomSender) {
    this.room = room;
    this.bot = bot;
    this.#sender = sender;
  }

  /** @param whom whom or what it is about. @throws RoomError and RestError */
  async ask(action: RoomAction, type: "get" | "set", payload: Element, whom?: string): Promise<Iq> {
    const request = iq({ type, to: this.room, from: this.bot }, payload);
    return await this.#guard(action, whom, () => this.#sender.iq(request));
  }

  /** Sends what has no answer. @throws RoomError and RestError */
  async say(action: RoomAction, said: Message, whom?: string): Promise<void> {
    await this.#guard(action, whom, () => this.#sender.send(said));
  }

  /** Asks who has an affiliation or a role. @throws RoomError and RestError */
  async list(of: Parameters<typeof buildRoomListQuery>[0]): Promise<RoomEntry[]> {
    return readRoomList(await this.ask("list", "get", buildRoomListQuery(of))) ?? [];
  }

  async #guard<T>(action: RoomAction, whom: string | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StanzaError) throw new RoomError(action, this.room, error, whom);
      throw error;
    }
  }
}

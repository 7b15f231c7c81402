import type { Jid } from "../../stanza/index.ts";
import type { Clock, Store } from "../../store/index.ts";
import type { RoomNews } from "./news.ts";
import { type Notice, Notices } from "./notices.ts";
import type { Occupants } from "./occupants.ts";
import type { Outcome } from "./outcomes.ts";
import { OwnWords } from "./own-words.ts";
import { nickOf, type Stay } from "./stay.ts";
import { Stays } from "./stays.ts";

/** What a {@link RoomBook} is made with. */
export interface RoomBookOptions {
  readonly bot: Jid;
  readonly store: Pick<Store, "get" | "list" | "commit"> | undefined;
  readonly clock: Clock;
  readonly occupants: Occupants | undefined;
}

/** Where a bot is with its rooms, by their bare JIDs, and what is known of each for as long as it is with them. */
export class RoomBook {
  /** Told of a room about which something is to be done, or of which the store knows something new. */
  onWork: ((room: string, isRead?: boolean) => void) | undefined;
  /** Changed here alone; others read them, and keep them. */
  readonly stays: Omit<Stays, "set">;
  /** What the bot has said in them. */
  readonly words: Omit<OwnWords, "end" | "resume">;
  readonly #stays: Stays;
  readonly #words: OwnWords;
  readonly #notices = new Notices();
  readonly #clock: Clock;
  readonly #occupants: Occupants | undefined;

  constructor({ bot, store, clock, occupants }: RoomBookOptions) {
    this.#stays = new Stays(bot, store, (room) => {
      if (!this.has(room)) this.#notices.forget(room);
      this.onWork?.(room, true);
    });
    this.stays = this.#stays;
    this.#words = new OwnWords({ bot, store, clock });
    this.words = this.#words;
    this.#clock = clock;
    this.#occupants = occupants;
  }

  /** Whether there is something to {@link save}. */
  get isChanged(): boolean {
    return this.#stays.isChanged || this.#words.isChanged;
  }

  /** Tells the store what has changed. @throws StoreError where it cannot be told; then it can be tried again. */
  async save(): Promise<void> {
    await this.#stays.save();
    await this.#words.save();
  }

  get(room: string): Stay | undefined {
    return this.#stays.get(room);
  }

  has(room: string): boolean {
    return this.#stays.get(room) !== undefined;
  }

  /** The nickname by which a room knows the bot. */
  nick(room: string): string | undefined {
    const stay = this.#stays.get(room);
    return stay && nickOf(stay);
  }

  noticed(room: string): Notice {
    return this.#notices.of(room);
  }

  /** Notices something of a room that the bot is with. */
  note(room: string, notice: Notice): void {
    if (this.has(room)) this.#notices.note(room, notice);
  }

  /** It may be that the bot is not in a room any more. */
  doubt(room: string): void {
    this.note(room, { heard: undefined });
    this.onWork?.(room);
  }

  /** @param stay `undefined` where the bot is through with the room. */
  set(room: string, stay: Stay | undefined): void {
    this.#stays.set(room, stay);
    if (stay === undefined) {
      this.#notices.forget(room);
      this.#words.end(room);
    } else this.#words.resume(room);
    if (stay === undefined || stay.again !== undefined) this.onWork?.(room);
  }

  /** Has it that way which something has come to. @returns the news in it. */
  conclude<News extends RoomNews | undefined>({ room, stay, news }: Outcome<News>): News {
    const key = room.toString();
    this.set(key, stay);
    if (stay === undefined || (stay.nick === undefined && stay.again !== undefined))
      this.#occupants?.forget(room);
    if (news?.kind === "in") this.note(key, { since: this.#clock.now() });
    // It may have been out under the old nickname for a while.
    if (news?.kind === "refused" && news.stays) this.doubt(key);
    return news;
  }
}

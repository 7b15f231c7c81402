import { iq, type Jid, StanzaError } from "../../stanza/index.ts";
import { type Attendance, buildPing, readSelfPing } from "../../xep/index.ts";
import type { RoomBook } from "./book.ts";
import type { RoomNews } from "./news.ts";
import { occupantAt } from "./nicknames.ts";
import { entered, lost, type Moment } from "./outcomes.ts";
import type { RoomSender } from "./room-sender.ts";

/** What {@link Attending} takes. */
export interface AttendingOptions {
  readonly bot: Jid;
  readonly sender: Pick<RoomSender, "iq">;
  readonly book: RoomBook;
  readonly moment: () => Moment;
  readonly tell: (news: RoomNews) => void;
}

/** How long the answer to a self-ping may take, in milliseconds. */
const PING_TIMEOUT = 10_000;
/** How long the bot has to be in a room for what was before not to count any more, in milliseconds. */
const SETTLED = 60_000;

/** Asks rooms whether the bot is in them (XEP-0410), and takes note of what they say. */
export class Attending {
  readonly #options: AttendingOptions;

  constructor(options: AttendingOptions) {
    this.#options = options;
  }

  /**
   * Asks a room. It never rejects.
   *
   * @returns `undefined` where the bot has got another nickname there meanwhile, or is out, so that the answer says nothing.
   */
  async ask(room: Jid): Promise<Attendance | undefined> {
    const { bot, book, sender } = this.#options;
    const key = room.bare.toString();
    const nick = book.nick(key);
    if (nick === undefined) return undefined;
    const request = iq({ type: "get", to: occupantAt(room, nick), from: bot }, buildPing());
    const attendance = await sender.iq(request, { timeout: PING_TIMEOUT }).then(
      () => "in" as const,
      (error: unknown) => (error instanceof StanzaError ? readSelfPing(error) : "unknown"),
    );
    return book.nick(key) === nick ? attendance : undefined;
  }

  /** The room has said that the bot is in it. */
  confirm(room: Jid): void {
    const { book, moment, tell } = this.#options;
    const key = room.bare.toString();
    const stay = book.get(key);
    const nick = stay?.nick ?? stay?.asked;
    if (stay === undefined || nick === undefined) return;
    book.note(key, { heard: moment().now });
    const news = book.conclude(entered(room.bare, stay, nick));
    if (news !== undefined) tell(news);
    this.settle(key);
  }

  /** The room has said that the bot is not in it, or not under its nickname, or nobody has said anything. */
  lose(room: Jid, departure: "renamed" | "unknown"): void {
    const { book, moment, tell } = this.#options;
    const stay = book.get(room.bare.toString());
    if (stay === undefined) return;
    tell(book.conclude(lost(room.bare, stay, departure, moment())));
  }

  /** The bot has been in a room for a while, so that a next time it is lost is a first time. */
  settle(room: string): void {
    const { book, moment } = this.#options;
    const stay = book.get(room);
    const { since = 0 } = book.noticed(room);
    if (stay?.tries !== undefined && moment().now - since >= SETTLED)
      book.set(room, { ...stay, tries: undefined });
  }

  /** Has those rooms tried at once that wait, and all asked, as when Prosody has come back. */
  hurry(): void {
    const { book, moment } = this.#options;
    const { now } = moment();
    for (const [room, stay] of book.stays.all) {
      book.note(room, { heard: undefined });
      if (stay.again !== undefined && stay.again > now)
        book.set(room, { ...stay, tries: undefined, again: now });
    }
  }
}

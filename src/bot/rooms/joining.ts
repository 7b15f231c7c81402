import { BounceError } from "../../outbound/index.ts";
import { type Jid, type Presence, presence, StanzaError } from "../../stanza/index.ts";
import { buildJoin, type JoinOptions } from "../../xep/index.ts";
import { AWAY } from "./backoff.ts";
import type { RoomBook } from "./book.ts";
import type { RoomNews, RoomRefused } from "./news.ts";
import { nicknameOf, occupantAt } from "./nicknames.ts";
import { type Moment, refused, unreachable } from "./outcomes.ts";
import type { RoomSender } from "./room-sender.ts";
import type { Stay } from "./stay.ts";

/** What can be said of one joining. */
export interface RoomJoinOptions extends JoinOptions {
  /** Whether the configuration asks for it, so that the bot stays out once it does not any more; default: as before. */
  readonly listed?: boolean | undefined;
}

/** @internal What can be said of a room that the bot is to be in. */
export interface RoomWantOptions extends RoomJoinOptions {
  /** Whether somebody has asked the bot in, so that it is given up after a while where there is no such room; default: no. */
  readonly invited?: boolean | undefined;
}

/** What {@link Joining} takes. */
export interface JoiningOptions {
  readonly bot: Jid;
  readonly sender: Pick<RoomSender, "send">;
  readonly book: RoomBook;
  readonly moment: () => Moment;
  readonly tell: (news: RoomNews) => void;
  /** Given what a room has answered with on the spot, and what it means. */
  readonly onBounce: (stanza: Presence, news: RoomRefused) => void;
}

/** Enters rooms (XEP-0045 §7.2), and asks for other nicknames in them (§7.6). */
export class Joining {
  readonly #options: JoiningOptions;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Notes that the bot is to be in a room, to be entered as soon as that may be. */
  want(room: Jid, nick: string | undefined, { listed, password, invited }: RoomWantOptions): void {
    const { bot, book, moment } = this.#options;
    const key = room.bare.toString();
    const before = book.get(key);
    book.set(key, {
      ...before,
      wish: nick ?? before?.wish ?? nicknameOf(bot),
      password: password ?? before?.password,
      listed: listed ?? before?.listed,
      invited: before === undefined ? invited : before.invited === true && invited === true,
      ...(before?.nick === undefined && { again: moment().now }),
    });
  }

  /** Joins as somebody says. @throws RoomError when the room has refused on the spot, and is not tried again; and as {@link Joining.ask}. */
  async join(room: Jid, nick: string, options: RoomJoinOptions): Promise<void> {
    const { book } = this.#options;
    const key = room.bare.toString();
    const known = book.get(key);
    const listed = options.listed ?? known?.listed;
    const password = options.password ?? known?.password;
    try {
      await this.ask(room, nick, options, { listed, password });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      const stay = { ...book.get(key), wish: nick, asked: nick, password, listed };
      const news = await this.#bounced(room.bare, stay, error, nick);
      if (news.again === undefined) throw news.error;
    }
  }

  /** Enters a room again that the bot is to be in. @throws StoreError */
  async enter(room: Jid): Promise<void> {
    const { bot, book, moment, tell } = this.#options;
    const key = room.bare.toString();
    const stay = book.get(key);
    if (stay === undefined) return;
    const nick =
      (stay.again !== undefined ? stay.asked : undefined) ?? stay.wish ?? stay.nick ?? nicknameOf(bot);
    try {
      await this.ask(room, nick, { password: stay.password }, stay, stay.wish);
    } catch (error) {
      const now = book.get(key);
      // The room has answered all the same.
      if (now === undefined || (now.nick !== undefined && now !== stay)) return;
      if (error instanceof StanzaError) await this.#bounced(room.bare, { ...now, asked: nick }, error, nick);
      else tell(book.conclude(unreachable(room.bare, now, error, moment())));
    }
  }

  /** Asks for the nickname that the bot is to have, which has become free. */
  async takeWish(room: Jid): Promise<void> {
    const { bot, sender, book, moment } = this.#options;
    const key = room.bare.toString();
    const stay = book.get(key);
    book.note(key, { wishFreeAt: undefined });
    if (stay?.wish === undefined || stay.nick === undefined || stay.nick === stay.wish) return;
    const asking = { ...stay, asked: stay.wish };
    book.set(key, asking);
    try {
      await sender.send(presence({ from: bot, to: occupantAt(room, stay.wish) }));
    } catch (error) {
      if (error instanceof StanzaError) await this.#bounced(room.bare, asking, error, stay.wish);
      else if (book.get(key)?.asked === stay.wish) {
        book.set(key, stay);
        book.note(key, { wishFreeAt: moment().now + AWAY.most });
      }
    }
  }

  /**
   * Asks a room to let the bot in.
   *
   * @param more what is known of the stay besides.
   * @throws JidError when the nickname cannot be one; StoreError when it cannot be noted, so that the room is not asked; StanzaError when
   *   it was refused on the spot; RestError when it could not be sent. Then all is as before.
   */
  async ask(room: Jid, nick: string, options: JoinOptions, more: Stay, wish = nick): Promise<void> {
    const { bot, sender, book } = this.#options;
    const occupant = room.bare.withResource(nick);
    const key = room.bare.toString();
    const before = book.get(key);
    const stay: Stay = {
      nick: before?.nick,
      asked: occupant.resource,
      wish: wish === nick ? occupant.resource : wish,
      password: options.password ?? more.password,
      listed: more.listed,
      making: more.making,
      invited: more.invited,
      noIds: before?.noIds,
      tries: more.tries,
    };
    // Before it is sent, because the room may answer before Prosody does, and to another node.
    book.set(key, stay);
    try {
      if (book.stays.isKept) await book.stays.save();
      // Meanwhile it was left, or another nickname asked for.
      if (book.get(key)?.asked !== stay.asked) return;
      const { password = stay.password, history } = options;
      await sender.send(presence({ from: bot, to: occupant }, buildJoin({ password, history })));
      book.note(key, { isJoinedHere: true });
      book.onWork?.(key);
    } catch (error) {
      if (book.get(key) === stay) {
        book.set(key, before);
        await book.stays.save().catch(() => undefined);
      }
      throw error;
    }
  }

  /** A room has refused on the spot, so that no presence comes. */
  async #bounced(room: Jid, stay: Stay, error: StanzaError, nick: string): Promise<RoomRefused> {
    const { book, moment, tell, onBounce } = this.#options;
    const news = book.conclude(refused(room, stay, error, nick, moment()));
    tell(news);
    await book.save();
    if (error instanceof BounceError && error.stanza.kind === "presence") onBounce(error.stanza, news);
    return news;
  }
}

import { iq, type Jid, type Message, type Presence } from "../../stanza/index.ts";
import {
  buildInstantRoom,
  NS_MUC_USER,
  readNewNick,
  readOccupant,
  readOccupantId,
  readStatusCodes,
  STATUS_CREATED,
  STATUS_NEW_NICK,
  STATUS_SELF,
} from "../../xep/index.ts";
import type { RoomBook } from "./book.ts";
import type { RoomNews, RoomRefused } from "./news.ts";
import { departed, entered, type Moment, refused } from "./outcomes.ts";
import type { RoomSender } from "./room-sender.ts";
import { nickOf, type Stay } from "./stay.ts";

/** What a {@link RoomObserver} takes. */
export interface RoomObserverOptions {
  readonly bot: Jid;
  readonly sender: Pick<RoomSender, "iq">;
  readonly book: RoomBook;
  readonly moment: () => Moment;
  /** Told of a presence by which a room refuses, and what it means. */
  readonly onRefused: (stanza: Presence, news: RoomRefused) => void;
}

/** How long a subject may be that is remembered. */
const LONGEST_SUBJECT = 4_096;

/** Learns from what comes out of rooms where the bot is with them. */
export class RoomObserver {
  readonly #options: RoomObserverOptions;

  constructor(options: RoomObserverOptions) {
    this.#options = options;
  }

  /** Learns from a message of a room: its subject, that the bot is there, or that it may not be. */
  message(message: Message): void {
    const { book, moment } = this.#options;
    const room = message.from?.bare.toString();
    if (room === undefined || !book.has(room)) return;
    // What bounced says that the bot is not in it, or that somebody else is not.
    if (message.type === "error") book.doubt(room);
    if (message.type !== "groupchat") return;
    book.note(room, { heard: moment().now });
    const { subject } = message;
    if (subject !== undefined && message.body === undefined)
      book.note(room, { subject: subject.slice(0, LONGEST_SUBJECT).toWellFormed() });
  }

  /**
   * Learns from a room's presence: the nickname that the room gave, that it refused one, and that the bot is out. A room
   * that the bot's join has made is opened to others with the service's defaults.
   *
   * @returns what has become of the bot there, where something has.
   */
  presence(stanza: Presence): RoomNews | undefined {
    const { book, moment } = this.#options;
    const room = stanza.from?.bare;
    const stay = room && book.get(room.toString());
    if (room === undefined || stay === undefined) return undefined;
    if (stanza.type === "error") return this.#refused(room, stay, stanza);
    const key = room.toString();
    const nick = stanza.from?.resource;
    if (stanza.child("x", NS_MUC_USER) !== undefined) book.note(key, { heard: moment().now });
    const codes = readStatusCodes(stanza);
    const isSelf = codes.includes(STATUS_SELF) && isBelieved(stay, nick);
    if (!isSelf && nick !== nickOf(stay)) {
      if (stanza.type === "unavailable" && nick === stay.wish) this.#wishFree(key);
      return undefined;
    }
    if (stanza.type === "unavailable") return this.#out(room, stay, stanza);
    if (stanza.type !== "available" || !isSelf || nick === undefined) return undefined;
    // Once for each join, however often the room says so.
    if (codes.includes(STATUS_CREATED) && stay.asked !== undefined && stay.making !== true) this.#open(room);
    // The bot has not put an id there, so it is the room's, if there is one.
    return book.conclude(entered(room, stay, nick, readOccupantId(stanza) === undefined));
  }

  #refused(room: Jid, stay: Stay, stanza: Presence): RoomNews | undefined {
    const { book, moment, onRefused } = this.#options;
    const nick = stanza.from?.resource;
    const isOwn = nick === undefined || nick === stay.nick || nick === stay.asked;
    if (!isOwn || stanza.error === undefined) return undefined;
    const news = book.conclude(refused(room, stay, stanza.error, nick, moment()));
    onRefused(stanza, news);
    return news;
  }

  /** Whoever had the nickname that the bot is to have has given it up. */
  #wishFree(room: string): void {
    const { book, moment } = this.#options;
    book.note(room, { wishFreeAt: moment().now });
    book.onWork?.(room);
  }

  #out(room: Jid, stay: Stay, stanza: Presence): RoomNews | undefined {
    const { book, moment } = this.#options;
    const key = room.toString();
    const next = readStatusCodes(stanza).includes(STATUS_NEW_NICK) ? readNewNick(stanza) : undefined;
    if (next !== undefined) {
      book.set(key, { ...stay, nick: next, asked: undefined });
      return undefined;
    }
    const occupant = readOccupant(stanza);
    if (occupant?.departure !== undefined && occupant.departure !== "left")
      return book.conclude(departed(room, stay, occupant, moment()));
    // Most likely it was an earlier process that has left, before this one has joined: the keeper asks.
    book.doubt(key);
    return undefined;
  }

  #open(room: Jid): void {
    const { bot, sender } = this.#options;
    const request = iq({ type: "set", from: bot, to: room }, buildInstantRoom());
    // Where it fails the room stays locked, and its service throws it away when the bot leaves.
    void (async () => await sender.iq(request))().catch(() => undefined);
  }
}

/**
 * Whether an occupant under this nickname may be the bot. Only the room is to say so, but some pass on what an occupant writes; and who
 * has asked for no other nickname gets none without being told under the one it has (XEP-0045 §7.6).
 */
function isBelieved({ nick: own, asked }: Stay, nick: string | undefined): boolean {
  return own === undefined || asked !== undefined || nick === own;
}
